import Foundation

/// A value of the API's answers. What the API says is shown as it says it: amounts are exact
/// decimals in text, and nothing here reckons with them.
package enum JSONValue: Sendable, Equatable, Codable {
  case null
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .whole(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// The value under a name; `.null` where there is none.
  package subscript(_ name: String) -> JSONValue {
    guard case .object(let fields) = self else { return .null }
    return fields[name] ?? .null
  }

  /// The value under names that lead one into the other: `terms.price`.
  package func value(at path: String) -> JSONValue {
    path.split(separator: ".").reduce(self) { $0[String($1)] }
  }

  package var fields: [String: JSONValue] {
    if case .object(let fields) = self { fields } else { [:] }
  }

  package var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }

  package var string: String? { if case .text(let text) = self { text } else { nil } }

  package var isTrue: Bool { self == .flag(true) }

  package var isNull: Bool { self == .null }

  /// As a person reads it; empty for nothing.
  package var shown: String {
    switch self {
    case .null: ""
    case .flag(let value): value ? "yes" : "no"
    case .whole(let value): String(value)
    case .number(let value): String(value)
    case .text(let value): value
    case .list(let values): values.map(\.shown).joined(separator: ", ")
    case .object(let fields):
      fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shown)" }
        .joined(separator: ", ")
    }
  }

  /// As the body of a request.
  package var body: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(self))
    }
  }
}
