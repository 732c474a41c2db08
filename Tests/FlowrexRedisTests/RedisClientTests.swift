import FlowrexContract
import FlowrexMetrics
import FlowrexRedis
import FlowrexSupport
import ServiceContract
import TestSupport
import Testing

/// The client against a real server: questions and answers, passwords, TLS.
@Suite struct RedisClientTests {
  @Test func `any bytes come back as they were`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let all = Array(UInt8.min...UInt8.max) + Array("\r\n$5\r\n+OK\r\n".utf8)
      for bytes in [all, [], Array(repeating: 7, count: 1_000_000)] {
        let command = RedisCommand([Array("SET".utf8), Array("key".utf8), bytes])
        #expect(try await client.say(command) == .status("OK"))
        #expect(try await client.say("GET", "key") == .bytes(bytes))
      }
      #expect(try await client.say("GET", "none") == .null)
      #expect(try await client.say("INCR", "count") == .integer(1))
      #expect(
        try await client.say("MGET", "none", "count")
          == .array([.null, .bytes(Array("1".utf8))]))
      // A word that is no command is the caller's fault and no fault of the server.
      let reply = try await client.say("NONSENSE")
      guard case .error(let why) = reply else {
        Issue.record("\(reply)")
        return
      }
      #expect(why.hasPrefix("ERR unknown command"))
    }
  }

  @Test func `a thousand commands in one piece are answered in their order`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let replies = try await client.ask((0..<1_000).map { RedisCommand("ECHO", "\($0)") })
      #expect(replies == (0..<1_000).map { .bytes(Array("\($0)".utf8)) })
      #expect(try await client.say([]) == [])
      #expect(client.connectionCount == 1)
    }
  }

  @Test(.covers("S04-RL-03", "S04-PERF-07", "S17-VAR-19"))
  func `many at once get their own answers over few connections`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server) { $0.connections = 3 }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<2_000 {
          group.addTask {
            let reply = try await client.say("ECHO", "\(number)")
            #expect(reply == .bytes(Array("\(number)".utf8)))
          }
        }
        try await group.waitForAll()
      }
      #expect((1...3).contains(client.connectionCount))
      let info = try await client.say("INFO", "clients")
      let text = String(decoding: info.bytes ?? [], as: UTF8.self)
      let connected = text.firstMatch(of: /connected_clients:([0-9]+)/).flatMap { Int($0.1) }
      #expect(connected == client.connectionCount)
    }
  }

  @Test(.covers("S04-RL-02", "C-38"))
  func `nobody is served without the password`() async throws {
    try await RedisProcess.run { server async throws in
      let wrong = Connections.client(to: server, password: "wrong")
      await expect(wrong) {
        if case .unable(let why) = $0 { why.hasPrefix("WRONGPASS") } else { false }
      }
      let none = Connections.client(to: server, password: .some(nil))
      await expect(none) {
        if case .unable(let why) = $0 { why.hasPrefix("NOAUTH") } else { false }
      }
      let pong = try await Connections.client(to: server).say("PING")
      #expect(pong == .status("PONG"))
    }
  }

  @Test(.covers("C-60", "S04-RL-01", "S18-ARCH-23"))
  func `with TLS the authority and the name are checked`() async throws {
    try await RedisProcess.run(.tls) { server async throws in
      let authority = try TLSContext(authorityFile: server.authorityFile)
      let client = Connections.client(to: server, host: "localhost", tls: authority)
      let bytes = Array(repeating: UInt8(3), count: 300_000)
      let set = RedisCommand([Array("SET".utf8), Array("key".utf8), bytes])
      #expect(try await client.say(set) == .status("OK"))
      #expect(try await client.say("GET", "key") == .bytes(bytes))
      let replies = try await client.ask((0..<500).map { RedisCommand("ECHO", "\($0)") })
      #expect(replies == (0..<500).map { .bytes(Array("\($0)".utf8)) })

      // The certificate is localhost's, not the address's.
      let byAddress = Connections.client(to: server, host: "127.0.0.1", tls: authority)
      await expect(byAddress) { $0 == .unreachable("TLS: IP address mismatch") }
      let other = try TLSContext(authorityFile: server.otherAuthorityFile)
      let unknown = Connections.client(to: server, host: "localhost", tls: other)
      await expect(unknown) { fault in
        if case .unreachable(let why) = fault { why.hasPrefix("TLS: ") } else { false }
      }
      let plain = Connections.client(to: server, host: "localhost")
      await expect(plain) { if case .broken = $0 { true } else { false } }
    }
  }

  @Test func `a file of authorities that is none is said at once`() {
    #expect(throws: RedisFault.self) { try TLSContext(authorityFile: "/nowhere/authority.pem") }
  }

  @Test func `what a server cannot do is a fault, not an answer`() async throws {
    try await RedisProcess.run { server async throws in
      let watcher = Watcher()
      let client = Connections.client(to: server, observer: watcher)
      let full = RedisCommand("CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "noeviction")
      let set = try await client.say(full)
      #expect(set == .status("OK"))
      await #expect {
        try await client.say("SET", "key", "value")
      } throws: { error in
        if case .unable(let why)? = error as? RedisFault { why.hasPrefix("OOM") } else { false }
      }
      #expect(watcher.seen.faults.count == 1 && watcher.seen.isReachable == false)
    }
  }

  @Test func `who closed it is not served any more`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      _ = try await client.say("PING")
      client.close()
      await expect(client) { $0 == .unreachable("it was closed here") }
    }
  }

  @Test(.covers("C-08"))
  func `the contract's metrics of a server start at their places and are driven`() async throws {
    try await RedisProcess.run { server async throws in
      let metrics = MetricRegistry(.backend)
      let meter = RedisMeter(.state, metrics: metrics)
      func says(_ line: String) -> Bool { metrics.text().contains(line + "\n") }
      #expect(says(#"circuit_breaker_state{breaker="redis_state",state="closed"} 1"#))
      #expect(says(#"circuit_breaker_state{breaker="redis_state",state="open"} 0"#))
      let client = Connections.client(to: server, observer: meter) { $0.failures = 1 }
      _ = try await client.say("PING")
      #expect(says(#"dependency_reachable{dependency="redis_state"} 1"#))
      #expect(says(#"dependency_reachable{dependency="redis_cache"} 0"#))
      try await server.kill()
      await #expect(throws: RedisFault.self) { try await client.say("PING") }
      #expect(says(#"dependency_reachable{dependency="redis_state"} 0"#))
      #expect(says(#"circuit_breaker_state{breaker="redis_state",state="closed"} 0"#))
      #expect(says(#"circuit_breaker_state{breaker="redis_state",state="open"} 1"#))
      #expect(says(#"circuit_breaker_transitions_total{breaker="redis_state",state="open"} 1"#))
    }
  }

  private func expect(
    _ client: RedisClient, _ place: SourceLocation = #_sourceLocation,
    _ isMeant: (RedisFault) -> Bool
  ) async {
    do throws(RedisFault) {
      let reply = try await client.ask(RedisCommand("PING"))
      Issue.record("\(reply)", sourceLocation: place)
    } catch {
      #expect(isMeant(error), "\(error)", sourceLocation: place)
    }
  }
}
