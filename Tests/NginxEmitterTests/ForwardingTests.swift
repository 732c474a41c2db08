import TestSupport
import Testing

/// What the components behind the edge get, and what the edge writes down.
@Suite(.serialized) struct ForwardingTests {
  @Test(.covers("S18-NGX-15", "C-34"))
  func `upstreams are told the truth, whatever the client says`() async throws {
    let lies = [
      "X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4", "X-Forwarded-Proto": "gopher",
      "X-Forwarded-Host": "evil.example", "Forwarded": "for=1.2.3.4", "Proxy": "evil.example",
      "X-Request-ID": "somebody-elses-id", "CF-Connecting-IP": "1.2.3.4", "Upgrade": "h2c",
      "Connection": "Upgrade, HTTP2-Settings",
    ]
    let outcomes = try await requests(to: [
      .request("GET", "/api/v1/orders?a=b%20c", host: Shop.api, headers: lies), .seen,
    ])
    let request = try #require(outcomes[1].requests?.first)
    let id = try #require(outcomes[0].values("X-Request-ID").first)
    #expect(request.target == "/api/v1/orders?a=b%20c")
    #expect(request.protocol == "HTTP/1.1")
    let told = [
      ("Host", [Shop.api]), ("X-Real-IP", ["127.0.0.1"]), ("X-Forwarded-For", ["127.0.0.1"]),
      ("X-Forwarded-Proto", ["https"]), ("X-Forwarded-Host", [Shop.api]), ("X-Request-ID", [id]),
      ("Upgrade", []), ("Connection", []), ("Forwarded", []), ("Proxy", []),
    ]
    for (name, values) in told { #expect(request.values(name) == values, "\(name)") }
    #expect(id != "somebody-elses-id")
    #expect(id.count == 32)
  }

  @Test(.covers("C-34", "S18-ARCH-01"))
  func `a known proxy names the client and the request, and limits follow the client`()
    async throws
  {
    let known = ["CF-Connecting-IP": "203.0.113.9", "X-Request-ID": "id-of-the-proxy"]
    let signIn = { (client: String) in
      Step.request(
        "POST", "/api/v1/sign-in", host: Shop.api, headers: ["CF-Connecting-IP": client],
        from: "198.51.100.7")
    }
    let outcomes = try await requests(
      to: [
        .request("GET", "/api/v1/orders", headers: known, from: "198.51.100.7"), .seen,
        .request(
          "GET", "/api/v1/orders", headers: ["X-Request-ID": "bad id;"], from: "198.51.100.7"),
      ] + Array(repeating: signIn("203.0.113.1"), count: 8) + [signIn("203.0.113.2")])
    let request = try #require(outcomes[1].requests?.first)
    #expect(request.values("X-Forwarded-For") == ["203.0.113.9"])
    #expect(request.values("X-Request-ID") == ["id-of-the-proxy"])
    #expect(outcomes[2].values("X-Request-ID").first?.count == 32)
    #expect(outcomes[9].status == 429)
    #expect(outcomes[10].status == 429)
    #expect(outcomes[11].status == 200)
  }

  @Test(.covers("S18-NGX-15", "C-34"))
  func `a WebSocket passes, and nothing else is upgraded`() async throws {
    let outcomes = try await requests(to: [
      .socket("/ws"), .seen, .socket("/ws", upgrade: "h2c"), .seen,
      .socket("/api/v1/orders"), .seen,
    ])
    #expect(outcomes[0].status == 101)
    #expect(outcomes[0].body == "ping\n")
    let request = try #require(outcomes[1].requests?.first)
    #expect(request.values("Upgrade") == ["websocket"])
    #expect(request.values("Connection") == ["upgrade"])
    for outcome in [outcomes[3], outcomes[5]] {
      let request = try #require(outcome.requests?.first)
      #expect(request.values("Upgrade") == [])
      #expect(request.values("Connection") == [])
    }
  }

  @Test func `connections to upstreams are used again`() async throws {
    // Three requests, one after another: with one worker's luck they share a connection.
    let outcomes = try await requests(
      to: Array(repeating: .request("GET", "/health"), count: 12) + [.seen])
    let connections = Set(outcomes.last?.requests?.map(\.connection) ?? [])
    #expect(outcomes.last?.requests?.count == 12)
    #expect(connections.count <= 2, "one for each worker, \(connections.count) were opened")
  }

  @Test func `what may have been done is not asked a second time`() async throws {
    let close = ["X-Stand-In": "close"]
    let outcomes = try await requests(to: [
      .request("POST", "/api/v1/orders", headers: close, bytes: 3), .seen,
      .request("POST", "/portfolio", headers: close, bytes: 3), .seen,
    ])
    #expect(outcomes[0].status == 502)
    #expect(outcomes[1].requests?.count == 1)
    #expect(outcomes[2].status == 502)
    #expect(outcomes[3].requests?.count == 1)
  }

  @Test(.covers("S18-NGX-03", "S18-NGX-19"))
  func `the log is JSON without query strings, and does not mention health`() async throws {
    let outcomes = try await requests(to: [
      .request("GET", "/api/v1/orders?token=secret", headers: ["User-Agent": #"a"b\c"#]),
      .request("GET", "/metrics?token=secret"),
      .request("GET", "/health"), .request("GET", "/api/health"),
      .request("GET", "/ws?token=secret", headers: ["X-Stand-In": "close"]), .words,
    ])
    let lines = try #require(outcomes.last?.out).split(separator: "\n").map(String.init)
    try #require(lines.count == 3, "\(lines)")
    for line in lines { #expect(!line.contains("secret")) }
    let first = try LogLine(lines[0])
    #expect(first.path == "/api/v1/orders")
    #expect(first.status == "200")
    #expect(first.agent == #"a"b\c"#)
    #expect(first.upstream == "127.0.1.1:8000")
    #expect(first.tls == "TLSv1.3")
    let second = try LogLine(lines[1])
    #expect(second.path == "/metrics")
    #expect(second.status == "404")
    #expect(try LogLine(lines[2]).status == "502")
    #expect(outcomes.last?.err?.contains("secret") == false)
  }

  @Test(.covers("C-34", "S18-NGX-07"))
  func `a replica that takes another's place is found within seconds`() async throws {
    let outcomes = try await requests(to: [
      .request("GET", "/health"), .move("backend", to: "127.0.1.9"), .pause(seconds: 3),
      .request("GET", "/health"), .seen,
    ])
    #expect([outcomes[0].status, outcomes[3].status] == [200, 200])
    #expect(outcomes[4].requests?.map(\.upstream) == ["backend", "moved"])
  }
}
