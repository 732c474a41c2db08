package import FlowrexTrading
package import FlowrexVenue
package import Ledger
import Synchronization

/// A line to a venue on which a test says when a submission arrives and when its answer comes
/// back, so that attempts can overtake one another. Look-ups and cancellations pass at once.
package final class HeldLine: Broker {
  private enum Step: Hashable { case arrives, answers }

  private struct State {
    var said = 0
    var passed: [Int: Set<Step>] = [:]
    var waiters: [Int: [Step: CheckedContinuation<Void, Never>]] = [:]
    var instead: [Int: BrokerFault] = [:]
    var isBlind = false
  }

  private let venue: SimulatedVenue
  private let state = Mutex(State())

  package init(to venue: SimulatedVenue) { self.venue = venue }

  package var name: String { venue.name }
  package var guarantee: SubmitGuarantee { venue.guarantee }
  package var clockTolerance: Span { venue.clockTolerance }
  package var patience: Span { venue.patience }
  package var lateFills: Span { venue.lateFills }
  package var said: Int { state.withLock { $0.said } }

  /// Look-ups find nothing, whatever the venue has.
  package func goBlind() { state.withLock { $0.isBlind = true } }
  /// Lets the submission of that number, counted from 1, arrive.
  package func arrive(_ number: Int) { pass(number, .arrives) }
  /// Lets its answer come back, or that fault instead of it.
  package func answer(_ number: Int, with fault: BrokerFault? = nil) {
    state.withLock { $0.instead[number] = fault }
    pass(number, .answers)
  }

  /// Waits until so many submissions were said.
  package func hasSaid(_ count: Int) async {
    while said < count { try? await Task.sleep(for: .milliseconds(2)) }
  }

  private func pass(_ number: Int, _ step: Step) {
    let waiter = state.withLock { state in
      state.passed[number, default: []].insert(step)
      return state.waiters[number]?.removeValue(forKey: step)
    }
    waiter?.resume()
  }

  private func wait(_ number: Int, _ step: Step) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.passed[number]?.contains(step) == true { return true }
        state.waiters[number, default: [:]][step] = continuation
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    let number = state.withLock { state in
      state.said += 1
      return state.said
    }
    await wait(number, .arrives)
    let answer = try await venue.submit(submission)
    await wait(number, .answers)
    if let fault = state.withLock({ $0.instead[number] }) { throw fault }
    return answer
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await venue.cancel(order)
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    let found = try await venue.lookUp(order)
    return state.withLock({ $0.isBlind }) ? LookUp(of: found.epoch, nil) : found
  }

  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    try await venue.events(after: sequence, of: epoch, limit: limit)
  }
}
