package import ServiceContract

/// Decides how often a principal may call the routes of a class. (C-07, S04-RL-05)
package protocol RateLimiter: Sendable {
  /// Takes one request of a principal: a person's id, or an address where nobody signed in.
  ///
  /// - Throws: What keeps it from deciding; the caller then knows what the class does without.
  func take(_ limit: LimitClass, principal: String) async throws -> LimitDecision
}

/// The limiter of one process, exact, for a laptop and for tests.
package actor MemoryRateLimiter: RateLimiter {
  private struct Name: Hashable {
    let limit: String
    let principal: String
  }

  /// Beyond so many, full buckets are forgotten: a full one says the same as none.
  private let most: Int
  /// Nanoseconds of a clock that never goes back.
  private let now: @Sendable () -> Int64
  private var buckets: [Name: TokenBucket] = [:]
  private var limits: [String: LimitClass] = [:]

  package init(most: Int = 50_000, now: @escaping @Sendable () -> Int64) {
    self.most = most
    self.now = now
  }

  package func take(_ limit: LimitClass, principal: String) -> LimitDecision {
    let now = now()
    let name = Name(limit: limit.name, principal: principal)
    limits[limit.name] = limit
    if buckets.count >= most, buckets[name] == nil { forget(now) }
    return buckets[name, default: TokenBucket(limit, now: now)].take(limit, now: now)
  }

  /// How many buckets are kept.
  package var count: Int { buckets.count }

  /// Forgets full buckets; if none is, some of the others, for the memory has an end. Who is
  /// forgotten gets one more burst: the edge's own limit stands before that.
  private func forget(_ now: Int64) {
    buckets = buckets.filter { name, bucket in
      guard let limit = limits[name.limit] else { return false }
      var bucket = bucket
      return !bucket.isFull(limit, now: now)
    }
    guard buckets.count >= most else { return }
    for name in buckets.keys.prefix(most / 10 + 1) { buckets[name] = nil }
  }
}
