package import FlowrexContract
package import FlowrexResilience
package import FlowrexTrading
package import Ledger
import Synchronization

/// The market of this process: it runs the feeds, and the desk, the API and the workers ask it.
/// (S04-TRD-01 … 04)
package final class LiveMarket: MarketSource {
  private let book: Mutex<MarketBook>
  private let feeds: [any MarketFeed]
  private let clock: any DeskClock
  private let steady: any DeskClock
  private let hours: TradingHours
  private let rules: QuoteRules
  private let observer: any MarketObserver
  private let start: MarketBook.Instant
  /// Of each feed, as it begins.
  private let breaker: CircuitBreaker?

  /// - Parameters:
  ///   - feeds: the first is believed, a later one while all before it are silent.
  ///   - clock: the time of people, which sources stamp their quotes with.
  ///   - steady: one that nobody sets, so that a step of the other is seen; `nil` when nobody sets
  ///     that one either.
  ///   - candle: the length of the shortest candle, `CANDLE_INTERVAL_SECONDS`.
  ///   - breaker: leaves a feed in peace that broke so often in a row. (S04-RES-02)
  package init(
    _ feeds: [any MarketFeed], clock: any DeskClock, steady: (any DeskClock)? = nil,
    hours: TradingHours = .always, rules: QuoteRules = QuoteRules(), candle: Span = .minute,
    breaker: CircuitBreaker? = nil, observer: any MarketObserver
  ) {
    self.breaker = breaker
    book = Mutex(MarketBook(rules, candle: candle))
    self.feeds = feeds
    self.clock = clock
    self.steady = steady ?? clock
    self.hours = hours
    self.rules = rules
    self.observer = observer
    start = MarketBook.Instant(wall: clock.now(), steady: (steady ?? clock).now())
  }

  private var now: MarketBook.Instant {
    MarketBook.Instant(wall: clock.now(), steady: steady.now())
  }

  package func market() -> Market {
    let now = now
    return book.withLock { $0.market(hours, at: now) }
  }

  package func status() -> MarketStatus {
    let now = now
    let book = book.withLock { $0 }
    return MarketStatus(book, hours, maxAge: rules.maxAge, since: start, at: now)
  }

  /// The last candles, oldest first; the last of them may still grow.
  ///
  /// - Parameter length: a multiple of the shortest length; for another there is none.
  package func candles(
    _ count: Int, of instrument: Instrument, length: Span? = nil
  ) -> [Candle] {
    let candles = book.withLock { $0.candles }
    return candles.last(count, of: instrument, length: length)
  }

  /// Listens to all feeds until the task is cancelled. A feed that ends is asked again, after a
  /// pause that doubles up to half a minute as long as nothing comes.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      for (rank, feed) in feeds.enumerated() {
        group.addTask { await self.listen(to: feed, rank) }
      }
      group.addTask {
        while !Task.isCancelled {
          self.observer.stands(self.status())
          await self.clock.sleep(.seconds(1))
        }
      }
    }
  }

  private func listen(to feed: any MarketFeed, _ rank: Int) async {
    var pause = Self.firstPause
    let breaker = FeedBreaker(breaker) { self.observer.entered($0, feed.source) }
    while !Task.isCancelled {
      if let rest = breaker.rest(at: steady.now()) {
        await clock.sleep(rest)
        continue
      }
      let heard = Flag()
      do throws(FeedFault) {
        try await feed.run { offered in
          if heard.raise() { breaker.ended(well: true, at: self.steady.now()) }
          self.hear(offered, from: feed.source, rank)
        }
        guard !Task.isCancelled else { return }
        observer.lost(feed.source, .broken("it ended"))
      } catch {
        observer.lost(feed.source, error)
      }
      breaker.ended(well: false, at: steady.now())
      if heard.isUp { pause = Self.firstPause }
      await clock.sleep(pause)
      pause = min(Span(microseconds: pause.microseconds * 2), Self.longestPause)
    }
  }

  private static let firstPause = Span.milliseconds(250)
  private static let longestPause = Span.seconds(30)

  /// Takes one quote, as a feed hands it on.
  package func hear(_ offered: OfferedQuote, from source: MarketDataSource, _ rank: Int = 0) {
    let now = now
    observer.received(offered.instrument)
    let verdict = book.withLock { $0.receive(offered, from: source, rank: rank, at: now) }
    switch verdict {
    case .believed(let latency):
      observer.believed(offered.instrument, from: source, after: latency)
    case .rejected(let fault): observer.rejected(offered.instrument, fault)
    case .unconfirmed, .spare: break
    }
  }
}

/// Whether something happened.
private final class Flag: Sendable {
  private let state = Mutex(false)
  var isUp: Bool { state.withLock { $0 } }

  /// - Returns: whether it was not up before.
  func raise() -> Bool {
    state.withLock { state in
      defer { state = true }
      return !state
    }
  }
}

/// The breaker before one feed; without one nobody rests.
private final class FeedBreaker: Sendable {
  private let state: Mutex<CircuitBreaker?>
  private let entered: @Sendable (BreakerState) -> Void

  init(_ breaker: CircuitBreaker?, entered: @escaping @Sendable (BreakerState) -> Void) {
    state = Mutex(breaker)
    self.entered = entered
  }

  /// So long nobody asks; `nil` when somebody may.
  func rest(at now: Timestamp) -> Span? {
    change { breaker in
      guard case .refused(let left) = breaker.ask(at: now.microseconds * 1_000) else { return nil }
      return Span(microseconds: max(1, left / 1_000))
    } ?? nil
  }

  func ended(well: Bool, at now: Timestamp) {
    change { breaker in
      if well { breaker.succeeded() } else { breaker.failed(at: now.microseconds * 1_000) }
    }
  }

  @discardableResult
  private func change<Value: Sendable>(_ body: (inout CircuitBreaker) -> Value) -> Value? {
    state.withLock { state in
      guard var breaker = state else { return nil }
      let before = breaker.state
      let value = body(&breaker)
      state = breaker
      if breaker.state != before { entered(breaker.state) }
      return value
    }
  }
}
