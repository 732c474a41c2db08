import SlipwayDocuments

/// Why a file of evidence says nothing: a clause.
package struct ReadingFailure: Error, Hashable, Sendable {
  package let clause: String
  package init(_ clause: String) { self.clause = clause }
}

/// An object of JSON whose members are asked for by name and kind; what is not there or of another
/// kind is a clause that names it.
struct JSONFields {
  private let value: LocatedValue
  private let path: String

  init(_ bytes: [UInt8]) throws(ReadingFailure) {
    let document: LocatedDocument
    do throws(SyntaxError) {
      document = try JSONReader.read(bytes: bytes)
    } catch {
      throw ReadingFailure(
        bytes.isEmpty
          ? "it is empty"
          : "it is no JSON: line \(error.position.line): \(error.message)")
    }
    guard document.root.map != nil else { throw ReadingFailure("it is no JSON object") }
    value = document.root
    path = ""
  }

  private init(_ value: LocatedValue, at path: String) {
    self.value = value
    self.path = path
  }

  private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private func member(_ key: String) throws(ReadingFailure) -> LocatedValue {
    guard let member = value[key] else { throw ReadingFailure("it has no '\(name(key))'") }
    return member
  }

  /// A text with its quotes.
  static func string(_ bytes: [UInt8]) throws(ReadingFailure) -> String {
    do throws(SyntaxError) {
      return try JSONReader.read(bytes: bytes).root.string ?? ""
    } catch {
      throw ReadingFailure("it is no JSON: \(error.message)")
    }
  }

  static func isNumber(_ text: String) -> Bool { ExactNumber(text) != nil }

  var members: [LocatedMember] { value.map ?? [] }

  func text(_ key: String) throws(ReadingFailure) -> String {
    try member(key).asText(name(key))
  }

  func optionalText(_ key: String) throws(ReadingFailure) -> String? {
    guard let member = value[key], member.content != .null else { return nil }
    return try member.asText(name(key))
  }

  func texts(_ key: String) throws(ReadingFailure) -> [String] {
    try list(key).map { element throws(ReadingFailure) in try element.asText(name(key)) }
  }

  func integer(_ key: String) throws(ReadingFailure) -> Int {
    guard let number = try member(key).integer else {
      throw ReadingFailure("its '\(name(key))' is no whole number")
    }
    return number
  }

  func flag(_ key: String) throws(ReadingFailure) -> Bool {
    guard let flag = try member(key).bool else {
      throw ReadingFailure("its '\(name(key))' is neither true nor false")
    }
    return flag
  }

  func moment(_ key: String) throws(ReadingFailure) -> PointInTime {
    guard let moment = PointInTime(try text(key)) else {
      throw ReadingFailure("its '\(name(key))' is no time such as 2026-11-21T10:00:00Z")
    }
    return moment
  }

  func object(_ key: String) throws(ReadingFailure) -> JSONFields {
    let found = try member(key)
    guard found.map != nil else { throw ReadingFailure("its '\(name(key))' is no object") }
    return JSONFields(found, at: name(key))
  }

  func optionalObject(_ key: String) throws(ReadingFailure) -> JSONFields? {
    guard let found = value[key], found.content != .null else { return nil }
    return try object(key)
  }

  func list(_ key: String) throws(ReadingFailure) -> [LocatedValue] {
    guard let list = try member(key).list else {
      throw ReadingFailure("its '\(name(key))' is no list")
    }
    return list
  }

  /// The objects of a list.
  func objects(_ key: String) throws(ReadingFailure) -> [JSONFields] {
    try list(key).enumerated().map { index, element throws(ReadingFailure) in
      let place = "\(name(key))[\(index)]"
      guard element.map != nil else { throw ReadingFailure("its '\(place)' is no object") }
      return JSONFields(element, at: place)
    }
  }

  func has(_ key: String) -> Bool { value[key].map { $0.content != .null } ?? false }

  /// The commit that it is of, when it was made, and by whom: what every report of ours begins
  /// with.
  func evidence<Value>(_ value: Value) throws(ReadingFailure) -> Evidence<Value> {
    Evidence(
      value, commit: try optionalText("commit"), made: try moment("made"),
      source: try text("source"))
  }
}

extension LocatedValue {
  func asText(_ name: String) throws(ReadingFailure) -> String {
    guard let string else { throw ReadingFailure("its '\(name)' is no text") }
    return string
  }
}
