package import FlowrexTrading
package import Ledger

/// What the simulated venue promises, wherever it runs: every desk on one store must be told the
/// same. (S04-RES-07)
package struct VenueTraits: Hashable, Sendable {
  package let name: String
  package let guarantee: SubmitGuarantee
  package let clockTolerance: Span
  package let patience: Span
  package let lateFills: Span

  /// - Parameter guarantee: the key `SIMULATED_VENUE_GUARANTEE`.
  package static func simulated(_ guarantee: SubmitGuarantee) -> VenueTraits {
    VenueTraits(
      name: "simulated", guarantee: guarantee, clockTolerance: .seconds(1),
      patience: .seconds(4), lateFills: .seconds(2))
  }
}

/// The venue as a process has it that decides about orders and leaves talking to a worker.
package struct UnreachedVenue: Broker {
  private let traits: VenueTraits

  package init(_ traits: VenueTraits) { self.traits = traits }

  package var name: String { traits.name }
  package var guarantee: SubmitGuarantee { traits.guarantee }
  package var clockTolerance: Span { traits.clockTolerance }
  package var patience: Span { traits.patience }
  package var lateFills: Span { traits.lateFills }

  private var fault: BrokerFault { .notSent("this process does not talk to the venue") }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    throw fault
  }
  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    throw fault
  }
  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp { throw fault }
  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    throw fault
  }
}

extension SimulatedVenue {
  /// - Parameters:
  ///   - traits: what every desk on the store is told of it.
  ///   - epoch: names the journal; whoever begins another one names it otherwise.
  package convenience init(
    _ traits: VenueTraits, market: any MarketSource, clock: any DeskClock, epoch: Int64,
    seed: UInt64
  ) {
    self.init(
      traits.guarantee, name: traits.name, market: market, clock: clock,
      clockTolerance: traits.clockTolerance, patience: traits.patience,
      lateFills: traits.lateFills, epoch: epoch, seed: seed)
  }
}
