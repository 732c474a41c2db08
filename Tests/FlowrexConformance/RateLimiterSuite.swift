package import FlowrexLimits
import ServiceContract
import Synchronization
package import Testing

/// What every limiter keeps, on a clock that the suite turns. (C-07, S04-RL-05)
package enum RateLimiterSuite {
  /// Nanoseconds that stand until somebody turns them.
  package final class Hand: Sendable {
    private let nanoseconds = Mutex(Int64(0))
    package init() {}
    package var now: Int64 { nanoseconds.withLock { $0 } }
    package func turn(_ span: Int64) { nanoseconds.withLock { $0 += span } }
  }

  /// - Parameters:
  ///   - schedules: how many random ones are compared with the model.
  ///   - make: a limiter that knows nobody yet, on the hand's time.
  package static func check(
    schedules: Int, _ place: SourceLocation = #_sourceLocation,
    _ make: (Hand) async throws -> any RateLimiter
  ) async throws {
    try await burst(make, place)
    try await apart(make, place)
    try await atOnce(make, place)
    try await back(make, place)
    for limit in [small, quick, LimitClass("odd", perMinute: 7, burst: 3)] {
      try await anySchedule(limit, schedules, make, place)
    }
  }

  private typealias Make = (Hand) async throws -> any RateLimiter
  private static let second: Int64 = 1_000_000_000
  private static let small = LimitClass("small", perMinute: 60, burst: 10)
  private static let quick = LimitClass("quick", perMinute: 600, burst: 5)

  /// A burst passes, then one each second and not earlier; what is told of it is exact.
  private static func burst(_ make: Make, _ place: SourceLocation) async throws {
    let hand = Hand()
    let limiter = try await make(hand)
    for left in (0..<10).reversed() {
      let decision = try await limiter.take(small, principal: "one")
      #expect(decision.isAllowed && decision.remaining == left, sourceLocation: place)
      #expect(decision.fullAfter == .seconds(10 - left), sourceLocation: place)
      #expect(decision.retryAfter == .zero, sourceLocation: place)
    }
    let refused = try await limiter.take(small, principal: "one")
    #expect(!refused.isAllowed && refused.retryAfter == .seconds(1), sourceLocation: place)
    hand.turn(second - 1_000)
    #expect(try await !limiter.take(small, principal: "one").isAllowed, sourceLocation: place)
    hand.turn(1_000)
    #expect(try await limiter.take(small, principal: "one").isAllowed, sourceLocation: place)
    #expect(try await !limiter.take(small, principal: "one").isAllowed, sourceLocation: place)
    hand.turn(3_600 * second)
    let rested = try await limiter.take(small, principal: "one")
    #expect(rested.isAllowed && rested.remaining == 9, sourceLocation: place)
  }

  /// Principals have buckets of their own, and classes too.
  private static func apart(_ make: Make, _ place: SourceLocation) async throws {
    let limiter = try await make(Hand())
    for _ in 0..<5 { _ = try await limiter.take(quick, principal: "address:1") }
    #expect(try await !limiter.take(quick, principal: "address:1").isAllowed, sourceLocation: place)
    #expect(try await limiter.take(quick, principal: "address:2").isAllowed, sourceLocation: place)
    #expect(try await limiter.take(small, principal: "address:1").isAllowed, sourceLocation: place)
    // A name is a name, whatever stands in it.
    let odd = "user:\r\n*1\r\n$4\r\nPING:%s\u{0}"
    #expect(try await limiter.take(quick, principal: odd).remaining == 4, sourceLocation: place)
    #expect(try await limiter.take(quick, principal: odd).remaining == 3, sourceLocation: place)
  }

  private static func atOnce(_ make: Make, _ place: SourceLocation) async throws {
    let limiter = try await make(Hand())
    let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<500 {
        group.addTask { try await limiter.take(small, principal: "all").isAllowed }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(allowed == small.burst, sourceLocation: place)
  }

  /// A clock that goes back gives nothing, and takes nothing.
  private static func back(_ make: Make, _ place: SourceLocation) async throws {
    let hand = Hand()
    hand.turn(100 * second)
    let limiter = try await make(hand)
    for _ in 0..<10 { _ = try await limiter.take(small, principal: "one") }
    hand.turn(-50 * second)
    #expect(try await !limiter.take(small, principal: "one").isAllowed, sourceLocation: place)
    hand.turn(50 * second)
    #expect(try await !limiter.take(small, principal: "one").isAllowed, sourceLocation: place)
    hand.turn(second)
    #expect(try await limiter.take(small, principal: "one").isAllowed, sourceLocation: place)
  }

  /// Any schedule passes what exact fractions pass, and says how many more would.
  private static func anySchedule(
    _ limit: LimitClass, _ count: Int, _ make: Make, _ place: SourceLocation
  ) async throws {
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15 &+ UInt64(limit.perMinute)
    func next(_ bound: UInt64) -> UInt64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (seed >> 33) % bound
    }
    let hand = Hand()
    let limiter = try await make(hand)
    for number in 0..<count {
      // In 60e9ths of a token: a nanosecond refills `perMinute` of them.
      var model = Int64(limit.burst) * 60_000_000_000
      for _ in 0..<20 {
        let pause = 1_000 * Int64(next(3) == 0 ? next(90_000_000) : next(2_000_000))
        hand.turn(pause)
        model = min(
          Int64(limit.burst) * 60_000_000_000, model + pause * Int64(limit.perMinute))
        let isAllowed = model >= 60_000_000_000
        if isAllowed { model -= 60_000_000_000 }
        let decision = try await limiter.take(limit, principal: "schedule \(number)")
        guard
          decision.isAllowed == isAllowed, decision.remaining == Int(model / 60_000_000_000)
        else {
          Issue.record(
            "\(limit.name) differs from the model at \(hand.now)", sourceLocation: place)
          return
        }
      }
    }
  }
}
