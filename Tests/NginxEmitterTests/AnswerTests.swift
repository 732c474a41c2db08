import TestSupport
import Testing

/// What clients get, from a real nginx with stand-ins behind it.
@Suite(.serialized) struct AnswerTests {
  /// The value of each security header, on an answer for programs and on a page.
  private static let security: [(String, api: String, page: String)] = [
    (
      "Strict-Transport-Security", "max-age=31536000; includeSubDomains",
      "max-age=31536000; includeSubDomains"
    ),
    ("X-Content-Type-Options", "nosniff", "nosniff"),
    ("X-Frame-Options", "DENY", "DENY"),
    ("X-XSS-Protection", "1; mode=block", "1; mode=block"),
    (
      "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
      """
      default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
      font-src 'self' data:; connect-src 'self' https://api.shop.example.com \
      wss://api.shop.example.com; object-src 'none'; base-uri 'self'; form-action 'self'; \
      frame-ancestors 'none'
      """
    ),
    (
      "Referrer-Policy", "strict-origin-when-cross-origin", "strict-origin-when-cross-origin"
    ),
    (
      "Permissions-Policy", "geolocation=(), microphone=(), camera=()",
      "geolocation=(), microphone=(), camera=()"
    ),
  ]

  /// A request, its status, and whether the answer is a page's.
  private struct Case {
    let step: Step
    let status: Int
    var isPage = false
  }

  private static let cases: [Case] = [
    Case(step: .request("GET", "/api/v1/orders"), status: 200),
    Case(step: .request("GET", "/api/v1/orders", host: Shop.api), status: 200),
    Case(step: .request("OPTIONS", "/api/v1/orders", host: Shop.api), status: 200),
    Case(step: .request("POST", "/api/v1/orders", host: Shop.api, bytes: 9), status: 200),
    Case(step: .request("DELETE", "/api/v1/orders", host: Shop.api), status: 405),
    Case(step: .request("GET", "/api/v1/orders/7", host: Shop.api), status: 200),
    Case(step: .request("GET", "/api/v1/orders/7/", host: Shop.api), status: 404),
    Case(step: .request("GET", "/api/v1/orders/a%2Fb", host: Shop.api), status: 404),
    Case(step: .request("POST", "/api/v1/sign-in", host: Shop.api), status: 200),
    Case(step: .request("GET", "/api/v1/sign-in", host: Shop.api), status: 405),
    Case(step: .request("GET", "/health", host: Shop.api), status: 200),
    Case(step: .request("GET", "/health"), status: 200),
    Case(step: .request("GET", "/api/health"), status: 200),
    Case(step: .request("GET", "/api/health", host: Shop.api), status: 404),
    Case(step: .request("GET", "/metrics"), status: 404),
    Case(step: .request("GET", "//metrics", host: Shop.api), status: 404),
    Case(step: .request("GET", "/static/..%2fmetrics"), status: 404),
    Case(step: .request("GET", "/wsanything", host: Shop.api), status: 404),
    Case(step: .request("GET", "/ws", host: Shop.api), status: 200),
    Case(step: .request("GET", "/"), status: 200, isPage: true),
    Case(step: .request("GET", "/portfolio"), status: 200, isPage: true),
    Case(step: .request("POST", "/sign-in", bytes: 9), status: 200, isPage: true),
    Case(step: .request("PUT", "/sign-in"), status: 405, isPage: true),
    Case(step: .request("GET", "/", host: Shop.api), status: 404),
    Case(step: .request("GET", "/static/app.js"), status: 200, isPage: true),
    Case(step: .request("GET", "/static/app.js", host: Shop.api), status: 404),
    Case(step: .request("POST", "/static/app.js"), status: 405, isPage: true),
    Case(step: .request("GET", "/.slipway/404.json"), status: 404),
    Case(step: .request("GET", "/", host: Shop.other), status: 301),
    Case(
      step: .request("POST", "/api/v1/orders", host: Shop.api, bytes: 11 << 20), status: 413),
    Case(
      step: .request("GET", "/api/v1/orders", headers: ["X-Stand-In": "status=503"]),
      status: 503),
    Case(
      step: .request("GET", "/portfolio", headers: ["X-Stand-In": "close"]), status: 502,
      isPage: true),
  ]

