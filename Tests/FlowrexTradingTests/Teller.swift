import FlowrexTrading
import Ledger

/// A venue that takes everything, and tells what it was told to tell.
struct Teller: Broker {
  let events: [VenueEvent]

  var name: String { "teller" }
  var guarantee: SubmitGuarantee { .neither }
  var clockTolerance: Span { .seconds(1) }
  var patience: Span { .seconds(4) }
  var lateFills: Span { .seconds(2) }

  func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt { .acknowledged }
  func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt { .taken }
  func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp { throw .unsupported }
  func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    VenueNews(of: 1, Array(events.filter { $0.sequence > sequence }.prefix(limit)))
  }
}
