import FlowrexContract
import FlowrexTraces
import HTTPTypes
import ServiceContract
import Tracing

/// A request as a span: which route, how it ended, under which name it stands in the log. Address,
/// query, headers and bodies are in none. (S04-OBS-09, 12)
struct RequestSpan: Sendable {
  private let span: ServiceSpan

  /// - Returns: `nil` when nothing is traced.
  init?(_ tracer: ServiceTracer?, _ request: HTTPRequest) {
    guard let tracer else { return nil }
    var context = ServiceContext.topLevel
    tracer.extract(request.headerFields, into: &context, using: HeaderReader())
    span = tracer.startSpan("request", context: context, ofKind: .server)
  }

  /// The trace's name for log lines, if somebody will be able to look at it.
  var sampledTrace: String? {
    guard span.isRecording, let parent = span.context.traceParent else { return nil }
    return parent.traceText
  }

  /// What is done inside is a part of it.
  static func within<Value>(
    _ span: RequestSpan?, isolation: isolated (any Actor)? = #isolation,
    _ body: () async -> Value
  ) async -> Value {
    guard let span else { return await body() }
    return await ServiceContext.$current.withValue(span.span.context) { await body() }
  }

  /// Health is asked all day long by machines, and ends nothing: no span of it is kept.
  func end(
    _ method: String, _ endpoint: Endpoint, _ status: HTTPResponse.Status, _ requestID: String
  ) {
    let known = HTTPMethod(rawValue: method) ?? .other
    span.operationName = "\(known.rawValue) \(endpoint.rawValue)"
    span.attributes = [
      "http.request.method": .string(known.rawValue), "http.route": .string(endpoint.rawValue),
      "http.response.status_code": .int64(Int64(status.code)),
      "flowrex.request_id": .string(requestID),
    ]
    if status.code >= 500 { span.setStatus(SpanStatus(code: .error)) }
    span.end()
  }
}

private struct HeaderReader: Extractor {
  func extract(key: String, from carrier: HTTPFields) -> String? {
    // A header that comes twice says nothing.
    guard let name = HTTPField.Name(key), carrier[values: name].count == 1 else { return nil }
    return carrier[name]
  }
}
