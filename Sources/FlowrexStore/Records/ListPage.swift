package import FlowrexContract
package import Ledger

/// A place in a list that is read by pages, the newest first: what comes behind it is older.
///
/// It is made of what the rows are ordered by, so that a page costs the same wherever it is, and
/// what is added meanwhile moves nothing.
package struct ListPlace: Hashable, Sendable {
  package let at: Timestamp
  /// Tells apart what has the same moment, in the order of the list.
  package let names: [String]

  package init(at: Timestamp, _ names: String...) {
    self.at = at
    self.names = names
  }

  init(at: Timestamp, names: [String]) {
    self.at = at
    self.names = names
  }
}

extension ListPlace {
  private static let separator = "\u{1F}"

  /// For clients, who give it back as it is: letters and digits of ASCII.
  package var text: String {
    let plain = ([String(at.microseconds)] + names).joined(separator: Self.separator)
    return plain.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// - Parameter text: what a client gives back; `nil` for anything that ``text`` never is.
  package init?(text: String) {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2), digits.count <= 1_024 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[place...place + 1], as: UTF8.self)
      guard pair.allSatisfy({ $0.isHexDigit && !$0.isUppercase }),
        let byte = UInt8(pair, radix: 16)
      else { return nil }
      bytes.append(byte)
    }
    guard let plain = String(validating: bytes, as: UTF8.self), !plain.contains("\0") else {
      return nil
    }
    let parts = plain.split(separator: Self.separator, omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let microseconds = Int64(first),
      String(microseconds) == first
    else { return nil }
    self.init(at: Timestamp(microseconds: microseconds), names: parts.dropFirst().map(String.init))
  }
}

/// A part of a list.
package struct ListPage<Item: Sendable>: Sendable {
  package let items: [Item]
  /// Where the next page begins; `nil` when this is the last one.
  package let next: ListPlace?
  /// What stands on this page and cannot be read, in words: it hides none of the others.
  package let unreadable: [String]

  package init(_ items: [Item], next: ListPlace? = nil, unreadable: [String] = []) {
    self.items = items
    self.next = next
    self.unreadable = unreadable
  }
}

extension ListPage: Equatable where Item: Equatable {}

/// Which part of a list is wanted.
package struct PageRequest: Hashable, Sendable {
  /// What comes behind this place; `nil` from the newest on.
  package let place: ListPlace?
  /// In items, at least one.
  package let limit: Int

  package init(after place: ListPlace? = nil, limit: Int) {
    self.place = place
    self.limit = max(1, limit)
  }
}

/// Which orders of an account are listed.
package struct OrderFilter: Hashable, Sendable {
  /// `nil` for all of them.
  package var states: [OrderState]?
  package var instrument: Instrument?

  package init(states: [OrderState]? = nil, instrument: Instrument? = nil) {
    self.states = states
    self.instrument = instrument
  }
}
