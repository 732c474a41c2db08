package import FlowrexContract
import ServiceContract

/// The contract's metrics of one circuit breaker. (S04-RES-02, 03, S04-OBS-04)
package struct BreakerMeter: Sendable {
  private let metrics: MetricRegistry
  private let breaker: BreakerName

  package init(_ breaker: BreakerName, _ metrics: MetricRegistry) {
    self.metrics = metrics
    self.breaker = breaker
    show(.closed)
  }

  package func entered(_ state: BreakerState) {
    metrics.add(
      to: Flowrex.breakerTransitions, .of(\.breaker, breaker), .of(\.state, state))
    show(state)
  }

  private func show(_ state: BreakerState) {
    for one in BreakerState.allCases {
      metrics.set(
        Flowrex.breakerState, to: one == state ? 1 : 0, .of(\.breaker, breaker),
        .of(\.state, one))
    }
  }
}
