import Foundation

/// A span as a collector reads it, by the specification's names and not by the exporter's types.
package struct OTLPSpan: Decodable, Sendable {
  package struct Value: Decodable, Sendable {
    package let stringValue: String?
    package let intValue: String?
  }
  package struct Pair: Decodable, Sendable {
    package let key: String
    package let value: Value
  }
  package struct Event: Decodable, Sendable {
    package let name: String
    package let timeUnixNano: String
    package let attributes: [Pair]
  }
  package struct Status: Decodable, Sendable { package let code: Int }

  package let traceId: String
  package let spanId: String
  package let parentSpanId: String?
  package let name: String
  package let kind: Int
  package let startTimeUnixNano: String
  package let endTimeUnixNano: String
  package let attributes: [Pair]
  package let events: [Event]
  package let status: Status

  package func text(_ key: String) -> String? {
    attributes.first { $0.key == key }?.value.stringValue
  }
  package func number(_ key: String) -> String? {
    attributes.first { $0.key == key }?.value.intValue
  }

  /// The spans of an `ExportTraceServiceRequest`.
  package static func read(_ document: [UInt8]) throws -> [OTLPSpan] {
    struct Document: Decodable {
      struct Resource: Decodable {
        struct Scope: Decodable { let spans: [OTLPSpan] }
        let scopeSpans: [Scope]
      }
      let resourceSpans: [Resource]
    }
    return try JSONDecoder().decode(Document.self, from: Data(document)).resourceSpans
      .flatMap(\.scopeSpans).flatMap(\.spans)
  }
}