  @Test(
    .covers(
      "C-12", "C-13", "C-05", "S17-HDR-01", "S17-HDR-02", "S17-HDR-03", "S17-HDR-05", "S17-HDR-06",
      "S17-HDR-07", "S17-HDR-09", "S18-NGX-13", "S18-NGX-18", "S18-CL-SEC-02", "S04-NET-02",
      "S04-NET-05", "S04-NET-06", "S04-NET-07", "S04-NET-08"))
  func `every answer has its status and each security header exactly once`() async throws {
    let answers = try await requests(to: Self.cases.map(\.step))
    for (answer, one) in zip(answers, Self.cases) {
      let name = "\(one.step.method ?? "") \(one.step.host ?? "") \(one.step.path ?? "")"
      #expect(answer.status == one.status, "\(name): \(answer)")
      for header in Self.security {
        #expect(
          answer.values(header.0) == [one.isPage ? header.page : header.api],
          "\(header.0) of \(name)")
      }
      #expect(answer.values("X-Request-ID").count == 1, "\(name)")
      #expect(answer.values("X-Powered-By") == [], "\(name)")
      #expect(answer.values("Server") == ["nginx"], "\(name)")
    }
  }

  @Test(.covers("C-14", "S17-HDR-04"))
  func `a page of development is never told to use TLS for a year`() async throws {
    let answers = try await requests(
      .development,
      to: [
        .request("GET", "/", host: "localhost"),
        .request("GET", "/api/v1/orders", host: "api.localhost"),
      ])
    for answer in answers {
      #expect(answer.status == 200)
      #expect(answer.values("Strict-Transport-Security") == [])
      #expect(answer.values("X-Frame-Options") == ["DENY"])
    }
  }

  @Test(.covers("S18-NGX-21"))
  func `only good answers of static files are cached, and for a year`() async throws {
    let answers = try await requests(to: [
      .request("GET", "/static/app.js", headers: ["X-Stand-In": "cache=no-cache"]),
      .request("GET", "/static/gone.js", headers: ["X-Stand-In": "status=404"]),
      .request("GET", "/static/app.js", headers: ["X-Stand-In": "close"]),
      .request("GET", "/portfolio"),
      .request("GET", "/portfolio", headers: ["X-Stand-In": "cache=max-age=5"]),
      .request("GET", "/api/v1/orders"),
    ])
    #expect(
      answers.map { $0.values("Cache-Control") } == [
        ["public, max-age=31536000, immutable"], ["no-store"], ["no-store"], ["no-store"],
        ["max-age=5"], ["no-store"],
      ])
  }

  @Test func `only static files are compressed`() async throws {
    let headers = ["Accept-Encoding": "gzip", "X-Stand-In": "type=text/css"]
    let answers = try await requests(to: [
      .request("GET", "/static/app.css", headers: headers),
      .request("GET", "/portfolio", headers: headers),
      .request("GET", "/api/v1/orders", headers: headers),
    ])
    #expect(answers.map { $0.values("Content-Encoding") } == [["gzip"], [], []])
  }

  @Test func `errors are JSON for programs and HTML for people`() async throws {
    let answers = try await requests(to: [
      .request("GET", "/metrics", headers: ["Accept": "*/*"]),
      .request("GET", "/metrics", headers: ["Accept": "text/html,application/xhtml+xml"]),
      .request("PUT", "/api/v1/orders", host: Shop.api),
    ])
    #expect(
      answers.map { $0.values("Content-Type") } == [
        ["application/problem+json"], ["text/html"], ["application/problem+json"],
      ])
    #expect(answers[0].body?.contains("\"title\": \"Not Found\"") == true, "\(answers[0])")
    #expect(answers[1].body?.hasPrefix("<!DOCTYPE html>") == true, "\(answers[1])")
    #expect(answers[2].values("Allow") == ["GET, HEAD, OPTIONS, POST"])
  }

  @Test(.covers("S18-NGX-09", "S04-NET-03", "S17-CL-SEC-04", "S18-CL-SEC-01"))
  func `plain HTTP leads to TLS, other names lead to the site`() async throws {
    let answers = try await requests(to: [
      .request("GET", "/a?b=c", port: 8080), .request("GET", "/a?b=c", host: Shop.api, port: 8080),
      .request("GET", "/a?b=c", host: Shop.other, port: 8080),
      .request("GET", "/a?b=c", host: Shop.other),
    ])
    #expect(answers.map(\.status) == [301, 301, 301, 301])
    #expect(
      answers.map { $0.values("Location") } == [
        ["https://shop.example.com/a?b=c"], ["https://api.shop.example.com/a?b=c"],
        ["https://www.shop.example.com/a?b=c"], ["https://shop.example.com/a?b=c"],
      ])
    #expect(answers[0].values("Strict-Transport-Security") == [])
    let local = try await requests(
      .development, to: [.request("GET", "/a", host: "localhost", port: 8080)])
    #expect(local[0].values("Location") == ["https://localhost:8443/a"])
  }

  @Test(.covers("S17-HDR-10")) func `names that are not ours get no answer`() async throws {
    let answers = try await requests(to: [
      .request("GET", "/", host: "evil.example", port: 8080),
      .request("GET", "/", host: "evil.example"),
      .request("GET", "/", host: "evil.example", sni: Shop.site),
      .request("GET", "/.well-known/acme-challenge/x", host: "evil.example", port: 8080),
    ])
    #expect(answers[0].error?.hasPrefix("ConnectionResetError") == true, "\(answers[0])")
    #expect(answers[1].error?.contains("UNRECOGNIZED_NAME") == true, "\(answers[1])")
    #expect(answers[2].status == 421)
    #expect(answers[3].error?.hasPrefix("ConnectionResetError") == true, "\(answers[3])")
  }

  @Test(.covers("S18-NGX-11", "S04-NET-04"))
  func `TLS is 1.2 or 1.3, and HTTP/2 is spoken`() async throws {
    let answers = try await requests(to: [
      .handshake(Shop.site), .handshake(Shop.api, tls: "TLSv1_2"),
      .handshake(Shop.site, tls: "TLSv1_1"), .handshake(Shop.site, tls: "TLSv1"),
    ])
    #expect(answers[0].tls == "TLSv1.3")
    #expect(answers[0].alpn == "h2")
    #expect(answers[1].tls == "TLSv1.2")
    #expect(answers[2].error?.contains("TLSV1_ALERT_PROTOCOL_VERSION") == true, "\(answers[2])")
    #expect(answers[3].error?.contains("TLSV1_ALERT_PROTOCOL_VERSION") == true, "\(answers[3])")
  }

  @Test(.covers("S18-NGX-14", "C-34"))
  func `a burst is let through and the rest is told when to come back`() async throws {
    let orders = Step.request("GET", "/api/v1/orders", host: Shop.api)
    let signIn = Step.request("POST", "/api/v1/sign-in", host: Shop.api)
    let answers = try await requests(
      to: Array(repeating: orders, count: 20) + Array(repeating: signIn, count: 8)
        + [.request("GET", "/health")])
    let statuses = answers.map { $0.status ?? 0 }
    #expect(statuses[..<11].allSatisfy { $0 == 200 }, "\(statuses)")
    #expect(statuses[14..<20].contains(429), "\(statuses)")
    #expect(statuses[20..<26].allSatisfy { $0 == 200 }, "\(statuses)")
    #expect(Array(statuses[26..<28]) == [429, 429])
    #expect(statuses[28] == 200)
    #expect(answers[27].values("Retry-After") == ["12"])
    #expect(answers[27].values("X-Frame-Options") == ["DENY"])
    #expect(answers[27].body?.contains("Rate limit exceeded. Please try again later.") == true)
  }

  @Test func `the service's own refusals keep their own time`() async throws {
    let answers = try await requests(to: [
      .request("GET", "/api/v1/orders", headers: ["X-Stand-In": "status=429 retry=7"]),
      .request("GET", "/api/v1/orders", headers: ["X-Stand-In": "status=503 retry=9"]),
    ])
    #expect(answers.map(\.status) == [429, 503])
    #expect(answers.map { $0.values("Retry-After") } == [["7"], ["9"]])
  }

  @Test(.covers("S17-ENV-07", "C-07")) func `development limits nobody`() async throws {
    let answers = try await requests(
      .development,
      to: Array(
        repeating: .request("POST", "/api/v1/sign-in", host: "api.localhost"), count: 30))
    #expect(answers.allSatisfy { $0.status == 200 })
  }
}
