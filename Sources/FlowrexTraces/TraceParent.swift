package import Tracing

/// Where in a trace something happens, as processes tell one another. (W3C Trace Context, level 1)
package struct TraceParent: Sendable, Hashable {
  /// 16 bytes, not all zero.
  package let trace: [UInt8]
  /// 8 bytes, not all zero: the span that comes next to us.
  package let span: [UInt8]
  package let isSampled: Bool

  package init(trace: [UInt8], span: [UInt8], isSampled: Bool) {
    self.trace = trace
    self.span = span
    self.isSampled = isSampled
  }

  /// Reads the header `traceparent`; `nil` for what is none. Of a later version the beginning is
  /// read, as the recommendation asks.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count >= 4, let version = Hex.bytes(parts[0], 1), version != [0xFF],
      version != [0] || parts.count == 4, text.utf8.count <= 256,
      let trace = Hex.bytes(parts[1], 16), trace.contains(where: { $0 != 0 }),
      let span = Hex.bytes(parts[2], 8), span.contains(where: { $0 != 0 }),
      let flags = Hex.bytes(parts[3], 1)
    else { return nil }
    self.init(trace: trace, span: span, isSampled: flags[0] & 1 == 1)
  }

  package var text: String {
    "00-\(Hex.text(trace))-\(Hex.text(span))-\(isSampled ? "01" : "00")"
  }

  /// The trace's name alone.
  package var traceText: String { Hex.text(trace) }

  package static let header = "traceparent"

  /// What a request to somebody else says; `nil` outside of any trace.
  package static var current: TraceParent? { ServiceContext.current?.traceParent }
}

/// Bytes in small letters.
enum Hex {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
  }

  static func bytes(_ text: Substring.UTF8View, _ count: Int) -> [UInt8]? {
    guard text.count == 2 * count else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for byte in text {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      // Capitals are not allowed: one trace has one spelling.
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }
}

private enum TraceParentKey: ServiceContextKey {
  typealias Value = TraceParent
  static var nameOverride: String? { "traceparent" }
}

extension ServiceContext {
  package var traceParent: TraceParent? {
    get { self[TraceParentKey.self] }
    set { self[TraceParentKey.self] = newValue }
  }
}
