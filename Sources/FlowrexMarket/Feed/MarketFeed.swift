package import FlowrexContract
package import Ledger

/// Where quotes come from, behind one protocol: the simulated feed now, real sources later. All
/// pass `MarketFeedSuite`. (S04-TRD-01)
package protocol MarketFeed: Sendable {
  var source: MarketDataSource { get }
  /// What it tells prices of.
  var instruments: [Instrument] { get }
  /// Hands on every quote as it comes, in the source's order and as the source said it: nothing
  /// is judged, mended or left out here. Comes back soon after its task was cancelled.
  ///
  /// - Throws: Why no more will come; who runs it, runs it again.
  func run(_ deliver: @escaping @Sendable (OfferedQuote) -> Void) async throws(FeedFault)
}

/// A quote as a source sends it: nobody has judged it yet. (S04-TRD-02)
package struct OfferedQuote: Hashable, Sendable {
  package var instrument: Instrument
  package var bid: Price
  package var ask: Price
  /// By the source's own clock.
  package var asOf: Timestamp

  package init(_ instrument: Instrument, bid: Price, ask: Price, asOf: Timestamp) {
    self.instrument = instrument
    self.bid = bid
    self.ask = ask
    self.asOf = asOf
  }
}

/// Why a source tells nothing more.
package enum FeedFault: Error, Hashable, Sendable {
  case unreachable(String)
  /// It was reached, and the line broke.
  case broken(String)
  /// It does not know us: trying again will not help before a person did something.
  case refused(String)
}

extension FeedFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreachable(let why): "the source of prices cannot be reached: \(why)"
    case .broken(let why): "the line to the source of prices broke: \(why)"
    case .refused(let why): "the source of prices refuses us: \(why)"
    }
  }
}
