import Foundation
import Tracing

/// A batch of spans as OTLP says it in JSON: names in hexadecimal, whole numbers of 64 bits as
/// text. (opentelemetry-proto 1.x, `ExportTraceServiceRequest`)
struct OTLPDocument: Encodable {
  struct ResourceSpans: Encodable {
    let resource: Resource
    let scopeSpans: [ScopeSpans]
  }
  struct Resource: Encodable { let attributes: [Pair] }
  struct ScopeSpans: Encodable {
    let scope: Scope
    let spans: [Span]
  }
  struct Scope: Encodable { let name: String }
  struct Span: Encodable {
    let traceId: String
    let spanId: String
    let parentSpanId: String?
    let name: String
    let kind: Int
    let startTimeUnixNano: String
    let endTimeUnixNano: String
    let attributes: [Pair]
    let events: [Event]
    let status: Status
  }
  struct Event: Encodable {
    let timeUnixNano: String
    let name: String
    let attributes: [Pair]
  }
  /// 0 unset, 2 error.
  struct Status: Encodable { let code: Int }
  struct Pair: Encodable {
    let key: String
    let value: Value
  }
  struct Value: Encodable {
    var stringValue: String?
    var boolValue: Bool?
    var intValue: String?
    var doubleValue: Double?
  }

  let resourceSpans: [ResourceSpans]

  init(_ spans: [FinishedSpan], resource: [(String, String)]) {
    resourceSpans = [
      ResourceSpans(
        resource: Resource(
          attributes: resource.map { Pair(key: $0.0, value: Value(stringValue: $0.1)) }),
        scopeSpans: [ScopeSpans(scope: Scope(name: "flowrex"), spans: spans.map(Span.init))])
    ]
  }

  var bytes: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(self))
    }
  }
}

extension OTLPDocument.Span {
  init(_ span: FinishedSpan) {
    traceId = Hex.text(span.own.trace)
    spanId = Hex.text(span.own.span)
    parentSpanId = span.parent.map { Hex.text($0.span) }
    name = span.name
    kind =
      switch span.kind {
      case .internal: 1
      case .server: 2
      case .client: 3
      case .producer: 4
      case .consumer: 5
      }
    startTimeUnixNano = "\(span.began)"
    endTimeUnixNano = "\(span.ended)"
    attributes = OTLPDocument.pairs(span.attributes)
    events = span.events.map { event in
      OTLPDocument.Event(
        timeUnixNano: "\(event.nanosecondsSinceEpoch)", name: event.name,
        attributes: OTLPDocument.pairs(event.attributes))
    }
    status = OTLPDocument.Status(code: span.isError ? 2 : 0)
  }
}

extension OTLPDocument {
  /// A value of more than this is cut: no attribute of ours is nearly as long.
  private static let longest = 256

  static func pairs(_ attributes: SpanAttributes) -> [Pair] {
    var pairs: [Pair] = []
    attributes.forEach { key, attribute in
      var value = Value()
      switch attribute {
      case .string(let text): value.stringValue = String(text.prefix(longest))
      case .bool(let flag): value.boolValue = flag
      case .int32(let number): value.intValue = "\(number)"
      case .int64(let number): value.intValue = "\(number)"
      case .double(let number) where number.isFinite: value.doubleValue = number
      default: return
      }
      pairs.append(Pair(key: key, value: value))
    }
    return pairs.sorted { $0.key < $1.key }
  }
}
