package import ServiceContract

/// A bucket of a limit class: full at first, refilled with time, one token for each request.
/// (S17-RL-01, 02)
///
/// It counts in whole parts of a token, so that nothing is lost to rounding: in any span, at most
/// `burst + rate × span` requests pass, and not one less than the class promises.
package struct TokenBucket: Sendable, Equatable {
  /// A token has as many parts as a minute has nanoseconds: one nanosecond refills `perMinute`.
  private static let token: Int64 = 60_000_000_000

  private var parts: Int64
  /// Nanoseconds of a clock that never goes back.
  private var refilledAt: Int64

  package init(_ limit: LimitClass, now: Int64) {
    parts = Int64(limit.burst) * Self.token
    refilledAt = now
  }

  /// Takes a token if there is one.
  package mutating func take(_ limit: LimitClass, now: Int64) -> LimitDecision {
    refill(limit, now)
    let isAllowed = parts >= Self.token
    if isAllowed { parts -= Self.token }
    let lacking = isAllowed ? 0 : Self.token - parts
    let rate = Int64(limit.perMinute)
    let full = Int64(limit.burst) * Self.token
    return LimitDecision(
      isAllowed: isAllowed, remaining: Int(parts / Self.token),
      retryAfter: .nanoseconds((lacking + rate - 1) / rate),
      fullAfter: .nanoseconds((full - parts + rate - 1) / rate))
  }

  /// Whether nothing is missing: such a bucket need not be kept.
  package mutating func isFull(_ limit: LimitClass, now: Int64) -> Bool {
    refill(limit, now)
    return parts == Int64(limit.burst) * Self.token
  }

  private mutating func refill(_ limit: LimitClass, _ now: Int64) {
    guard now > refilledAt else { return }
    let full = Int64(limit.burst) * Self.token
    let (gained, overflow) = (now - refilledAt).multipliedReportingOverflow(
      by: Int64(limit.perMinute))
    parts = overflow || gained >= full - parts ? full : parts + gained
    refilledAt = now
  }
}

/// What a limiter says of one request.
package struct LimitDecision: Sendable, Equatable {
  package let isAllowed: Bool
  /// Requests that would pass at this moment.
  package let remaining: Int
  /// Until the next one would pass; nothing when this one did.
  package let retryAfter: Duration
  /// Until as many would pass at once as ever.
  package let fullAfter: Duration

  package init(isAllowed: Bool, remaining: Int, retryAfter: Duration, fullAfter: Duration) {
    self.isAllowed = isAllowed
    self.remaining = remaining
    self.retryAfter = retryAfter
    self.fullAfter = fullAfter
  }
}
