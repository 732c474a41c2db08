import SlipwayDocuments

/// What `generated/<environment>/secrets.json` says: the engine's secrets, of what they are made,
/// and who reads them.
package struct SecretPlan: Sendable, Hashable {
  /// A secret of the engine.
  package struct Entry: Sendable, Hashable {
    /// The name without environment and version: `redis-password-redis-include`.
    package let name: String
    /// The contract's name of the value: `REDIS_PASSWORD`.
    package let key: String
    package let form: Form
    package let version: Int
    /// The whole name: what the stack's file refers to.
    package let engine: String
    /// The greatest age in days.
    package let days: Int
    /// Who reads it, stores first.
    package let services: [String]
  }

  /// How the bytes in a container follow from the value. (engine fact F8)
  package enum Form: Sendable, Hashable {
    case plain
    case redisInclude
    /// The addresses whose password it is.
    case redisExporterMap([String])
  }

  /// A certificate that the inside authority signs. (engine fact F20)
  package struct Leaf: Sendable, Hashable {
    package let service: String
    package let certificate: String
    package let key: String
    package let days: Int
  }

  package struct Authority: Sendable, Hashable {
    package let certificate: String
    package let days: Int
  }

  package let environment: String
  package let stack: String
  package let entries: [Entry]
  package let authority: Authority?
  package let leaves: [Leaf]

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> SecretPlan {
    let root = try JSONFields(bytes)
    let authority = try root.optionalObject("authority")
    return SecretPlan(
      environment: try root.text("environment"), stack: try root.text("stack"),
      entries: try root.objects("secrets").map { entry throws(ReadingFailure) in
        Entry(
          name: try entry.text("name"), key: try entry.text("key"), form: try form(entry),
          version: try entry.integer("version"), engine: try entry.text("engine"),
          days: try entry.integer("days"), services: try entry.texts("services"))
      },
      authority: try authority.map { authority throws(ReadingFailure) in
        Authority(
          certificate: try authority.text("certificate"), days: try authority.integer("days"))
      },
      leaves: try root.objects("leaves").map { leaf throws(ReadingFailure) in
        Leaf(
          service: try leaf.text("service"), certificate: try leaf.text("certificate"),
          key: try leaf.text("key"), days: try leaf.integer("days"))
      })
  }

  private static func form(_ entry: JSONFields) throws(ReadingFailure) -> Form {
    switch try entry.text("form") {
    case "plain": return .plain
    case "redis-include": return .redisInclude
    case "redis-exporter-map":
      return .redisExporterMap(try entry.text("with").split(separator: ",").map(String.init))
    case let form: throw ReadingFailure("a secret's 'form' is none: '\(form)'")
    }
  }
}

extension SecretPlan.Entry {
  /// The bytes that the engine keeps.
  package func bytes(of value: [UInt8]) -> [UInt8] {
    switch form {
    case .plain: return value
    case .redisInclude:
      return Array("requirepass ".utf8) + Self.redisWord(value) + [0x0A]
    case .redisExporterMap(let addresses):
      let text = String(decoding: value, as: UTF8.self)
      let map = JSONNode.map(addresses.map { .entry($0, .string(text)) })
      // An address and a valid text are always printed.
      return Array(((try? Document.json(map).print()) ?? "").utf8)
    }
  }

  /// As `redis.conf` reads it: plain where that is safe, else in double quotes.
  private static func redisWord(_ value: [UInt8]) -> [UInt8] {
    let isPlain = value.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"\"'\\#".utf8.contains(byte)
    }
    guard !isPlain else { return value }
    let escaped = value.flatMap { byte -> [UInt8] in
      byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        ? [UInt8(ascii: "\\"), byte] : [byte]
    }
    return [UInt8(ascii: "\"")] + escaped + [UInt8(ascii: "\"")]
  }

  /// The version of this secret that a name of the engine is of.
  func version(of engineName: String) -> Int? {
    let stem = engine.dropLast(String(version).count)
    guard engineName.hasPrefix(stem) else { return nil }
    return Int(engineName.dropFirst(stem.count))
  }
}
