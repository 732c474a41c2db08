package import FlowrexContract
import FlowrexResilience
package import FlowrexTrading
package import Ledger
import Synchronization

/// A venue that is left in peace when it does not answer: after so many calls in a row that failed,
/// nobody calls for a while, then one may try. (S04-RES-01 … 03, 05, 06)
///
/// What a resting breaker kept back was not sent, with proof (``BrokerFault/notSent(_:)``): it is
/// no rejection, and the order stays in the outbox. A refusal by the venue is an answer, and no
/// failure of the line.
package struct BreakingBroker: Broker {
  /// How a call is tried again and when nobody calls.
  package struct Rules: Hashable, Sendable {
    /// The keys `BREAKER_FAILURES` and `BREAKER_OPEN_SECONDS`.
    package var failures: Int
    package var rest: Span
    /// The key `RETRY_ATTEMPTS`: the first included.
    package var attempts: Int
    /// No other attempt begins later than this after the first one, so that what waits for an
    /// answer knows how long.
    package var retryWithin = Span.milliseconds(500)
    /// Before the second attempt; twice as long each time.
    package var firstPause = Span.milliseconds(50)

    package init(failures: Int, rest: Span, attempts: Int) {
      self.failures = failures
      self.rest = rest
      self.attempts = max(1, attempts)
    }
  }

  /// What happens besides, for metrics.
  package struct Witness: Sendable {
    let entered: @Sendable (BreakerState) -> Void
    let retried: @Sendable () -> Void

    package init(
      entered: @escaping @Sendable (BreakerState) -> Void,
      retried: @escaping @Sendable () -> Void
    ) {
      self.entered = entered
      self.retried = retried
    }
  }

  private let broker: any Broker
  private let rules: Rules
  private let clock: any DeskClock
  private let witness: Witness
  private let breaker: Shared

  private final class Shared: Sendable {
    let state: Mutex<CircuitBreaker>
    init(_ breaker: CircuitBreaker) { state = Mutex(breaker) }
  }

  /// - Parameter clock: one that never goes back.
  package init(
    _ broker: any Broker, _ rules: Rules, clock: any DeskClock, witness: Witness
  ) {
    self.broker = broker
    self.rules = rules
    self.clock = clock
    self.witness = witness
    breaker = Shared(
      CircuitBreaker(failures: rules.failures, rest: rules.rest.microseconds * 1_000))
  }

  package var name: String { broker.name }
  package var guarantee: SubmitGuarantee { broker.guarantee }
  package var clockTolerance: Span { broker.clockTolerance }
  package var lateFills: Span { broker.lateFills }

  /// The last attempt may take as long as any.
  package var patience: Span {
    guard rules.attempts > 1 else { return broker.patience }
    return Span(microseconds: broker.patience.microseconds + rules.retryWithin.microseconds)
  }

  /// Sent again only when it was not sent: what becomes of a lost answer is the desk's to decide.
  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    try await calling(retries: { $0.provesNothingHappened }) { () throws(BrokerFault) in
      try await broker.submit(submission)
    }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await calling(retries: { $0.isOfTheLine }) { () throws(BrokerFault) in
      try await broker.cancel(order)
    }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    try await calling(retries: { $0.isOfTheLine }) { () throws(BrokerFault) in
      try await broker.lookUp(order)
    }
  }

  /// Asked again with the next turn, and not before.
  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    try await calling(retries: { _ in false }) { () throws(BrokerFault) in
      try await broker.events(after: sequence, of: epoch, limit: limit)
    }
  }

  private func calling<Value: Sendable>(
    retries: (BrokerFault) -> Bool, _ body: () async throws(BrokerFault) -> Value
  ) async throws(BrokerFault) -> Value {
    let last = clock.now().adding(rules.retryWithin)
    var pauses = Backoff(
      first: rules.firstPause.microseconds, longest: rules.retryWithin.microseconds)
    var attempt = 1
    while true {
      try ask()
      do throws(BrokerFault) {
        let value = try await body()
        ended(well: true)
        return value
      } catch {
        // What it does not offer says nothing of the line.
        ended(well: !error.isOfTheLine)
        let pause = Span(microseconds: pauses.next())
        guard attempt < rules.attempts, retries(error), clock.now().adding(pause) <= last,
          !Task.isCancelled
        else { throw error }
        await clock.sleep(pause)
        guard clock.now() <= last, !Task.isCancelled else { throw error }
        attempt += 1
        witness.retried()
      }
    }
  }

  private func ask() throws(BrokerFault) {
    guard case .refused(let left) = change({ $0.ask(at: $1) }) else { return }
    throw .notSent("it is left in peace for \(Span(microseconds: left / 1_000)) more")
  }

  private func ended(well: Bool) {
    change { breaker, now in
      if well { breaker.succeeded() } else { breaker.failed(at: now) }
    }
  }

  @discardableResult
  private func change<Value: Sendable>(
    _ body: (inout CircuitBreaker, _ now: Int64) -> Value
  ) -> Value {
    let now = clock.now().microseconds * 1_000
    return breaker.state.withLock { breaker in
      let before = breaker.state
      let value = body(&breaker, now)
      // Told in the order in which it happened.
      if breaker.state != before { witness.entered(breaker.state) }
      return value
    }
  }
}

extension BrokerFault {
  fileprivate var provesNothingHappened: Bool {
    if case .notSent = self { true } else { false }
  }

  fileprivate var isOfTheLine: Bool { self != .unsupported }
}
