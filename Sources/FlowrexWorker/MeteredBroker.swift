import FlowrexContract
package import FlowrexMetrics
package import FlowrexTrading
package import Ledger
import ServiceContract

/// A venue that is watched: how often it is asked what, how that ends, and how long it takes.
/// (S04-OBS-10, S04-RES-09)
package struct MeteredBroker: Broker {
  private let broker: any Broker
  private let metrics: MetricRegistry

  package init(_ broker: any Broker, _ metrics: MetricRegistry) {
    self.broker = broker
    self.metrics = metrics
  }

  package var name: String { broker.name }
  package var guarantee: SubmitGuarantee { broker.guarantee }
  package var clockTolerance: Span { broker.clockTolerance }
  package var patience: Span { broker.patience }
  package var lateFills: Span { broker.lateFills }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    try await timed(.submit) { () throws(BrokerFault) in
      let receipt = try await broker.submit(submission)
      return (receipt, receipt == .acknowledged ? .succeeded : .refused)
    }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await timed(.cancel) { () throws(BrokerFault) in
      let receipt = try await broker.cancel(order)
      return (receipt, receipt == .taken ? .succeeded : .refused)
    }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    try await timed(.lookUp) { () throws(BrokerFault) in
      (try await broker.lookUp(order), .succeeded)
    }
  }

  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    do {
      let news = try await broker.events(after: sequence, of: epoch, limit: limit)
      reached(true)
      return news
    } catch {
      reached(false)
      throw error
    }
  }

  private func timed<Value>(
    _ operation: BrokerOperation,
    _ body: () async throws(BrokerFault) -> (Value, CallOutcome)
  ) async throws(BrokerFault) -> Value {
    let began = ContinuousClock.now
    do {
      let (value, outcome) = try await body()
      count(operation, outcome, since: began)
      reached(true)
      return value
    } catch {
      let outcome: CallOutcome =
        switch error {
        case .unanswered: .timedOut
        case .notSent, .unsupported: .failed
        }
      count(operation, outcome, since: began)
      // What it does not offer says nothing of the line.
      if error != .unsupported { reached(false) }
      throw error
    }
  }

  private func count(
    _ operation: BrokerOperation, _ outcome: CallOutcome, since began: ContinuousClock.Instant
  ) {
    metrics.add(
      to: Flowrex.brokerRequests, .of(\.operation, operation), .of(\.outcome, outcome))
    metrics.observe(
      Flowrex.brokerRequestDuration, .now - began, .of(\.operation, operation))
    // A question is no delivery: reconciliation asks about every open order again and again.
    guard operation != .lookUp else { return }
    metrics.add(to: Flowrex.outboxDeliveries, .of(\.outcome, outcome))
  }

  private func reached(_ isReachable: Bool) {
    metrics.set(
      Flowrex.dependencyReachable, to: isReachable ? 1 : 0, .of(\.dependency, .broker))
  }
}
