package import FlowrexTrading
package import Ledger
import Synchronization

/// The simulated venue behind the one protocol of brokers, in this process. It has a clock of its
/// own. (S17-ENV-03)
package final class SimulatedVenue: Broker {
  package let name: String
  package let guarantee: SubmitGuarantee
  package let clockTolerance: Span
  package let patience: Span
  package let lateFills: Span
  private let book: Mutex<VenueBook>
  private let market: any MarketSource
  private let clock: any DeskClock
  private let (seed, temper): (UInt64, VenueTemper)

  /// - Parameters:
  ///   - clock: the venue's own, which may be behind ours by `clockTolerance` at most.
  ///   - lateFills: ``turn()`` comes at least so often.
  ///   - epoch: names the journal; whoever begins another one names it otherwise.
  package init(
    _ guarantee: SubmitGuarantee, name: String = "simulated", market: any MarketSource,
    clock: any DeskClock, clockTolerance: Span = .seconds(1), patience: Span = .seconds(4),
    lateFills: Span = .seconds(2), epoch: Int64 = 1, seed: UInt64, temper: VenueTemper = .calm
  ) {
    self.name = name
    self.guarantee = guarantee
    self.clockTolerance = clockTolerance
    self.patience = patience
    self.lateFills = lateFills
    self.market = market
    self.clock = clock
    (self.seed, self.temper) = (seed, temper)
    book = Mutex(VenueBook(guarantee, epoch: epoch, seed: seed, temper: temper))
  }

  /// Forgets everything, as a process does that keeps nothing and starts anew.
  package func restart() {
    book.withLock { book in
      book = VenueBook(guarantee, epoch: book.epoch + 1, seed: seed, temper: temper)
    }
  }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    book.withLock { $0.submit(submission, in: market.market(), at: clock.now()) }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    book.withLock { $0.cancel(order, in: market.market(), at: clock.now()) }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    guard guarantee == .lookUpAble else { throw .unsupported }
    return book.withLock { LookUp(of: $0.epoch, $0.lookUp(order)) }
  }

  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    book.withLock { book in
      let sequence = epoch == book.epoch ? sequence : 0
      return VenueNews(of: book.epoch, book.events(after: sequence, limit: limit))
    }
  }

  /// Lets the market work on orders that rest.
  package func turn() {
    book.withLock { $0.turn(in: market.market(), at: clock.now()) }
  }

  /// Names the journal that it keeps now.
  package var epoch: Int64 { book.withLock { $0.epoch } }

  /// Trades that it has made and not told yet.
  package var untold: [Fill] { book.withLock { $0.untold } }

  /// What really happened, as the venue wrote it down.
  package var journal: [VenueBook.Entry] { book.withLock { $0.journal } }
}
