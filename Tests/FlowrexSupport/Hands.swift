package import FlowrexContract
package import FlowrexStore
package import FlowrexTrading
package import FlowrexVenue
package import Ledger
package import Risk
import Synchronization

/// A clock that stands until somebody moves it. It starts on a Wednesday at noon.
package final class HandClock: DeskClock {
  package static let start = Timestamp(microseconds: 1_700_049_600_000_000)
  private let time: Mutex<Timestamp>

  package init(at start: Timestamp = HandClock.start) { time = Mutex(start) }

  package func now() -> Timestamp { time.withLock { $0 } }
  /// Time passes at once for who sleeps.
  package func sleep(_ span: Span) async {
    advance(span)
    await Task.yield()
  }
  package func advance(_ span: Span) { time.withLock { $0 = $0.adding(span) } }
}

/// Names 1, 2, 3 …
package final class CountingIDs: IDSource {
  private let last: Mutex<UInt128>

  package init(after last: UInt128 = 0) { self.last = Mutex(last) }

  package func next() -> UInt128 {
    last.withLock { last in
      last += 1
      return last
    }
  }
}

/// Quotes that are fresh unless a test says otherwise, at prices that somebody sets.
package final class HandMarket: MarketSource {
  private let clock: any DeskClock
  private let prices: Mutex<[Instrument: (bid: Price, ask: Price)]>
  private let state = Mutex((age: Span(microseconds: 0), isOpen: true))
  /// Since when some are closed.
  private let closed = Mutex<[Instrument: Timestamp]>([:])

  package init(_ clock: any DeskClock) {
    self.clock = clock
    prices = Mutex([
      .eurUSD: (Price(110_000, .five), Price(110_010, .five)),
      .gbpUSD: (Price(125_000, .five), Price(125_020, .five)),
      .usdJPY: (Price(150_000, .three), Price(150_010, .three)),
      .xauUSD: (Price(2_000), Price(2_001)),
    ])
  }

  package func set(_ instrument: Instrument, bid: Price, ask: Price) {
    prices.withLock { $0[instrument] = (bid, ask) }
  }

  /// From here on quotes are so old, though they come.
  package func age(_ age: Span) { state.withLock { $0.age = age } }
  package func close() { state.withLock { $0.isOpen = false } }
  /// Closes one market: its quote stays, and grows old.
  package func close(_ instrument: Instrument) {
    let now = clock.now()
    closed.withLock { $0[instrument] = now }
  }

  package func market() -> Market {
    let (age, isOpen) = state.withLock { $0 }
    let now = clock.now().adding(Span(microseconds: -age.microseconds))
    let closed = closed.withLock { $0 }
    let quotes = prices.withLock { prices in
      Instrument.allCases.compactMap { instrument -> (Instrument, Quote)? in
        guard let price = prices[instrument] else { return nil }
        return Quote(bid: price.bid, ask: price.ask, asOf: min(now, closed[instrument] ?? now))
          .map { (instrument, $0) }
      }
    }
    let open = Instrument.allCases.filter { isOpen && closed[$0] == nil }
    return Market(quotes: quotes, open: Set(open))
  }
}

/// A desk with a venue, and one account with 100,000 dollars.
package struct Floor: Sendable {
  package let clock: HandClock
  package let market: HandMarket
  package let venue: SimulatedVenue
  package let line: BadLine
  package let store: any Store
  package let desk: Desk

  package static let account = AccountID(0xA)
  package static let owner = PersonID(0x1)
  package static let policy = RiskPolicy(
    caps: .hard, traded: Set(Instrument.allCases), quoteLife: .milliseconds(1_500))

  package init(
    _ store: any Store, _ guarantee: SubmitGuarantee = .idempotent, temper: VenueTemper = .calm
  ) async throws {
    clock = HandClock()
    market = HandMarket(clock)
    venue = SimulatedVenue(guarantee, market: market, clock: clock, seed: 7, temper: temper)
    line = BadLine(to: venue)
    self.store = store
    desk = try Desk(
      store: store, broker: line, market: market, clock: clock, ids: CountingIDs(after: 1_000),
      policy: Self.policy)
    try await desk.openAccount(Self.account, of: Self.owner)
    _ = try await desk.move(100_000, of: Self.account, named: 1)
  }

  package func request(
    _ key: String, _ side: Side = .buy, _ quantity: Quantity = Quantity(10, .two),
    of instrument: Instrument = .eurUSD, _ pricing: Pricing = .market,
    mode: ExecutionMode = .autonomous
  ) throws -> OrderRequest {
    guard let key = ClientKey(key) else { throw StoreFault.unreadable(column: "key", value: key) }
    return OrderRequest(
      ClientOrder(side, quantity, of: instrument, pricing), of: Self.account, by: Self.owner,
      key: key, mode: mode)
  }

  /// Another process on the same store, with a line of its own.
  package func desk(
    on line: any Broker, store other: (any Store)? = nil, times: DeskTimes = DeskTimes()
  ) throws -> Desk {
    try Desk(
      store: other ?? store, broker: line, market: market, clock: clock,
      ids: CountingIDs(after: 5_000),
      policy: Self.policy, times: times)
  }

  package func order(_ id: OrderID) async throws -> OrderRecord? {
    try await store.transact { try $0.order(id) }
  }

  package func account() async throws -> AccountRecord? {
    try await store.transact { try $0.account(Self.account) }
  }

  /// Says and hears everything that is due.
  package func settle() async throws {
    while try await desk.deliver(limit: 50) + desk.listen(limit: 50) > 0 {}
  }
}

/// A line to a venue that loses what a test wants lost.
package final class BadLine: Broker {
  package enum Trouble: Sendable {
    /// The venue hears nothing.
    case notSent
    /// The venue hears nothing, and we cannot know.
    case questionLost
    /// The venue hears, and its answer is lost.
    case answerLost
  }

  private let venue: SimulatedVenue
  private let troubles = Mutex<[Trouble]>([])
  /// Questions that were said, in their order.
  private let heard = Mutex<[String]>([])

  init(to venue: SimulatedVenue) { self.venue = venue }

  package var name: String { venue.name }
  package var guarantee: SubmitGuarantee { venue.guarantee }
  package var clockTolerance: Span { venue.clockTolerance }
  package var patience: Span { venue.patience }
  package var lateFills: Span { venue.lateFills }
  package var said: [String] { heard.withLock { $0 } }

  /// What goes wrong with the next submissions, look-ups and cancellations, one after another.
  package func suffer(_ next: Trouble...) { troubles.withLock { $0 += next } }

  private func call<Value>(
    _ word: String, _ body: () async throws(BrokerFault) -> Value
  ) async throws(BrokerFault) -> Value {
    heard.withLock { $0.append(word) }
    let trouble = troubles.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    switch trouble {
    case .notSent: throw .notSent("the line is cut")
    case .questionLost: throw .unanswered("nothing came back")
    case .answerLost:
      _ = try await body()
      throw .unanswered("nothing came back")
    case nil: return try await body()
    }
  }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    try await call("submit") { () throws(BrokerFault) in try await venue.submit(submission) }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await call("cancel") { () throws(BrokerFault) in try await venue.cancel(order) }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    try await call("look up") { () throws(BrokerFault) in try await venue.lookUp(order) }
  }

  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    try await venue.events(after: sequence, of: epoch, limit: limit)
  }
}
