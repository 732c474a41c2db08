import FlowrexContract
package import FlowrexMarket
package import FlowrexTrading
import Ledger
import Synchronization
package import Testing

/// What every source of prices keeps, the simulated one and those that come later: an adapter is
/// run against its own source, or a recording of it, with the clock that it was given. (S04-TRD-01)
package enum MarketFeedSuite {
  /// - Parameter make: a feed on `clock`, as it is in operation.
  package static func check(
    clock: any DeskClock, _ place: SourceLocation = #_sourceLocation,
    _ make: () -> any MarketFeed
  ) async throws {
    try await names(make(), clock, place)
    try await isInTime(make(), clock, place)
    try await isBelievable(make(), clock, place)
    try await ends(make(), clock, place)
    try await runsTwice(make(), clock, place)
  }

  /// A quote with the moment at which it was handed on.
  private struct Arrival {
    let quote: OfferedQuote
    let at: Timestamp
  }

  private final class Basket: Sendable {
    private let arrivals = Mutex<[Arrival]>([])
    var all: [Arrival] { arrivals.withLock { $0 } }
    func put(_ quote: OfferedQuote, _ now: Timestamp) {
      arrivals.withLock { $0.append(Arrival(quote: quote, at: now)) }
    }
    func holds(_ count: Int, of instruments: [Instrument]) -> Bool {
      let told = Dictionary(grouping: all, by: \.quote.instrument)
      return instruments.allSatisfy { (told[$0]?.count ?? 0) >= count }
    }
  }

  /// Runs the feed until every instrument was told of so often; half a minute bounds a feed that
  /// hangs, and is waited for by no other.
  private static func gather(
    _ count: Int, from feed: any MarketFeed, _ clock: any DeskClock
  ) async throws -> [Arrival] {
    let basket = Basket()
    let run = Task { try await feed.run { basket.put($0, clock.now()) } }
    let limit = ContinuousClock.now + .seconds(30)
    while !basket.holds(count, of: feed.instruments), ContinuousClock.now < limit {
      try await Task.sleep(for: .milliseconds(2))
    }
    run.cancel()
    try await run.value
    return basket.all
  }

  private static func names(
    _ feed: any MarketFeed, _ clock: any DeskClock, _ place: SourceLocation
  ) async throws {
    #expect(!feed.instruments.isEmpty, sourceLocation: place)
    let told = Set(try await gather(1, from: feed, clock).map(\.quote.instrument))
    #expect(told == Set(feed.instruments), sourceLocation: place)
  }

  /// Quotes of an instrument come in the order of their time stamps, soon, and not before their
  /// time.
  private static func isInTime(
    _ feed: any MarketFeed, _ clock: any DeskClock, _ place: SourceLocation
  ) async throws {
    let rules = QuoteRules()
    let arrivals = try await gather(5, from: feed, clock)
    for (instrument, told) in Dictionary(grouping: arrivals, by: \.quote.instrument) {
      let moments = told.map(\.quote.asOf)
      #expect(moments == moments.sorted(), "\(instrument)", sourceLocation: place)
      for one in told {
        let age = one.at.since(one.quote.asOf)
        #expect(age <= rules.maxAge, "\(instrument)", sourceLocation: place)
        #expect(age.microseconds >= -rules.maxLead.microseconds, sourceLocation: place)
      }
    }
  }

  /// The filters find a slip now and then and believe the rest, of every instrument.
  private static func isBelievable(
    _ feed: any MarketFeed, _ clock: any DeskClock, _ place: SourceLocation
  ) async throws {
    var book = MarketBook(QuoteRules())
    let arrivals = try await gather(10, from: feed, clock)
    let verdicts = arrivals.map { book.receive($0.quote, from: feed.source, at: $0.at) }
    let rejected = verdicts.count { if case .rejected = $0 { true } else { false } }
    #expect(rejected * 10 <= verdicts.count, sourceLocation: place)
    for instrument in feed.instruments {
      #expect(book.entries[instrument] != nil, "\(instrument)", sourceLocation: place)
    }
  }

  /// Who cancels it gets it back, and after that nothing is handed on.
  private static func ends(
    _ feed: any MarketFeed, _ clock: any DeskClock, _ place: SourceLocation
  ) async throws {
    let basket = Basket()
    let run = Task { try await feed.run { basket.put($0, clock.now()) } }
    while basket.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    run.cancel()
    try await run.value
    let count = basket.all.count
    for _ in 0..<20 { await Task.yield() }
    try await Task.sleep(for: .milliseconds(20))
    #expect(basket.all.count == count, sourceLocation: place)
  }

  /// It can be asked again, and by two at once.
  private static func runsTwice(
    _ feed: any MarketFeed, _ clock: any DeskClock, _ place: SourceLocation
  ) async throws {
    let first = try await gather(1, from: feed, clock)
    #expect(!first.isEmpty, sourceLocation: place)
    async let one = gather(3, from: feed, clock)
    async let other = gather(3, from: feed, clock)
    for told in try await [one, other] {
      #expect(
        Set(told.map(\.quote.instrument)) == Set(feed.instruments), sourceLocation: place)
    }
  }
}
