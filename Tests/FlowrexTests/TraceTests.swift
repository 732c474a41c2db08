import FlowrexContract
import FlowrexSupport
import TestSupport
import Testing

/// What the real program tells a collector, and what it does not.
@Suite(.covers("S04-OBS-09", "S04-OBS-12")) struct TraceTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

  @Test(.covers("S04-OBS-11", "S04-OBS-06"))
  func `a request is a span, its transactions are children, and its log line names the trace`()
    async throws
  {
    let collector = try RawCollector()
    let variables = [
      "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(collector.port)",
      "TRACES_SAMPLE_RATIO": "1",
    ]
    try await RunningService.run(variables) { service in
      let someone = try await service.signedIn()
      let me = await service.ask(
        "GET", "/api/v1/auth/me?secret=in-the-address",
        [someone.bearer, "traceparent: 00-\(Self.trace)-00f067aa0ba902b7-00"])
      #expect(me?.status == 200)
      func arrived() throws -> [OTLPSpan] {
        try collector.spans.filter { $0.traceId == Self.trace }
      }
      for _ in 0..<600 where try !arrived().contains(where: { $0.kind == 2 }) {
        try await Task.sleep(for: .milliseconds(50))
      }
      let spans = try arrived()
      let request = try #require(spans.first { $0.kind == 2 })
      #expect(request.name == "GET /api/v1/auth/me")
      #expect(request.parentSpanId == "00f067aa0ba902b7")
      #expect(request.text("http.route") == "/api/v1/auth/me")
      #expect(request.text("http.request.method") == "GET")
      #expect(request.number("http.response.status_code") == "200")
      let name = try #require(me?["x-request-id"])
      #expect(request.text("flowrex.request_id") == name)
      let transactions = spans.filter { $0.name == "transaction" }
      #expect(!transactions.isEmpty)
      #expect(transactions.allSatisfy { $0.parentSpanId == request.spanId && $0.kind == 3 })
      #expect(transactions.allSatisfy { $0.text("db.system.name") == "sqlite" })
      #expect(service.logText.contains(#""trace_id":"\#(Self.trace)""#))
      let first = try #require(collector.requests.first)
      #expect(first.line == "POST /v1/traces HTTP/1.1")
      #expect(first.head.contains("content-type: application/json"))
      // Neither what was asked, nor who asked, nor with what.
      let said = collector.requests.map { String(decoding: $0.body, as: UTF8.self) }.joined()
      for secret in [
        someone.access, someone.cookie, "in-the-address", RunningService.password,
        RunningService.email, "127.0.0.1",
      ] {
        #expect(!said.contains(secret), "\(secret)")
      }
      #expect(said.contains(#"{"key":"service.name","value":{"stringValue":"flowrex-backend"}}"#))
      var sent = 0
      for _ in 0..<200 where sent == 0 {
        sent = try await service.metric(#"trace_spans_exported_total{outcome="succeeded"}"#) ?? 0
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(sent >= spans.count)
    }
  }

  @Test func `without a collector nothing is traced, with one that is away nothing waits`()
    async throws
  {
    try await RunningService.run { service in
      #expect(await service.ask("GET", "/health/live")?.status == 200)
      let failed = try await service.metric(#"trace_spans_exported_total{outcome="failed"}"#)
      #expect(failed == 0)
      #expect(!service.logText.contains("trace_id"))
    }
    let closed = try BoundPort.free(1)[0]
    let away = [
      "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(closed)", "TRACES_SAMPLE_RATIO": "1",
    ]
    try await RunningService.run(away) { service in
      for _ in 0..<20 {
        #expect(await service.ask("GET", "/api/v1/openapi.json")?.status == 200)
      }
      var lost = 0
      for _ in 0..<600 where lost == 0 {
        lost = try await service.metric(#"trace_spans_exported_total{outcome="failed"}"#) ?? 0
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(lost > 0)
    }
  }

  @Test func `an address that is none is refused before a port opens`() async throws {
    let refused = try await Command(variables: [
      "ENVIRONMENT": "development", "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector",
    ]).run("serve")
    #expect(refused.status == 78)
    #expect(refused.stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "\(refused)")
  }
}
