import TestSupport
import Testing

/// An edge with limits by method, one name, and nothing that catches the rest.
@Suite(.serialized) struct MixedTests {
  @Test func `each method is counted in its own class`() async throws {
    let write = Step.request("POST", "/api/v1/orders", bytes: 1)
    let read = Step.request("GET", "/api/v1/orders")
    let answers = try await requests(
      .mixed,
      to: Array(repeating: write, count: 4) + Array(repeating: read, count: 5)
        + Array(repeating: .request("GET", "/sign-in"), count: 20)
        + Array(repeating: .request("POST", "/sign-in", bytes: 1), count: 8))
    let statuses = answers.map { $0.status ?? 0 }
    #expect(Array(statuses[..<4]) == [200, 200, 429, 429])
    #expect(answers[2].values("Retry-After") == ["30"])
    #expect(statuses[4..<29].allSatisfy { $0 == 200 }, "\(statuses)")
    #expect(Array(statuses[29...]) == [200, 200, 200, 200, 200, 200, 429, 429])
    #expect(answers[36].values("Retry-After") == ["12"])
  }

  @Test func `pages and API share the name, and what nobody serves does not exist`() async throws {
    let answers = try await requests(
      .mixed,
      to: [
        .request("GET", "/api/v1/orders"), .request("GET", "/sign-in"),
        .request("DELETE", "/api/v1/orders/7"), .request("GET", "/api/v1/orders/7"),
        .request("GET", "/assets/a.css"), .request("GET", "/robots.txt"), .request("GET", "/"),
        .request("POST", "/sign-in", bytes: 1_500 << 10),
        .request("POST", "/sign-in", bytes: 1_501 << 10),
      ])
    #expect(answers.map(\.status) == [200, 200, 200, 405, 200, 200, 404, 200, 413])
    #expect(
      answers[1].values("Content-Security-Policy").first?.contains("connect-src 'self';") == true)
    #expect(answers[0].values("X-Request-ID").first?.count == 32)
  }

  @Test(.covers("C-55")) func `maintenance also closes what is limited and exact`() async throws {
    let answers = try await requests(
      .mixed,
      to: [
        .file("/var/lib/edge/maintenance", exists: true), .request("GET", "/robots.txt"),
        .request("GET", "/sign-in"), .request("GET", "/metrics"),
      ])
    #expect(answers[1...].map(\.status) == [503, 503, 503])
  }
}
