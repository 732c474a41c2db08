import SlipwayDocuments
import SlipwayModel

/// What the stack that would be deployed says of each service: `docker-compose.yml`, as it lies
/// beside `gate.json` on the machine that deploys, whoever touched it since it was generated.
package struct StackFact: Sendable, Hashable {
  package struct Service: Sendable, Hashable {
    package var name: String
    /// Settings and words of the command that switch debugging on: `LOG_LEVEL`, `--reload`.
    package var debugging: [String]
    /// `cpus`, `memory`: what has no limit.
    package var unlimited: [String]

    package init(name: String, debugging: [String] = [], unlimited: [String] = []) {
      self.name = name
      self.debugging = debugging
      self.unlimited = unlimited
    }
  }
  package var services: [Service]

  package init(services: [Service]) { self.services = services }

  private static let on: Set<String> = ["true", "1", "yes", "on"]
  private static let chatty: Set<String> = ["debug", "trace"]
  private static let switches = ["--debug", "--reload", "--inspect"]

  /// - Throws: for what is no stack, and for one without a service: nothing can be said of it.
  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> StackFact {
    let root: LocatedValue
    do {
      root = try YAMLReader.read(String(decoding: bytes, as: UTF8.self)).root
    } catch {
      throw ReadingFailure("it cannot be read: \(error.message)")
    }
    guard let services = root["services"]?.map, !services.isEmpty else {
      throw ReadingFailure("it holds no service")
    }
    return StackFact(services: services.map { Service(name: $0.key, $0.value) })
  }
}

extension StackFact.Service {
  fileprivate init(name: String, _ value: LocatedValue) {
    var told = (value["environment"]?.map ?? []).map { ($0.key, $0.value.scalarText ?? "") }
    told += (value["environment"]?.list ?? []).compactMap { entry in
      let parts = (entry.scalarText ?? "").split(separator: "=", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    let settings = told.filter { key, value in
      let value = value.lowercased()
      return (key.hasSuffix("DEBUG") || key.hasSuffix("RELOAD")) && StackFact.isOn(value)
        || key.hasSuffix("LOG_LEVEL") && StackFact.isChatty(value)
    }.map(\.0)
    let words = (value["command"]?.list ?? []).compactMap(\.scalarText).filter(StackFact.isSwitch)
    let limits = value["deploy"]?["resources"]?["limits"]
    self.init(
      name: name, debugging: settings + words,
      unlimited: ["cpus", "memory"].filter { (limits?[$0]?.scalarText ?? "").isEmpty })
  }
}

extension StackFact {
  fileprivate static func isOn(_ value: String) -> Bool { on.contains(value) }
  fileprivate static func isChatty(_ value: String) -> Bool { chatty.contains(value) }
  fileprivate static func isSwitch(_ word: String) -> Bool {
    switches.contains { word.hasPrefix($0) }
  }
}
