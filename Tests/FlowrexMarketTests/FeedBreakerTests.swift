import FlowrexContract
import FlowrexMarket
import FlowrexResilience
import FlowrexSupport
import FlowrexTrading
import Ledger
import Synchronization
import TestSupport
import Testing

/// A source of prices that breaks again and again is left in peace. (S04-RES-01, S04-RES-02)
struct FeedBreakerTests {
  /// A clock that notes for how long somebody slept, and on which that time is over at once.
  private final class SleepingClock: DeskClock {
    private let state = Mutex((now: HandClock.start, slept: [Span]()))
    var slept: [Span] { state.withLock { $0.slept } }
    func now() -> Timestamp { state.withLock { $0.now } }
    func sleep(_ span: Span) async {
      // Once a second the market says how it stands, for which no time passes here.
      if span != .seconds(1) {
        state.withLock { state in
          state.now = state.now.adding(span)
          state.slept.append(span)
        }
      }
      try? await Task.sleep(for: .milliseconds(1))
    }
  }

  /// Breaks so often, then tells a price and goes on.
  private final class BrokenFeed: MarketFeed {
    let source = MarketDataSource.simulated
    let instruments: [Instrument] = [.eurUSD]
    private let left: Mutex<Int>
    private let clock: any DeskClock

    init(breaks count: Int, _ clock: any DeskClock) {
      left = Mutex(count)
      self.clock = clock
    }

    func run(_ deliver: @escaping @Sendable (OfferedQuote) -> Void) async throws(FeedFault) {
      let isBroken = left.withLock { left in
        defer { left -= 1 }
        return left > 0
      }
      guard !isBroken else { throw .unreachable("no line") }
      deliver(
        OfferedQuote(
          .eurUSD, bid: Price(110_000, .five), ask: Price(110_010, .five), asOf: clock.now()))
      while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    }
  }

  private final class Watcher: MarketObserver {
    private let words = Mutex<[String]>([])
    var told: [String] { words.withLock { $0 } }
    func received(_ instrument: Instrument) {}
    func rejected(_ instrument: Instrument, _ fault: QuoteFault) {}
    func believed(
      _ instrument: Instrument, from source: MarketDataSource, after latency: Span
    ) {}
    func lost(_ source: MarketDataSource, _ fault: FeedFault) {
      words.withLock { $0.append("lost") }
    }
    func entered(_ state: BreakerState, _ source: MarketDataSource) {
      words.withLock { $0.append(state.rawValue) }
    }
    func stands(_ status: MarketStatus) {}
  }

  @Test(.covers("S04-RES-01", "S04-RES-02", "S04-RES-03"))
  func `after so many breaks in a row nobody asks for its rest, and a price closes the breaker`()
    async throws
  {
    let (clock, watcher) = (SleepingClock(), Watcher())
    let market = LiveMarket(
      [BrokenFeed(breaks: 4, clock)], clock: clock,
      breaker: CircuitBreaker(failures: 3, rest: 40_000_000_000), observer: watcher)
    let running = Task { await market.run() }
    // A bound for what never comes.
    for _ in 0..<3_000 where watcher.told.last != "closed" {
      try await Task.sleep(for: .milliseconds(10))
    }
    running.cancel()
    await running.value
    #expect(
      watcher.told == [
        "lost", "lost", "lost", "open", "half_open", "lost", "open", "half_open", "closed",
      ])
    // The rest begins with the break; a pause after that is part of it.
    let rests = clock.slept.filter { $0 > .seconds(30) }
    #expect(rests == [.seconds(40), .seconds(38)])
  }
}
