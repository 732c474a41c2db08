import FlowrexContract
import FlowrexSupport
import TestSupport
import Testing

/// Real processes on two real Redis servers: what they share, and what they do without.
@Suite(.serialized) struct SharedServiceTests {
  /// Patient with a busy machine; the times of the chain are tried where the client is.
  private static func variables(_ cache: RedisProcess, _ state: RedisProcess) -> [String: String] {
    [
      "REDIS_ENGINE": "redis", "REDIS_CACHE_HOST": cache.host, "REDIS_STATE_HOST": state.host,
      "REDIS_PORT": "\(state.port)", "REDIS_PASSWORD": state.password,
      "REDIS_TIMEOUT_SECONDS": "2", "REDIS_CONNECT_TIMEOUT_SECONDS": "2",
      "RATE_LIMIT_ENABLED": "true",
    ]
  }

  @Test(.covers("C-07", "S04-RL-05"))
  func `two processes let through what one would`() async throws {
    try await RedisProcess.runTwo { cache, state async throws in
      let variables = Self.variables(cache, state)
      try await RunningService.run(variables) { one in
        try await RunningService.run(variables) { other in
          let body = RunningService.signIn("x@example.com", "wrong")
          let start = ContinuousClock.now
          var statuses: [Int] = []
          for number in 0..<14 {
            let service = number.isMultiple(of: 2) ? one : other
            let answer = try #require(
              await service.ask("POST", "/api/v1/auth/login", body: body))
            statuses.append(answer.status)
          }
          // Five at once, and one more each twelve seconds of a slow machine.
          let more = Int((ContinuousClock.now - start).components.seconds / 12) + 1
          let passed = statuses.count { $0 == 401 }
          #expect((5...5 + more).contains(passed), "\(statuses)")
          #expect(statuses.count { $0 == 429 } == 14 - passed, "\(statuses)")
        }
      }
    }
  }

  @Test(.covers("C-08", "C-09", "S04-RL-04", "S18-EP-02"))
  func `without the state writes and sign-in are closed, reads go on, and it heals`() async throws {
    try await RedisProcess.runTwo { cache, state async throws in
      try await RunningService.run(Self.variables(cache, state)) { service in
        let person = try await service.signedIn()
        try await state.kill()
        let closed = try #require(
          await service.ask("POST", "/api/v1/auth/login", body: RunningService.signIn()))
        #expect(closed.status == 503 && closed.code == "limiter_unavailable", "\(closed)")
        #expect(closed["retry-after"] == "5")
        let read = await service.ask("GET", "/api/v1/auth/me", [person.bearer])
        #expect(
          read?.status == 200 && read?["ratelimit-policy"] != nil, "\(String(describing: read))")
        #expect(await service.ask("GET", "/health")?.status == 200)
        let ready = try #require(await service.ask("GET", "/health/ready"))
        #expect(ready.status == 503, "\(ready)")
        #expect(
          try await service.metric(
            #"rate_limits_degraded_total{limit_class="auth",decision="closed"}"#) != 0)
        #expect(
          try await service.metric(
            #"rate_limits_degraded_total{limit_class="admin",decision="local"}"#) != 0)
        #expect(
          try await service.metric(#"dependency_reachable{dependency="redis_state"}"#) == 0)

        try await state.start()
        try await untilReady(service)
        let again = await service.ask(
          "POST", "/api/v1/auth/login", body: RunningService.signIn())
        #expect(again?.status == 200)
        #expect(
          try await service.metric(#"dependency_reachable{dependency="redis_state"}"#) == 1)
        #expect(!service.logText.contains(state.password))
      }
    }
  }

  @Test(.covers("C-08", "C-09"))
  func `without the cache everything is served, and readiness says that it is gone`() async throws {
    try await RedisProcess.runTwo { cache, state async throws in
      try await RunningService.run(Self.variables(cache, state)) { service in
        cache.freeze()
        let person = try await service.signedIn()
        #expect(await service.ask("GET", "/api/v1/auth/me", [person.bearer])?.status == 200)
        let ready = try #require(await service.ask("GET", "/health/ready"))
        #expect(ready.status == 503, "\(ready)")
        cache.thaw()
        try await untilReady(service)
      }
    }
  }

  @Test(.covers("C-60"))
  func `over TLS it believes its authority and no other`() async throws {
    try await RedisProcess.run(.tls) { server async throws in
      var variables = Self.variables(server, server)
      variables["REDIS_CACHE_HOST"] = "localhost"
      variables["REDIS_STATE_HOST"] = "localhost"
      variables["REDIS_TLS"] = "true"
      variables["INTERNAL_CA_FILE"] = server.authorityFile
      try await RunningService.run(variables) { service in
        _ = try await service.signedIn()
      }
      variables["INTERNAL_CA_FILE"] = server.otherAuthorityFile
      try await RunningService.run(variables, wasReady: false) { service in
        while !service.logText.contains("Redis cannot be reached: TLS: ") {
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect(await service.ask("GET", "/health/ready")?.status == 503)
      }
      variables["INTERNAL_CA_FILE"] = "/nowhere/authority.pem"
      variables["ENVIRONMENT"] = "development"
      let refused = try await Tool.built("flowrex", ["serve"], environment: variables)
      #expect(refused.status == 1)
      #expect(refused.stderr.contains("the authority's file cannot be read"), "\(refused)")
    }
  }

  /// Half a minute bounds a service that never heals.
  private func untilReady(
    _ service: RunningService, _ place: SourceLocation = #_sourceLocation
  ) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if await service.ask("GET", "/health/ready")?.status == 200 { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("it never became ready", sourceLocation: place)
  }
}
