package import FlowrexContract
package import FlowrexMetrics
import ServiceContract

/// The contract's metrics of one Redis server. (S04-OBS-04, S04-OBS-14, C-08)
package struct RedisMeter: RedisObserver {
  private let metrics: MetricRegistry
  private let dependency: Dependency
  private let breaker: BreakerMeter
  private let say: @Sendable (RedisFault) -> Void

  /// - Parameter server: which of the two. (C-37)
  package init(
    _ server: RedisRole, metrics: MetricRegistry,
    say: @escaping @Sendable (RedisFault) -> Void = { _ in }
  ) {
    self.metrics = metrics
    dependency = server == .cache ? .redisCache : .redisState
    breaker = BreakerMeter(server == .cache ? .redisCache : .redisState, metrics)
    self.say = say
  }

  package func reached(_ isReachable: Bool) {
    metrics.set(
      Flowrex.dependencyReachable, to: isReachable ? 1 : 0, .of(\.dependency, dependency))
  }

  package func entered(_ state: BreakerState) { breaker.entered(state) }

  package func retried() { metrics.add(to: Flowrex.retries, .of(\.dependency, dependency)) }

  package func failed(_ fault: RedisFault) { say(fault) }
}

/// The two servers: what may be forgotten, and what may not. (C-37)
package enum RedisRole: String, Hashable, Sendable, CaseIterable { case cache, state }
