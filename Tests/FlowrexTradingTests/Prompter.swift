import FlowrexTrading
import Ledger
import Synchronization

/// A venue that takes everything, and tells at any moment what a test has it tell.
final class Prompter: Broker {
  private struct State {
    var epoch: Int64 = 1
    var events: [VenueEvent] = []
    var receipt = CancelReceipt.taken
    var said: [String] = []
    var isAway = false
    /// Nobody can ask for what begins here.
    var hidden: Int64?
  }

  private let state = Mutex(State())
  let name = "prompter"
  let guarantee: SubmitGuarantee
  let clockTolerance = Span.seconds(1)
  let patience = Span.seconds(4)
  let lateFills = Span.seconds(2)

  init(_ guarantee: SubmitGuarantee = .neither) { self.guarantee = guarantee }

  var said: [String] { state.withLock { $0.said } }
  /// From here on it tells these and no others.
  func tell(_ events: VenueEvent...) { state.withLock { $0.events = events } }
  func answerCancels(_ receipt: CancelReceipt) { state.withLock { $0.receipt = receipt } }
  /// Begins another journal, with nothing in it.
  func restart() {
    state.withLock { state in
      state.epoch += 1
      state.events = []
    }
  }
  /// Who asks for what begins at that place gets no answer.
  func hide(from place: Int64) { state.withLock { $0.hidden = place } }
  /// It tells nothing, and nobody can ask.
  func goAway() { state.withLock { $0.isAway = true } }

  func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    state.withLock { $0.said.append("submit") }
    return .acknowledged
  }
  func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    state.withLock { state in
      state.said.append("cancel")
      return state.receipt
    }
  }
  func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp { throw .unsupported }
  func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    let state = state.withLock { $0 }
    if state.isAway { throw .unanswered("nobody is there") }
    let heard = epoch == state.epoch ? sequence : 0
    if state.hidden == heard + 1 { throw .unanswered("nobody knows") }
    return VenueNews(
      of: state.epoch, Array(state.events.filter { $0.sequence > heard }.prefix(limit)))
  }
}
