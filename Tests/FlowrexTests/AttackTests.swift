import FlowrexSupport
import Foundation
import ServiceContract
import TestSupport
import Testing

/// What somebody tries who wants in, or wants us down. Each case is one request and what must
/// come of it; none is answered with success and none with 5xx.
@Suite struct AttackTests {
  /// One attempt against a route that only a signed-in person may use, or against sign-in itself.
  struct Attempt: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let status: Int
    let code: String?

    var testDescription: String { name }

    init(_ name: String, _ status: Int, _ code: String?, _ text: String) {
      self.init(name, status, code, Array(text.utf8))
    }

    init(_ name: String, _ status: Int, _ code: String?, _ bytes: [UInt8]) {
      self.name = name
      self.status = status
      self.code = code
      self.bytes = bytes
    }
  }

  private static func get(
    _ path: String, _ headers: [String] = [], host: String = "Host: localhost"
  ) -> String {
    (["GET \(path) HTTP/1.1", host, "Connection: close"] + headers).joined(separator: "\r\n")
      + "\r\n\r\n"
  }

  private static func post(
    _ path: String, _ body: String, _ headers: [String] = ["Content-Type: application/json"]
  ) -> String {
    let lines = [
      "POST \(path) HTTP/1.1", "Host: localhost", "Connection: close",
      "Content-Length: \(body.utf8.count)",
    ]
    return (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  private static let login = "/api/v1/auth/login"
  private static let me = "/api/v1/auth/me"
  private static let refresh = "/api/v1/auth/refresh"

  private static func bearer(_ name: String, _ header: String) -> Attempt {
    Attempt(name, 401, "unauthenticated", get(me, [header]))
  }

  static let credentials: [Attempt] = [
    Attempt("no token", 401, "unauthenticated", get(me)),
    bearer("an empty header", "Authorization:"),
    bearer("a scheme alone", "Authorization: Bearer"),
    bearer("a scheme and blanks", "Authorization: Bearer   "),
    bearer("another scheme", "Authorization: Basic YWRtaW46YWRtaW4="),
    bearer("no scheme", "Authorization: eyJhbGciOiJub25lIn0.e30."),
    bearer("alg none", "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."),
    bearer("a token and more", "Authorization: Bearer a.b.c d"),
    bearer("a token in quotes", #"Authorization: Bearer "a.b.c""#),
    bearer("SQL for a token", "Authorization: Bearer ' OR '1'='1"),
    Attempt(
      "two headers", 400, "malformed_request",
      get(me, ["Authorization: Bearer a.b.c", "Authorization: Bearer d.e.f"])),
    Attempt("the token in the query", 401, "unauthenticated", get(me + "?access_token=a.b.c")),
    Attempt(
      "the token in a cookie", 401, "unauthenticated", get(me, ["Cookie: access_token=a.b.c"])),
    Attempt(
      "an override of the method", 401, "unauthenticated",
      get(me, ["X-HTTP-Method-Override: OPTIONS"])),
    Attempt(
      "a user by header", 401, "unauthenticated", get(me, ["X-User: admin", "X-Role: admin"])),
    Attempt(
      "a very long token", 401, "unauthenticated",
      get(me, ["Authorization: Bearer " + String(repeating: "A", count: 12_000)])),
  ]

  private static func signIn(_ name: String, _ status: Int, _ code: String, _ body: String)
    -> Attempt
  {
    Attempt(name, status, code, post(login, body))
  }

  static let bodies: [Attempt] = [
    signIn(
      "a wrong password", 401, "invalid_credentials",
      RunningService.signIn("admin@localhost", "x")),
    signIn("nobody", 401, "invalid_credentials", RunningService.signIn("nobody@localhost", "x")),
    signIn("no address at all", 401, "invalid_credentials", RunningService.signIn("admin", "x")),
    signIn(
      "SQL for an address", 401, "invalid_credentials", RunningService.signIn("' OR 1=1 --", "x")),
    signIn(
      "SQL for a password", 401, "invalid_credentials",
      RunningService.signIn("admin@localhost", "' OR '1'='1")),
    signIn(
      "an empty password", 401, "invalid_credentials",
      RunningService.signIn("admin@localhost", "")),
    signIn(
      "the hash as the password", 401, "invalid_credentials",
      RunningService.signIn(
        "admin@localhost", "$2b$12$FFhhC27DdN4R4W0IwoqbMODNc3VVQQP1F7OMvncfYPZmbzQB4imMS")),
    signIn(
      "the password and a zero byte", 401, "invalid_credentials",
      RunningService.signIn("admin@localhost", RunningService.password + "\\u0000")),
    signIn(
      "a password of 60 kB", 401, "invalid_credentials",
      RunningService.signIn("admin@localhost", String(repeating: "x", count: 60_000))),
    signIn(
      "an address of 60 kB", 401, "invalid_credentials",
      RunningService.signIn(String(repeating: "x", count: 60_000) + "@localhost", "x")),
    signIn(
      "wide letters", 401, "invalid_credentials",
      RunningService.signIn("ａdmin@localhost", RunningService.password)),
    signIn("no body", 400, "malformed_body", ""),
    signIn("no JSON", 400, "malformed_body", "email=admin@localhost"),
    signIn("half of JSON", 400, "malformed_body", #"{"email":"admin@localhost""#),
    signIn("a list", 400, "malformed_body", #"["admin@localhost"]"#),
    signIn("text", 400, "malformed_body", #""admin@localhost""#),
    signIn("null", 400, "malformed_body", "null"),
    signIn("NaN", 400, "malformed_body", #"{"email":NaN,"password":"x"}"#),
    signIn("two documents", 400, "malformed_body", #"{"email":"a","password":"b"}{}"#),
    signIn("no field", 422, "invalid_field", "{}"),
    signIn("no password", 422, "invalid_field", #"{"email":"admin@localhost"}"#),
    signIn(
      "a null password", 422, "invalid_field", #"{"email":"admin@localhost","password":null}"#),
    signIn(
      "a password that is true", 422, "invalid_field",
      #"{"email":"admin@localhost","password":true}"#),
    signIn(
      "a password that is an object", 422, "invalid_field",
      #"{"email":"admin@localhost","password":{"$ne":""}}"#),
    signIn(
      "a list of addresses", 422, "invalid_field",
      #"{"email":["admin@localhost"],"password":"x"}"#),
    signIn("a huge number", 422, "invalid_field", #"{"email":1e400,"password":"x"}"#),
    signIn(
      "a role of one's own choice", 422, "unknown_field",
      #"{"email":"admin@localhost","password":"x","role":"admin"}"#),
    signIn(
      "a prototype", 422, "unknown_field",
      #"{"email":"admin@localhost","password":"x","__proto__":{}}"#),
    signIn(
      "a field in capitals", 422, "unknown_field", #"{"EMAIL":"admin@localhost","password":"x"}"#),
    signIn("very deep lists", 400, "malformed_body", String(repeating: "[", count: 60_000)),
    signIn("very deep objects", 400, "malformed_body", String(repeating: #"{"a":"#, count: 12_000)),
    Attempt(
      "a form", 415, "unsupported_media_type",
      post(login, "email=a&password=b", ["Content-Type: application/x-www-form-urlencoded"])),
    Attempt(
      "plain text", 415, "unsupported_media_type",
      post(login, RunningService.signIn(), ["Content-Type: text/plain"])),
    Attempt("no type", 415, "unsupported_media_type", post(login, RunningService.signIn(), [])),
    Attempt(
      "JSON by another name", 415, "unsupported_media_type",
      post(login, RunningService.signIn(), ["Content-Type: application/jsonp"])),
    Attempt(
      "another alphabet", 415, "unsupported_media_type",
      post(login, RunningService.signIn(), ["Content-Type: application/json; charset=utf-7"])),
    Attempt(
      "a packed body", 415, "unsupported_media_type",
      post(
        login, RunningService.signIn(),
        ["Content-Type: application/json", "Content-Encoding: gzip"])),
    Attempt(
      "a body that is announced too large", 413, "body_too_large",
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: 10485761\r\n\r\n"),
    Attempt(
      "bytes that are no text", 400, "malformed_body",
      Array(post(login, "    ").utf8.dropLast(4)) + [0xFF, 0xFE, 0x80, 0x00]),
  ]

  private static func cookie(_ name: String, _ status: Int, _ code: String, _ headers: [String])
    -> Attempt
  {
    Attempt(name, status, code, post(refresh, "", headers))
  }

  private static let token = String(repeating: "A", count: 43)

  static let cookies: [Attempt] = [
    cookie("no cookie", 401, "unauthenticated", ["X-Requested-With: x"]),
    cookie(
      "no header of our pages", 403, "cross_site_request", ["Cookie: flowrex-refresh=\(token)"]),
    cookie(
      "another origin", 403, "cross_site_request",
      ["Cookie: flowrex-refresh=\(token)", "X-Requested-With: x", "Origin: https://evil.test"]),
    cookie(
      "an origin that looks like ours", 403, "cross_site_request",
      [
        "Cookie: flowrex-refresh=\(token)", "X-Requested-With: x",
        "Origin: http://localhost:3000.evil.test",
      ]),
    cookie(
      "the origin null", 403, "cross_site_request",
      ["Cookie: flowrex-refresh=\(token)", "X-Requested-With: x", "Origin: null"]),
    cookie(
      "a token of nobody", 401, "unauthenticated",
      ["Cookie: flowrex-refresh=\(token)", "X-Requested-With: x"]),
    cookie(
      "an empty token", 401, "unauthenticated",
      ["Cookie: flowrex-refresh=", "X-Requested-With: x"]),
    cookie(
      "SQL", 401, "unauthenticated",
      ["Cookie: flowrex-refresh=' OR 1=1 --", "X-Requested-With: x"]),
    cookie(
      "two cookies", 401, "unauthenticated",
      ["Cookie: flowrex-refresh=\(token); flowrex-refresh=\(token)", "X-Requested-With: x"]),
    cookie(
      "another cookie's name", 401, "unauthenticated",
      ["Cookie: xflowrex-refresh=\(token)", "X-Requested-With: x"]),
    cookie(
      "an access token", 401, "unauthenticated",
      ["Cookie: flowrex-refresh=eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "X-Requested-With: x"]),
  ]

  private static func path(_ name: String, _ path: String) -> Attempt {
    Attempt(name, 404, "not_found", get(path))
  }

  static let requests: [Attempt] = [
    path("a traversal", "/api/v1/../../etc/passwd"),
    path("an encoded traversal", "/api/v1/%2e%2e/%2e%2e/etc/passwd"),
    path("a double slash", "//health/extra"),
    path("an encoded slash", "/api%2Fv1%2Fauth%2Fme"),
    path("a zero byte", "/health%00"),
    path("metrics on the outer port", "/metrics"),
    path("a debug page", "/debug/pprof"),
    path("documents of the framework", "/docs"),
    path("a file of the repository", "/.git/config"),
    path("variables", "/.env"),
    path("a path of 4 kB", "/" + String(repeating: "a", count: 4_096)),
    path("a capital letter", "/Health"),
    Attempt(
      "a method that is not answered", 405, "method_not_allowed",
      "DELETE /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    Attempt(
      "TRACE", 405, "method_not_allowed",
      "TRACE /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    Attempt(
      "a method of somebody's own", 400, nil,
      "HACK /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    Attempt("a strange host", 400, "unknown_host", get(me, host: "Host: evil.test")),
    Attempt(
      "a host that begins like ours", 400, "unknown_host",
      get(me, host: "Host: localhost.evil.test")),
    Attempt("a host with a user", 400, "unknown_host", get(me, host: "Host: localhost@evil.test")),
    Attempt("an empty host", 400, "unknown_host", get(me, host: "Host:")),
    Attempt(
      "a forwarded host", 400, "unknown_host",
      get(me, ["X-Forwarded-Host: localhost"], host: "Host: evil.test")),
    Attempt(
      "a question of another origin", 403, "origin_not_allowed",
      "OPTIONS \(login) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Origin: https://evil.test\r\nAccess-Control-Request-Method: POST\r\n\r\n"),
    Attempt(
      "a question about nothing", 404, "not_found",
      "OPTIONS /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n\r\n"),
    Attempt(
      "a WebSocket without a token", 401, "unauthenticated",
      get(
        "/ws",
        [
          "Upgrade: websocket", "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]
      )
      .replacing("Connection: close", with: "Connection: close, Upgrade")),
  ]

  /// What is no HTTP, or two things at once: the parser refuses it and nothing of ours sees it.
  static let smuggling: [Attempt] = [
    Attempt(
      "two lengths", 400, nil,
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"
        + "GET /"
    ),
    Attempt(
      "a length and chunks", 400, nil,
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
        + "0\r\n\r\nG"
    ),
    Attempt(
      "a length that is no number", 400, nil,
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5x\r\n\r\nhello"),
    Attempt(
      "a negative length", 400, nil,
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"),
    Attempt(
      "chunks that are none", 400, nil,
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    Attempt(
      "a chunk of 2^64", 400, nil,
      "POST \(login) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "fffffffffffffffff\r\n"
    ),
    Attempt(
      "a blank before the colon", 400, nil,
      "GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n"),
    Attempt(
      "a zero byte in a header", 400, nil,
      "GET /health HTTP/1.1\r\nHost: local\u{0}host\r\n\r\n"),
    Attempt(
      "no version that there is", 400, nil, "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n"),
    Attempt("no HTTP", 400, nil, "hello\r\n\r\n"),
    Attempt(
      "the beginning of TLS", 400, nil, [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC]),
    Attempt(
      "a header of 100 kB", 400, nil,
      "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "a", count: 100_000)
        + "\r\n\r\n"),
    Attempt(
      "a thousand headers", 400, nil,
      "GET /health HTTP/1.1\r\nHost: localhost\r\n"
        + (0..<1_000).map { "X-\($0): 1\r\n" }.joined() + "\r\n"),
  ]

  @Test(
    .covers(
      "S17-CL-SEC-01", "S17-CL-SEC-02", "S17-HDR-01", "S17-HDR-02", "S17-HDR-03", "S17-HDR-05",
      "S17-HDR-06", "S17-HDR-07", "S17-HDR-09", "S17-HDR-10", "S17-INT-05", "S03-CL-SEC-03",
      "S03-CL-SEC-06", "S04-NET-05", "S04-NET-06", "S04-NET-07", "S04-NET-08", "S04-NET-11",
      "S04-AUTH-09", "S04-ERR-03"))
  func `nobody gets in, and nothing falls over`() async throws {
    try await RunningService.run { service in
      // Counted, so that a list that is lost is noticed.
      let all = Self.credentials + Self.bodies + Self.cookies + Self.requests
      #expect(all.count + Self.smuggling.count >= 100)
      #expect(Set(all.map(\.name)).count == all.count)
      for attempt in all {
        let answer = try #require(
          await RawClient.send(attempt.bytes, port: service.port), "\(attempt.name)")
        #expect(answer.status == attempt.status, "\(attempt.name): \(answer)")
        guard let code = attempt.code else { continue }
        #expect(answer.code == code, "\(attempt.name): \(answer)")
        #expect(answer["content-type"] == "application/problem+json")
        #expect(answer["x-content-type-options"] == "nosniff")
        #expect(answer["x-frame-options"] == "DENY")
        #expect(answer["x-xss-protection"] == "1; mode=block")
        #expect(answer["referrer-policy"] == "strict-origin-when-cross-origin")
        #expect(answer["permissions-policy"] == "geolocation=(), microphone=(), camera=()")
        #expect(
          answer["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
        #expect(answer["cache-control"] == "no-store")
        #expect([nil, "http://localhost:3000"].contains(answer["access-control-allow-origin"]))
        #expect(answer["server"] == nil)
      }
      for attempt in Self.smuggling {
        // A connection that ends without a word is as good a refusal.
        guard let answer = await RawClient.send(attempt.bytes, port: service.port) else { continue }
        #expect(answer.status == attempt.status, "\(attempt.name): \(answer)")
        #expect(!answer.body.contains("HTTP/1.1 200"), "\(attempt.name)")
      }
      #expect(try await service.metric("logins_total") == 0)
      #expect(try await service.metric("http_requests_in_progress") == 0)
      let text = try await service.metrics()
      let faults = text.split(separator: "\n").filter {
        $0.contains(#"status="5xx""#) && !$0.hasSuffix(" 0")
      }
      #expect(faults == [])
      #expect(!service.logText.contains(RunningService.password))
      // And whoever may get in still does, from an address that guessed nothing.
      let answer = try #require(
        await service.ask(
          "POST", Self.login, ["X-Forwarded-For: 203.0.113.77"], body: RunningService.signIn()))
      #expect(answer.status == 200)
    }
  }

  @Test(.covers("S04-AUTH-08", "C-45"))
  func `an address that guessed five times is out, whatever its case, and others are not`()
    async throws
  {
    try await RunningService.run { service in
      for number in 0..<5 {
        let email = number.isMultiple(of: 2) ? "Admin@Localhost" : " admin@localhost"
        let answer = try #require(
          await service.ask(
            "POST", Self.login, ["X-Forwarded-For: 203.0.113.5"],
            body: RunningService.signIn(email, "guess \(number)")))
        #expect(answer.status == 401)
      }
      let locked = try #require(
        await service.ask(
          "POST", Self.login, ["X-Forwarded-For: 203.0.113.5"], body: RunningService.signIn()))
      #expect(locked.status == 401 && locked.code == "invalid_credentials")
      // What the guesser writes left of our proxy's word changes nothing.
      let forged = try #require(
        await service.ask(
          "POST", Self.login, ["X-Forwarded-For: 198.51.100.1, 203.0.113.5"],
          body: RunningService.signIn()))
      #expect(forged.status == 401)
      let owner = try #require(
        await service.ask(
          "POST", Self.login, ["X-Forwarded-For: 198.51.100.7"], body: RunningService.signIn()))
      #expect(owner.status == 200)
      #expect(try await service.metric(#"account_lockouts_total{scope="pair"}"#) == 1)
      #expect(try await service.metric(#"login_failures_total{reason="locked"}"#) == 2)
      #expect(try await service.metric(#"login_failures_total{reason="credentials"}"#) == 5)
    }
  }

  @Test(.covers("S04-AUTH-12"))
  func `a stolen refresh token is worth one use, and ends the session`() async throws {
    try await RunningService.run { service in
      let victim = try await service.signedIn()
      let headers = ["Cookie: \(victim.cookie)", "X-Requested-With: x"]
      let thief = try service.signedIn(
        try #require(await service.ask("POST", Self.refresh, headers)))
      // The thief goes on; the owner comes with what was theirs.
      let thiefs = ["Cookie: \(thief.cookie)", "X-Requested-With: x"]
      _ = try service.signedIn(
        try #require(await service.ask("POST", Self.refresh, thiefs)))
      let again = try #require(await service.ask("POST", Self.refresh, headers))
      #expect(again.status == 401)
      for session in [victim, thief] {
        let answer = try #require(await service.ask("GET", Self.me, [session.bearer]))
        #expect(answer.status == 401)
      }
      #expect(try await service.metric(#"token_rejections_total{reason="reused"}"#) == 1)
    }
  }

  @Test(.covers("S18-NGX-04"))
  func `a body that only turns out to be too large is refused`() async throws {
    try await RunningService.run(["MAX_BODY_BYTES": "1000"]) { service in
      let chunk = String(repeating: " ", count: 600)
      let text =
        "POST \(Self.login) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "258\r\n\(chunk)\r\n258\r\n\(chunk)\r\n0\r\n\r\n"
      let answer = try #require(await RawClient.send(Array(text.utf8), port: service.port))
      #expect(answer.status == 413 && answer.code == "body_too_large")
    }
  }

  @Test(.covers("C-35"))
  func `who sends half a body gets an answer and not a place`() async throws {
    let limits = [
      "REQUEST_TIMEOUT_SECONDS": "2", "UPSTREAM_TIMEOUT_SECONDS": "1.5",
      "DATABASE_POOL_WAIT_SECONDS": "1", "DATABASE_STATEMENT_TIMEOUT_SECONDS": "0.5",
    ]
    try await RunningService.run(limits) { service in
      let text =
        "POST \(Self.login) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
      let answer = try #require(await RawClient.send(Array(text.utf8), port: service.port))
      #expect(answer.status == 503 && answer.code == "timed_out")
      #expect(try await service.metric("http_requests_in_progress") == 0)
    }
  }
}
