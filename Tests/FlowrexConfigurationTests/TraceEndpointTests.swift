import FlowrexConfiguration
import Testing

struct TraceEndpointTests {
  @Test func `an endpoint is read, with the port and path that collectors have`() throws {
    let plain = try #require(TraceEndpoint("http://collector"))
    #expect(plain.host == "collector" && plain.port == 4_318 && plain.path == "/v1/traces")
    let full = try #require(TraceEndpoint("http://10.0.0.1:80/otlp/"))
    #expect(full.host == "10.0.0.1" && full.port == 80 && full.path == "/otlp/v1/traces")
  }

  @Test(arguments: [
    "", "collector:4318", "https://collector", "http://", "http://:80", "http://a:b",
    "http://a:0", "http://a:65536", "http://user:pass@host", "http://a b", "http://a/b c",
    "http://a/\r\nHost: b", "http://a?b",
  ])
  func `what is none is refused`(text: String) { #expect(TraceEndpoint(text) == nil) }
}
