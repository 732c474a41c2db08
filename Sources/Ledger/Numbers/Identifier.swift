package enum OrderKind {}
package enum FillKind {}
package enum PersonKind {}
package enum AccountKind {}

/// A name of 128 bits that somebody else made; the kinds cannot be mixed up.
///
/// It is a number and no text, so that a decision about an order allocates nothing.
package struct Identifier<Kind>: Hashable, Sendable {
  package let bits: UInt128

  package init(_ bits: UInt128) { self.bits = bits }

  /// Reads the 36 characters of a UUID, in either case; `nil` for anything else.
  package init?(text: some StringProtocol) {
    var bits: UInt128 = 0
    var place = 0
    for byte in text.utf8 {
      if Self.dashes.contains(place) {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard let digit = Self.digit(byte) else { return nil }
        bits = bits << 4 | UInt128(digit)
      }
      place += 1
      guard place <= 36 else { return nil }
    }
    guard place == 36 else { return nil }
    self.bits = bits
  }

  private static var dashes: [Int] { [8, 13, 18, 23] }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Identifier: CustomStringConvertible {
  /// As a UUID is written, in lower case.
  package var description: String {
    let digits = String(bits, radix: 16)
    var text = String(repeating: "0", count: 32 - digits.count) + digits
    for place in Self.dashes { text.insert("-", at: text.index(text.startIndex, offsetBy: place)) }
    return text
  }
}

/// An order; the service makes it, the client's own id leads to it. (S04-RES-07)
package typealias OrderID = Identifier<OrderKind>
/// A fill, as the venue names it; the same name twice is the same fill.
package typealias FillID = Identifier<FillKind>
package typealias PersonID = Identifier<PersonKind>
package typealias AccountID = Identifier<AccountKind>
