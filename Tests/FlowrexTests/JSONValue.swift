import Foundation

/// JSON as a tree, for looking into answers.
indirect enum JSONValue: Decodable, Equatable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([JSONValue])
  case object([String: JSONValue])
  case nothing

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .nothing
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  init(_ text: String) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  subscript(_ name: String) -> JSONValue {
    if case .object(let fields) = self { fields[name] ?? .nothing } else { .nothing }
  }

  subscript(_ place: Int) -> JSONValue {
    if case .list(let items) = self, items.indices.contains(place) {
      items[place]
    } else {
      .nothing
    }
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }
}
