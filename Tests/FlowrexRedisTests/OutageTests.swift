import FlowrexContract
import FlowrexRedis
import FlowrexSupport
import TestSupport
import Testing

/// A server that is stopped, frozen and started again, as seen by those who ask it.
@Suite struct OutageTests {
  @Test(.covers("C-35", "S03-VAR-05"))
  func `a frozen server holds nobody longer than the time of an answer, and comes back`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let watcher = Watcher()
      let client = Connections.client(to: server, observer: watcher) {
        $0.timeout = .milliseconds(200)
        $0.connectTimeout = .milliseconds(200)
        $0.failures = 3
        $0.rest = .seconds(3)
      }
      try await untilAnswered(client)
      server.freeze()
      let start = ContinuousClock.now
      for number in 0..<3 {
        let fault = await self.fault { try await client.say("ECHO", "\(number)") }
        // A slow machine has seen the connection end by then.
        #expect(fault != nil && fault != .resting, "\(String(describing: fault))")
      }
      #expect(await fault { try await client.say("PING") } == .resting)
      // A bound for hanging: three answers and their slack.
      #expect(ContinuousClock.now - start < .seconds(10))
      #expect(watcher.seen.states.first == .open)
      server.thaw()
      try await untilAnswered(client)
      // What was given up is not taken for the answer to something else.
      for number in 0..<50 {
        let reply = try await client.say("ECHO", "after \(number)")
        #expect(reply == .bytes(Array("after \(number)".utf8)))
      }
      #expect(watcher.seen.states.last == .closed)
    }
  }

  @Test func `an answer that comes late is thrown away in its place`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server) {
        $0.timeout = .milliseconds(300)
        $0.failures = 1_000
        $0.connections = 1
      }
      try await untilAnswered(client)
      // The server is busy twice as long as an answer may take; its answer comes all the same.
      let busy = RedisCommand(
        "EVAL",
        """
        local time = redis.call('TIME')
        local start = time[1] * 1000000 + time[2]
        repeat
          time = redis.call('TIME')
        until time[1] * 1000000 + time[2] - start > 600000
        return 'late'
        """, "0")
      #expect(await fault { try await client.ask(busy) } == .timedOut)
      for number in 0..<40 {
        guard let reply = try? await client.say("ECHO", "\(number)") else { continue }
        #expect(reply == .bytes(Array("\(number)".utf8)))
      }
      try await untilAnswered(client)
      #expect(try await client.say("ECHO", "end") == .bytes(Array("end".utf8)))
    }
  }

  @Test func `a server that was killed is asked again when it is back, and knows what it knew`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      #expect(try await client.say("SET", "key", "value") == .status("OK"))
      for _ in 0..<3 {
        try await server.kill()
        let fault = await fault { try await client.say("PING") }
        #expect(fault != nil)
        try await server.start()
        try await untilAnswered(client)
        #expect(try await client.say("GET", "key") == .bytes(Array("value".utf8)))
      }
    }
  }

  @Test func `a connection that the server closed while it was idle is replaced unseen`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let watcher = Watcher()
      let client = Connections.client(to: server, observer: watcher) { $0.connections = 1 }
      let other = Connections.client(to: server)
      for _ in 0..<5 {
        _ = try await client.say("PING")
        _ = try await other.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        // Until the end has arrived here.
        while client.connectionCount > 0 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(try await client.say("PING") == .status("PONG"))
      }
      #expect(watcher.seen.faults == [])
    }
  }

  @Test func `load through twenty stops and freezes is answered rightly or not at all`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server) {
        $0.timeout = .milliseconds(100)
        $0.connectTimeout = .milliseconds(100)
        $0.rest = .milliseconds(100)
      }
      let asking = Task {
        var (right, wrong, number) = (0, 0, 0)
        while !Task.isCancelled {
          number += 1
          guard let reply = try? await client.ask(RedisCommand("ECHO", "\(number)")) else {
            try? await Task.sleep(for: .milliseconds(1))
            continue
          }
          if reply == .bytes(Array("\(number)".utf8)) { right += 1 } else { wrong += 1 }
        }
        return (right, wrong)
      }
      for round in 0..<20 {
        if round.isMultiple(of: 2) {
          server.freeze()
          try await Task.sleep(for: .milliseconds(150))
          server.thaw()
        } else {
          try await server.kill()
          try await server.start()
        }
        // Healthy within five seconds of its return: a bound, checked each time.
        let back = ContinuousClock.now
        try await untilAnswered(client)
        #expect(ContinuousClock.now - back < .seconds(5))
      }
      asking.cancel()
      let (right, wrong) = await asking.value
      #expect(wrong == 0 && right > 0)
    }
  }

  private func fault(_ body: () async throws -> RedisReply) async -> RedisFault? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? RedisFault
    }
  }

  /// Asks until it is answered; half a minute bounds a client that never comes back.
  private func untilAnswered(
    _ client: RedisClient, _ place: SourceLocation = #_sourceLocation
  ) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if let reply = try? await client.ask(RedisCommand("PING")), reply == .status("PONG") {
        return
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it never came back", sourceLocation: place)
  }
}
