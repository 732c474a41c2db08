/// Where a collector takes OTLP over HTTP: `http://host[:port][/path]`. The collector is a
/// neighbour on the inner network; there is no TLS to it, and no secret in what it is sent.
package struct TraceEndpoint: Sendable, Hashable {
  package let host: String
  package let port: Int
  package let path: String

  package init?(_ text: String) {
    guard text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" }
    var base = rest.dropFirst(authority.count)
    while base.last == "/" { base.removeLast() }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, !name.isEmpty,
      authority.utf8.allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: ":") }),
      base.utf8.allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: "/") })
    else { return nil }
    if parts.count == 2 {
      guard let port = UInt16(parts[1]), port > 0 else { return nil }
      self.port = Int(port)
    } else {
      // The collectors' own for HTTP.
      port = 4_318
    }
    host = String(name)
    path = base + "/v1/traces"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
