import FlowrexContract
import FlowrexSupport
import Foundation
import Glibc
import ServiceContract
import TestSupport
import Testing

/// The real process, from start to end.
@Suite struct ServiceTests {
  @Test(
    .covers(
      "S18-EP-01", "S18-EP-03", "S03-STEP-06", "C-10", "C-11", "S17-LOG-01", "S17-LOG-02",
      "S17-LOG-07", "C-21", "S17-CL-OBS-01", "S04-OBS-05", "S04-OBS-06"))
  func `it starts, answers health, measures and logs`() async throws {
    try await RunningService.run { service in
      for path in ["/health", "/api/v1/health"] {
        let answer = try #require(await service.ask("GET", path, host: "any.host"))
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""service":"flowrex-backend","status":"healthy""#))
        #expect(answer.body.contains(#""version":"0.0.0""#))
      }
      for path in ["/health/ready", "/api/v1/ready"] {
        let answer = try #require(await service.ask("GET", path))
        #expect(answer.status == 200 && answer.body.contains(#""status":"ready""#))
      }
      let name = "client-chosen-0123"
      let missing = try #require(
        await service.ask("GET", "/nothing?token=canary-7", ["X-Request-ID: \(name)"]))
      #expect(missing.status == 404 && missing["x-request-id"] == name)
      #expect(
        try await service.metric(
          #"http_requests_total{method="GET",endpoint="unmatched",status="4xx"}"#) == 1)
      #expect(try await service.metric("http_requests_in_progress") == 0)
      #expect(
        try await service.metric(
          #"http_requests_total{method="GET",endpoint="/health",status="2xx"}"#) == 1)

      let lines = try service.logText.split(separator: "\n").map { line in
        try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
      }
      #expect(lines.first?["message"] == "Logging configured")
      let line = try #require(lines.first { $0["request_id"] == name })
      #expect(line["endpoint"] == "unmatched" && line["status"] == "404")
      #expect(line["service"] == "flowrex-backend" && line["environment"] == "development")
      for line in lines {
        let moment = try #require(line["timestamp"])
        #expect(moment.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
      }
      #expect(!service.logText.contains("canary-7") && !service.logText.contains("/nothing"))
    }
  }

  /// Engine fact F9: taken while the edge still knows this replica, then told to go, then ended.
  @Test(.covers("C-33"))
  func `it drains: takes requests, then closes connections, then ends with 0`() async throws {
    try await RunningService.run(["DRAIN_ACCEPT_SECONDS": "4"]) { service in
      service.signal(SIGTERM)
      var answer: RawAnswer?
      for _ in 0..<200 {
        answer = await service.ask("GET", "/health/ready")
        if answer?.status == 503 { break }
      }
      let draining = try #require(answer)
      #expect(draining.status == 503 && draining.body.contains(#""process":"draining""#))
      let taken = try #require(await service.ask("GET", "/health"))
      #expect(taken.status == 200)
      #expect(try await service.metric("service_draining") == 1)
      #expect(try await service.awaitEnd() == 0)
      let text = service.logText
      let steps = ["draining", "closing connections", "ended"].map { word in
        text.range(of: "\"message\":\"\(word)\"")?.lowerBound
      }
      #expect(!steps.contains(nil) && steps.compactMap { $0 } == steps.compactMap { $0 }.sorted())
    }
  }

  /// The edge keeps connections open: one that is used again gets its answer and the word to go.
  @Test(.covers("C-33"))
  func `a connection that is kept is told to go, and then ended by us`() async throws {
    try await RunningService.run(["DRAIN_ACCEPT_SECONDS": "1"]) { service in
      let connection = try #require(RawClient.connected(to: service.port))
      defer { close(connection) }
      service.signal(SIGTERM)
      var said = ""
      // Each round is one request on the same connection; the drain ends them in a few seconds.
      for _ in 0..<100_000 where !said.lowercased().contains("connection: close") {
        said = await RawClient.again(connection, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        guard !said.isEmpty else { break }
        #expect(said.hasPrefix("HTTP/1.1 200 "))
      }
      #expect(said.lowercased().contains("connection: close"))
      let rest = await RawClient.again(connection, "")
      #expect(rest == "", "nothing but the end follows")
      #expect(try await service.awaitEnd() == 0)
    }
  }

  @Test(.covers("C-33"))
  func `a second signal shortens the drain`() async throws {
    try await RunningService.run(["DRAIN_ACCEPT_SECONDS": "19"]) { service in
      service.signal(SIGTERM)
      for _ in 0..<200 where !service.logText.contains("\"draining\"") {
        try await Task.sleep(for: .milliseconds(20))
      }
      let started = ContinuousClock.now
      // The second look at the signals begins a moment after the first saw its own.
      while service.isRunning && ContinuousClock.now - started < .seconds(15) {
        service.signal(SIGTERM)
        try await Task.sleep(for: .milliseconds(200))
      }
      #expect(try await service.awaitEnd() == 0)
      #expect(ContinuousClock.now - started < .seconds(15))
    }
  }

  @Test(.covers("S17-SEC-14", "S17-CL-ENV-05"))
  func `it opens no port when it is told wrongly`() async throws {
    let output = try await Tool.built(
      "flowrex", ["serve"],
      environment: [
        "ENVIRONMENT": "development", "BACKEND_PORT": "none", "WS_MAX_CONNECTIONS": "many",
        "RISK_MAX_LEVERAGE": "50",
      ])
    #expect(output.status == 78 && output.stdout.isEmpty)
    #expect(
      output.stderr == """
        refused to start: 3 problems
          BACKEND_PORT: expected whole number
          RISK_MAX_LEVERAGE: is above the hard cap of 10
          WS_MAX_CONNECTIONS: expected whole number

        """)
  }

  @Test(.covers("C-20", "S17-LOG-05", "S17-VAR-49", "S17-VAR-50", "S17-VAR-51", "S17-VAR-52"))
  func `a log file is wanted or not, and bounded in size and number`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "app.log")
      let variables = [
        "LOG_FILE_ENABLED": "true", "LOG_FILE_PATH": path, "LOG_FILE_MAX_BYTES": "2000",
        "LOG_FILE_BACKUP_COUNT": "2",
      ]
      try await RunningService.run(variables) { service in
        for _ in 0..<40 { _ = await service.ask("GET", "/nothing") }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["app.log", "app.log.1", "app.log.2"])
        for name in names {
          let text = try folder.read(name)
          #expect((1...2_000).contains(text.utf8.count))
          #expect(service.logText.contains(text))
        }
      }
    }
    try await RunningService.run { service in
      #expect(service.logText.contains("Logging configured"))
    }
  }

  /// Engine fact F11, from the engine's side.
  @Test(.covers("C-09"))
  func `the health check is a latch`() async throws {
    func check(_ port: Int) async throws -> (Int32, String) {
      let output = try await Tool.built(
        "flowrex", ["healthcheck"],
        environment: ["ENVIRONMENT": "development", "BACKEND_PORT": "\(port)"])
      return (output.status, output.stderr)
    }
    try await RunningService.run(["DRAIN_ACCEPT_SECONDS": "19"]) { service in
      let before = try await check(service.port)
      #expect(before == (0, ""))
      service.signal(SIGTERM)
      // Not ready any more, and healthy: a drain is no reason to be killed.
      var status: Int?
      for _ in 0..<200 where status != 503 {
        status = await service.ask("GET", "/health/ready")?.status
      }
      #expect(status == 503)
      let draining = try await check(service.port)
      #expect(draining == (0, ""))
    }
    let nobody = try BoundPort()
    #expect(try await check(nobody.number) == (1, "unhealthy: no answer\n"))
    nobody.release()
    for (body, said) in [
      (#"{"status":"alive","was_ready":false}"#, "unhealthy: never ready yet\n"),
      ("{}", "unhealthy: not alive\n"),
    ] {
      let bound = try BoundPort()
      let descriptor = bound.descriptor
      listen(descriptor, 4)
      let text = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
      Thread.detachNewThread {
        let connection = accept(descriptor, nil, nil)
        var buffer = [UInt8](repeating: 0, count: 1_024)
        _ = recv(connection, &buffer, buffer.count, 0)
        _ = Glibc.send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        close(connection)
      }
      #expect(try await check(bound.number) == (1, said))
      bound.release()
    }
  }

  @Test(.covers("S04-AUTH-10", "S04-AUTH-12", "C-61"))
  func `somebody signs in, refreshes, is recognised and signs out`() async throws {
    try await RunningService.run { service in
      let first = try await service.signedIn()
      let me = try #require(await service.ask("GET", "/api/v1/auth/me", [first.bearer]))
      #expect(me.status == 200)
      let id = "00000000-0000-0000-0000-000000000001"
      #expect(me.body == #"{"email":"admin@localhost","id":"\#(id)","role":"admin"}"#)
      let headers = ["Cookie: \(first.cookie)", "X-Requested-With: flowrex"]
      let answer = try #require(await service.ask("POST", "/api/v1/auth/refresh", headers))
      let second = try service.signedIn(answer)
      let cookie = try #require(answer["set-cookie"])
      #expect(
        cookie.hasSuffix(
          "; Path=/api/v1/auth; Max-Age=604800; HttpOnly; SameSite=Strict"))
      let out = try #require(await service.ask("POST", "/api/v1/auth/logout", [second.bearer]))
      #expect(out.status == 204 && out["set-cookie"]?.contains("Max-Age=0") == true)
      for token in [first, second] {
        let refused = try #require(
          await service.ask("GET", "/api/v1/auth/me", [token.bearer]))
        #expect(refused.status == 401 && refused.code == "unauthenticated")
      }
      #expect(try await service.metric("logins_total") == 1)
      #expect(try await service.metric("token_refreshes_total") == 1)
      #expect(try await service.metric("tokens_revoked_total") == 1)
      #expect(
        try await service.metric(#"token_rejections_total{reason="revoked"}"#) == 2)
      for secret in [first.access, second.access, RunningService.password, first.cookie] {
        #expect(!service.logText.contains(secret))
      }
    }
  }

  @Test(
    .covers("S17-RL-04", "S17-RL-06", "S04-RL-08", "S04-AUTH-07", "S17-CL-SEC-03", "S03-CL-SEC-05"))
  func `who asks too often is told when to come again, and health is never limited`() async throws {
    try await RunningService.run(["RATE_LIMIT_ENABLED": "true"]) { service in
      let path = "/api/v1/auth/login"
      let body = RunningService.signIn("x@example.com", "wrong")
      var answers: [RawAnswer] = []
      // Five at once, and one more each twelve seconds: a slow machine gets a few more.
      while answers.count < 40, answers.last?.status != 429 {
        answers.append(try #require(await service.ask("POST", path, body: body)))
      }
      #expect(answers.first?["ratelimit-policy"] == #""auth";q=5;w=60"#)
      #expect(answers.first?["x-ratelimit-limit"] == "5")
      #expect(answers.first?["x-ratelimit-remaining"] == "4")
      let refused = try #require(answers.last)
      #expect(refused.status == 429 && refused.code == "rate_limited")
      #expect(refused.body.contains("Rate limit exceeded. Please try again later."))
      #expect(refused["retry-after"].flatMap { Int($0) }.map { $0 > 0 } == true)
      #expect(
        try await service.metric(#"rate_limited_requests_total{limit_class="auth"}"#) != 0)
      for _ in 0..<40 {
        #expect(await service.ask("GET", "/health")?.status == 200)
      }
    }
  }
}
