import FlowrexContract
import FlowrexStore
import Ledger

/// What requests about orders say, read strictly.
extension Call {
  /// The `{id}` of the path; what is no id names nothing.
  func id<Kind>() throws -> Identifier<Kind> {
    guard let id = parameters["id"].flatMap({ Identifier<Kind>(text: $0) }) else {
      throw Problem(.notFound)
    }
    return id
  }

  /// `?limit=50&after=…`, as the store's lists have it.
  func page() throws -> FlowrexStore.PageRequest {
    let page = try PageRequest(query)
    guard let after = page.after else { return FlowrexStore.PageRequest(limit: page.limit) }
    guard let place = ListPlace(text: after) else { throw Problem(.invalidField, field: "after") }
    return FlowrexStore.PageRequest(after: place, limit: page.limit)
  }

  /// A parameter of the query that is one of a contract's words; `nil` when it is not there.
  func word<Word: RawRepresentable<String>>(_ name: String, _ type: Word.Type) throws -> Word? {
    guard let text = try single(name) else { return nil }
    guard let word = Word(rawValue: text) else { throw Problem(.invalidField, field: name) }
    return word
  }

  /// The same for several words, separated by commas.
  func words<Word: RawRepresentable<String>>(
    _ name: String, _ type: Word.Type
  ) throws -> [Word]? {
    guard let text = try single(name) else { return nil }
    return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let word = Word(rawValue: String(part)) else {
        throw Problem(.invalidField, field: name)
      }
      return word
    }
  }

  /// A parameter that may stand there once.
  func single(_ name: String) throws -> String? {
    let values = query.filter { $0.name == name }
    guard values.count < 2 else { throw Problem(.invalidField, field: name) }
    return values.first?.value
  }
}
