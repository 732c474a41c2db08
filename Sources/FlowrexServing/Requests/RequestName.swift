/// The name of a request, through edge, service and log. (S04-OBS-06)
package enum RequestName {
  /// A name that somebody else gave is kept if it is short and plain: it goes into log lines and
  /// an answer's header.
  package static func accepted(_ text: String?) -> String? {
    guard let text, (8...64).contains(text.utf8.count),
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      })
    else { return nil }
    return text
  }

  package static func made(of random: [UInt8]) -> String {
    random.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
  }
}
