import FlowrexConformance
import FlowrexContract
import FlowrexLimits
import ServiceContract
import Synchronization
import TestSupport
import Testing

/// A clock that a test turns.
private final class Hand: Sendable {
  private let nanoseconds = Mutex(Int64(0))
  var now: Int64 { nanoseconds.withLock { $0 } }
  func turn(_ span: Int64) { nanoseconds.withLock { $0 += span } }
}

@Suite struct RateLimiterTests {
  private static let second: Int64 = 1_000_000_000

  @Test(.covers("S17-RL-01", "S17-RL-02", "S17-RL-03"))
  func `the first request leaves the burst less one`() {
    var bucket = TokenBucket(.standard, now: 0)
    let decision = bucket.take(.standard, now: 0)
    #expect(decision.isAllowed && decision.remaining == 9)
    #expect(decision.fullAfter == .seconds(1))
  }

  @Test(.covers("S17-RL-01", "S17-RL-02"))
  func `after the burst one passes each second, not earlier`() {
    var bucket = TokenBucket(.standard, now: 0)
    for _ in 0..<10 { #expect(bucket.take(.standard, now: 0).isAllowed) }
    let refused = bucket.take(.standard, now: 0)
    #expect(!refused.isAllowed && refused.retryAfter == .seconds(1))
    #expect(!bucket.take(.standard, now: Self.second - 1).isAllowed)
    #expect(bucket.take(.standard, now: Self.second).isAllowed)
    #expect(!bucket.take(.standard, now: Self.second).isAllowed)
  }

  @Test func `a clock that goes back gives nothing`() {
    var bucket = TokenBucket(.auth, now: 100 * Self.second)
    for _ in 0..<5 { _ = bucket.take(.auth, now: 100 * Self.second) }
    #expect(!bucket.take(.auth, now: 0).isAllowed)
    #expect(!bucket.take(.auth, now: 100 * Self.second).isAllowed)
  }

  @Test func `a bucket that nobody used for an age is full and no fuller`() {
    var bucket = TokenBucket(.pages, now: 0)
    for _ in 0..<40 { _ = bucket.take(.pages, now: 0) }
    let decision = bucket.take(.pages, now: .max / 2)
    #expect(decision.remaining == 39)
  }

  /// The model of the document in exact fractions, against ten thousand random schedules.
  @Test(.covers("S17-RL-01", "S17-RL-02"), arguments: LimitClass.flowrex)
  func `any schedule passes exactly what the model passes`(limit: LimitClass) {
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15 &+ UInt64(limit.perMinute)
    func next(_ bound: UInt64) -> UInt64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (seed >> 33) % bound
    }
    for _ in 0..<10_000 {
      let start = Int64(next(1_000_000))
      var bucket = TokenBucket(limit, now: start)
      // In 60e9ths of a token.
      var model = Int64(limit.burst) * 60_000_000_000
      var (now, passed) = (start, 0)
      for _ in 0..<20 {
        let pause = Int64(next(3) == 0 ? next(90_000_000_000) : next(2_000_000_000))
        now += pause
        model = min(
          Int64(limit.burst) * 60_000_000_000, model + pause * Int64(limit.perMinute))
        let isAllowed = model >= 60_000_000_000
        if isAllowed { model -= 60_000_000_000 }
        guard bucket.take(limit, now: now).isAllowed == isAllowed else {
          Issue.record("differs from the model at \(now)")
          return
        }
        passed += isAllowed ? 1 : 0
      }
      let bound = Int64(limit.burst) + (now - start) * Int64(limit.perMinute) / 60_000_000_000
      #expect(Int64(passed) <= bound)
    }
  }

  @Test(.covers("C-07", "S04-RL-05"))
  func `the limiter in memory keeps what every limiter keeps`() async throws {
    try await RateLimiterSuite.check(schedules: 1_000) { hand in
      MemoryRateLimiter { hand.now }
    }
  }

  @Test(.covers("C-08"), arguments: [(1, 10), (3, 3), (4, 2), (50, 1)])
  func `a share of a limit is what many of it together do not exceed`(
    replicas: Int, allowed: Int
  ) async throws {
    let limiter = ShareLimiter(MemoryRateLimiter { 0 }) { replicas }
    var passed = 0
    for _ in 0..<20 where try await limiter.take(.standard, principal: "a").isAllowed {
      passed += 1
    }
    #expect(passed == allowed)
  }

  @Test(.covers("S17-RL-05", "S04-RL-05"))
  func `principals and classes have buckets of their own`() async {
    let hand = Hand()
    let limiter = MemoryRateLimiter { hand.now }
    for _ in 0..<5 { _ = await limiter.take(.auth, principal: "address:1") }
    #expect(await !limiter.take(.auth, principal: "address:1").isAllowed)
    #expect(await limiter.take(.auth, principal: "address:2").isAllowed)
    #expect(await limiter.take(.standard, principal: "address:1").isAllowed)
    hand.turn(12 * Self.second)
    #expect(await limiter.take(.auth, principal: "address:1").isAllowed)
  }

  @Test func `a thousand at once get what one after the other would`() async {
    let limiter = MemoryRateLimiter { 0 }
    let allowed = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<1_000 {
        group.addTask { await limiter.take(.admin, principal: "user:1").isAllowed }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(allowed == LimitClass.admin.burst)
  }

  @Test
  func `many principals do not fill the memory, and a spent bucket is kept before a full one`()
    async
  {
    let hand = Hand()
    let limiter = MemoryRateLimiter(most: 100) { hand.now }
    for _ in 0..<5 { _ = await limiter.take(.auth, principal: "spent") }
    for number in 0..<1_000 {
      _ = await limiter.take(.webSocket, principal: "other \(number)")
      hand.turn(Self.second / 100)
    }
    #expect(await limiter.count <= 100)
    #expect(await !limiter.take(.auth, principal: "spent").isAllowed)
  }
}
