package import ServiceContract

/// Decides for one replica of several while nobody can count for all: each gives out its share of
/// the limit, so that together they give out no more than one whole. (C-08)
package struct ShareLimiter: RateLimiter {
  private let base: any RateLimiter
  private let replicas: @Sendable () -> Int

  /// - Parameter replicas: how many there were when somebody last could count them.
  package init(_ base: any RateLimiter, replicas: @escaping @Sendable () -> Int) {
    self.base = base
    self.replicas = replicas
  }

  package func take(_ limit: LimitClass, principal: String) async throws -> LimitDecision {
    let count = max(1, replicas())
    // At least one: a limit of nothing would be an outage of its own.
    return try await base.take(
      LimitClass(
        limit.name, perMinute: max(1, limit.perMinute / count),
        burst: max(1, limit.burst / count)),
      principal: principal)
  }
}
