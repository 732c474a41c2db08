import FlowrexCache
import FlowrexConformance
import FlowrexContract
import FlowrexLimits
import FlowrexRedis
import FlowrexSupport
import ServiceContract
import TestSupport
import Testing

/// Limits and views of several replicas on one server.
@Suite struct SharedTests {
  private static let slow = LimitClass("slow", perMinute: 1, burst: 5)

  @Test(.covers("C-07", "S04-RL-05"))
  func `the shared limiter keeps what every limiter keeps`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let count = Counter()
      try await RateLimiterSuite.check(schedules: 100) { hand in
        let number = count.next()
        return RedisRateLimiter(client, prefix: "t\(number):") { hand.now / 1_000 }
      }
    }
  }

  @Test(.covers("C-07"))
  func `five replicas at once let through what one would, by the server's clock`() async throws {
    try await RedisProcess.run { server async throws in
      let replicas = (0..<5).map { _ in
        RedisRateLimiter(Connections.client(to: server), prefix: "flowrex:test:")
      }
      let start = ContinuousClock.now
      let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<1_000 {
          group.addTask {
            try await replicas[number % 5].take(.admin, principal: "user:1").isAllowed
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      let seconds = (ContinuousClock.now - start).components.seconds + 1
      let most = LimitClass.admin.burst + Int(seconds) * LimitClass.admin.perMinute / 60
      #expect((LimitClass.admin.burst...most).contains(allowed), "\(allowed) of \(most)")
    }
  }

  @Test func `environments on one server have limits of their own`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let (one, other) = (
        RedisRateLimiter(client, prefix: "flowrex:one:"),
        RedisRateLimiter(client, prefix: "flowrex:other:")
      )
      for _ in 0..<5 { #expect(try await one.take(Self.slow, principal: "a").isAllowed) }
      #expect(try await !one.take(Self.slow, principal: "a").isAllowed)
      #expect(try await other.take(Self.slow, principal: "a").isAllowed)
    }
  }

  @Test(.covers("C-37"))
  func `a spent bucket is spent after the server was killed, and says so nowhere meanwhile`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server) {
        $0.rest = .milliseconds(50)
      }
      let limiter = RedisRateLimiter(client, prefix: "flowrex:test:")
      let hourly = LimitClass("hourly", perMinute: 1, burst: 60)
      for _ in 0..<60 { #expect(try await limiter.take(hourly, principal: "a").isAllowed) }
      try await server.kill()
      await #expect(throws: RedisFault.self) { try await limiter.take(hourly, principal: "a") }
      try await server.start()
      var decision: LimitDecision?
      while decision == nil {
        decision = try? await limiter.take(hourly, principal: "a")
        try await Task.sleep(for: .milliseconds(10))
      }
      // A minute's token may have come back on a very slow machine; sixty have not.
      #expect(decision.map { $0.remaining < 5 } == true)
    }
  }

  @Test func `a server that lost its scripts is told them again`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let limiter = RedisRateLimiter(client, prefix: "flowrex:test:")
      #expect(try await limiter.take(Self.slow, principal: "a").remaining == 4)
      #expect(try await client.say("SCRIPT", "FLUSH") == .status("OK"))
      #expect(try await limiter.take(Self.slow, principal: "a").remaining == 3)
    }
  }

  @Test(.covers("C-08")) func `replicas count each other, and who ends is not counted`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let all = (0..<3).map { ReplicaCensus(client, prefix: "t:", process: "\($0)") }
      #expect(all[0].count == 1)
      for census in all { try await census.take() }
      try await all[0].take()
      #expect(all[0].count == 3 && all[2].count == 3)
      await all[2].leave()
      try await all[0].take()
      #expect(all[0].count == 2)
      // While nobody answers the last count stands.
      try await server.kill()
      await #expect(throws: RedisFault.self) { try await all[0].take() }
      #expect(all[0].count == 2)
    }
  }

  @Test func `full buckets are no keys`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let limiter = RedisRateLimiter(client, prefix: "flowrex:test:")
      let quick = LimitClass("quick", perMinute: 60_000, burst: 1)
      for number in 0..<50 { _ = try await limiter.take(quick, principal: "\(number)") }
      var left = 50
      while left > 0 {
        left = Int(try await client.say("DBSIZE").integer ?? -1)
        try await Task.sleep(for: .milliseconds(2))
      }
    }
  }

  @Test(.covers("S03-ARCH-09", "C-37"))
  func `the shared store of views keeps what stores of views keep`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let count = Counter()
      try await ViewStoreSuite.check(pass: { try await Task.sleep(for: $0) }) {
        let number = count.next()
        return RedisViewStore(client, prefix: "t\(number):", process: "one")
      }
    }
  }

  @Test(.covers("S03-ARCH-09"))
  func `replicas make a view once between them`() async throws {
    try await RedisProcess.run { server async throws in
      let caches = (0..<4).map { number in
        ViewCache(
          RedisViewStore(
            Connections.client(to: server), prefix: "flowrex:test:", process: "\(number)"),
          ViewTimes(life: .seconds(60), claim: .seconds(60), patience: .seconds(60)),
          observer: Silent())
      }
      let made = Counter()
      let views = try await withThrowingTaskGroup(of: CachedView.self) { group in
        for number in 0..<200 {
          group.addTask {
            try await caches[number % 4].view(ViewName(.reconciliation, of: "all")) {
              _ = made.next()
              try await Task.sleep(for: .milliseconds(50))
              return [1, 2, 3]
            }
          }
        }
        return try await group.reduce(into: [CachedView]()) { $0.append($1) }
      }
      #expect(made.count == 1)
      #expect(views.count == 200 && Set(views.map(\.bytes)) == [[1, 2, 3]])
    }
  }

  @Test func `a version that the server threw away brings back no old view`() async throws {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server)
      let store = RedisViewStore(client, prefix: "t:", process: "one")
      let (name, times) = (ViewName(.guards, of: "ann"), ViewTimes(life: .seconds(60)))
      let claim = try #require(try await store.look(name, times).claim)
      try await store.keep([1], by: claim, times)
      try await store.forget(.guards, scope: "ann")
      #expect(try await store.look(name, times).view == nil)
      // As `allkeys-lru` would.
      _ = try await client.say("DEL", "t:version:guards:ann", "t:version:guards")
      #expect(try await store.look(name, times).view == nil)
    }
  }

  @Test(.covers("C-08"))
  func `views are answered while the server is away, and shared again when it is back`()
    async throws
  {
    try await RedisProcess.run { server async throws in
      let client = Connections.client(to: server) { $0.rest = .milliseconds(50) }
      let cache = ViewCache(
        RedisViewStore(client, prefix: "t:", process: "one"), ViewTimes(life: .seconds(10)),
        observer: Silent())
      let name = ViewName(.positions, of: "ann")
      #expect(try await cache.view(name) { [1] }.bytes == [1])
      try await server.kill()
      #expect(try await cache.view(name) { [2] }.bytes == [2])
      #expect(try await cache.view(name) { [3] }.bytes == [3])
      try await server.start()
      // A made one is the same again once it is kept.
      var number: UInt8 = 10
      while true {
        number += 1
        let (this, next) = (number, number &+ 100)
        let first = try await cache.view(name) { [this] }
        let second = try await cache.view(name) { [next] }
        if first.bytes == second.bytes { break }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
  }
}

private struct Silent: CacheObserver {
  func hit(_ cache: CacheName) {}
  func missed(_ cache: CacheName) {}
  func coalesced(_ cache: CacheName) {}
  func failed(_ cache: CacheName) {}
}
