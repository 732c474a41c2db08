import FlowrexContract

/// Which part of a list is asked for: `?limit=50&after=…`. (S04-DOC-05)
package struct PageRequest: Sendable, Equatable {
  package let limit: Int
  /// Where the page before ended, as that page said it.
  package let after: String?

  /// - Throws: A problem that names the parameter; nothing is silently made smaller.
  package init(_ query: [(name: String, value: String)]) throws {
    var limit = Sizes.page
    var after: String?
    for (name, value) in query {
      switch name {
      case "limit":
        guard let number = Int(value), (1...Sizes.largestPage).contains(number),
          value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 })
        else { throw Problem(.invalidField, field: "limit") }
        limit = number
      case "after":
        guard (1...1_024).contains(value.utf8.count),
          value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw Problem(.invalidField, field: "after") }
        after = value
      default: break
      }
    }
    self.limit = limit
    self.after = after
  }
}

/// One page of a list, with where the next one begins.
package struct Page<Item: Encodable & Sendable>: Encodable, Sendable {
  package let items: [Item]
  /// `nil` on the last page.
  package let next: String?

  package init(items: [Item], next: String?) {
    self.items = items
    self.next = next
  }
}
