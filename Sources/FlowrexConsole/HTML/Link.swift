package import FlowrexContract

/// An address inside the console: a template of the contract with its values filled in.
///
/// There is no other way to make one, so a page can lead nowhere else whatever the API answers.
package struct Link: Sendable, Hashable {
  package let text: String

  /// - Parameters:
  ///   - values: For the template's `{…}`, in their order; each is one segment.
  ///   - query: Names and values behind the `?`.
  package init(
    _ endpoint: ConsoleEndpoint, _ values: String..., query: [(String, String)] = []
  ) {
    var rest = values[...]
    let path = endpoint.rawValue.split(separator: "/").map { segment in
      segment.hasPrefix("{") ? PercentText.encoded(rest.popFirst() ?? "") : String(segment)
    }
    let pairs = query.map { "\(PercentText.encoded($0.0))=\(PercentText.encoded($0.1))" }
    text =
      "/" + path.joined(separator: "/") + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
  }
}

/// Text in addresses and forms. (RFC 3986, URL standard)
package enum PercentText {
  private static let digits = Array("0123456789ABCDEF".unicodeScalars)

  /// Everything but the unreserved characters is encoded, a slash too.
  package static func encoded(_ text: String) -> String {
    // Dots alone are a step up, encoded or not: what no id is becomes another thing that none is.
    if !text.isEmpty, text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { return "%EF%BF%BD" }
    var result = String.UnicodeScalarView()
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "."):
        result.append(Unicode.Scalar(byte))
      default:
        result.append("%")
        result.append(digits[Int(byte >> 4)])
        result.append(digits[Int(byte & 15)])
      }
    }
    return String(result)
  }

  /// A value of a form; `nil` for what is no UTF-8 or has half an escape.
  package static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
        else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
