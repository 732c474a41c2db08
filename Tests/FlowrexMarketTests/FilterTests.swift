import FlowrexContract
import FlowrexMarket
import FlowrexSupport
import Ledger
import TestSupport
import Testing

/// Quotes that are judged, one reason at a time. (S04-TRD-02)
@Suite struct FilterTests {
  private static let now = HandClock.start
  private static let rules = QuoteRules()
  /// Which want no confirmation.
  private static let credulous = {
    var rules = QuoteRules()
    rules.confirmations = 1
    return rules
  }()

  private static func quote(
    _ bid: Int32, _ ask: Int32, age milliseconds: Int32 = 10
  ) -> OfferedQuote {
    OfferedQuote(
      .eurUSD, bid: Price(bid, .five), ask: Price(ask, .five),
      asOf: now.adding(.milliseconds(-milliseconds)))
  }

  /// A book that believed 1.10000 / 1.10010, a tenth of a second ago.
  private static func book() -> MarketBook {
    var book = MarketBook(rules)
    for age: Int32 in [400, 300, 200, 100] {
      let before = now.adding(.milliseconds(-age))
      _ = book.receive(
        OfferedQuote(.eurUSD, bid: Price(110_000, .five), ask: Price(110_010, .five), asOf: before),
        from: .simulated, at: before)
    }
    return book
  }

  struct Case: Sendable, CustomStringConvertible {
    let fault: QuoteFault
    let refused: OfferedQuote
    /// One step away from it, and believed.
    let believed: OfferedQuote
    var description: String { fault.rawValue }
  }

  private static let cases = [
    Case(fault: .zero, refused: quote(0, 110_010), believed: quote(110_000, 110_011)),
    Case(fault: .zero, refused: quote(-110_000, 110_010), believed: quote(110_001, 110_010)),
    Case(fault: .zero, refused: quote(110_000, 0), believed: quote(110_000, 110_011)),
    Case(fault: .crossed, refused: quote(110_011, 110_010), believed: quote(110_010, 110_010)),
    Case(
      fault: .crossed,
      refused: OfferedQuote(
        .eurUSD, bid: Price(1_100_019, .six), ask: Price(1_100_011, .six),
        asOf: now.adding(.milliseconds(-10))),
      believed: quote(110_001, 110_002)),
    Case(
      fault: .stale, refused: quote(110_000, 110_010, age: 1_501),
      believed: quote(110_000, 110_010, age: 99)),
    Case(
      fault: .duplicate, refused: quote(110_000, 110_010, age: 100),
      believed: quote(110_000, 110_011, age: 100)),
    Case(
      fault: .outOfOrder, refused: quote(110_000, 110_011, age: 101),
      believed: quote(110_000, 110_011, age: 100)),
    Case(
      fault: .outOfOrder, refused: quote(110_000, 110_010, age: -501),
      believed: quote(110_000, 110_010, age: -500)),
    // 0.5 % of 1.10005 is 0.00550025.
    Case(fault: .outlier, refused: quote(110_551, 110_561), believed: quote(110_550, 110_560)),
    Case(fault: .outlier, refused: quote(109_449, 109_459), believed: quote(109_450, 109_460)),
    Case(fault: .outlier, refused: quote(109_500, 110_596), believed: quote(109_500, 110_595)),
  ]

  @Test(.covers("S04-TRD-02"), arguments: cases)
  func `a bad quote is refused with its reason, and one step away it is believed`(one: Case) {
    var book = Self.book()
    let before = book.entries[.eurUSD]
    #expect(book.receive(one.refused, from: .simulated, at: Self.now) == .rejected(one.fault))
    #expect(book.entries[.eurUSD] == before)
    let verdict = book.receive(one.believed, from: .simulated, at: Self.now)
    guard case .believed = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(book.entries[.eurUSD]?.quote.bid == one.believed.bid)
  }

  @Test(.covers("S04-TRD-02")) func `every fault of the contract has a filter that is tried`() {
    #expect(Set(Self.cases.map(\.fault)) == Set(QuoteFault.allCases))
  }

  @Test func `stale is what is older than the limit, to the microsecond`() {
    var book = MarketBook(Self.credulous)
    let old = Self.now.adding(Span(microseconds: -1_500_001))
    var offered = Self.quote(110_000, 110_010)
    offered.asOf = old
    #expect(book.receive(offered, from: .simulated, at: Self.now) == .rejected(.stale))
    offered.asOf = old.adding(Span(microseconds: 1))
    #expect(
      book.receive(offered, from: .simulated, at: Self.now)
        == .believed(latency: .milliseconds(1_500)))
  }

  @Test(.covers("S04-TRD-02"))
  func `a jump is believed when four quotes in a row say it, and slips here and there are not`() {
    var book = Self.book()
    var moment = Self.now
    func offer(_ bid: Int32) -> MarketBook.Verdict {
      moment = moment.adding(.milliseconds(100))
      let offered = OfferedQuote(
        .eurUSD, bid: Price(bid, .five), ask: Price(bid + 10, .five), asOf: moment)
      return book.receive(offered, from: .simulated, at: moment)
    }
    for bid: Int32 in [120_000, 121_000, 130_000, 121_000] {
      #expect(offer(bid) == .rejected(.outlier), "\(bid)")
    }
    #expect(offer(110_020) == .believed(latency: .milliseconds(0)))
    // What was believed in between begins the count anew.
    for bid: Int32 in [121_000, 121_010, 121_020] {
      #expect(offer(bid) == .rejected(.outlier), "\(bid)")
    }
    #expect(offer(121_030) == .believed(latency: .milliseconds(0)))
    #expect(offer(121_040) == .believed(latency: .milliseconds(0)))
    #expect(offer(110_020) == .rejected(.outlier))
  }

  @Test(.covers("S04-TRD-02"))
  func `a slip that is said again and again is not confirmed by itself`() {
    var book = Self.book()
    let slip = Self.quote(121_000, 121_010)
    for _ in 1...10 {
      #expect(book.receive(slip, from: .simulated, at: Self.now) == .rejected(.outlier))
    }
  }

  /// The drawdown guard would act on it before the next one comes.
  @Test(.covers("S04-TRD-02"))
  func `the first price of an instrument is believed when four quotes say it`() {
    var book = MarketBook(Self.rules)
    var moment = Self.now
    func offer(_ bid: Int32) -> MarketBook.Verdict {
      moment = moment.adding(.milliseconds(100))
      let offered = OfferedQuote(
        .eurUSD, bid: Price(bid, .five), ask: Price(bid + 10, .five), asOf: moment)
      return book.receive(offered, from: .simulated, at: moment)
    }
    for bid: Int32 in [121_000, 110_000, 110_001, 110_002] {
      #expect(offer(bid) == .unconfirmed, "\(bid)")
      #expect(book.market(.always, at: .init(moment)).quotes[.eurUSD] == nil)
    }
    #expect(offer(110_003) == .believed(latency: .milliseconds(0)))
    #expect(
      book.market(.always, at: .init(moment)).quotes[.eurUSD]?.bid == Price(110_003, .five))
  }

  @Test func `two sources that contradict each other at the start do not hide a third`() {
    var book = MarketBook(Self.rules)
    for number: Int32 in 1...4 {
      let moment = Self.now.adding(.milliseconds(number))
      for (rank, bid) in [(0, 110_000 + number * 10_000), (1, 110_000)] as [(Int, Int32)] {
        let offered = OfferedQuote(
          .eurUSD, bid: Price(bid, .five), ask: Price(bid + 10, .five), asOf: moment)
        _ = book.receive(offered, from: .simulated, rank: rank, at: moment)
      }
    }
    #expect(book.entries[.eurUSD]?.rank == 1)
  }

  @Test func `a quote whose sides are far apart is never confirmed`() {
    var book = Self.book()
    for number: Int32 in 1...20 {
      let moment = Self.now.adding(.milliseconds(number))
      let offered = OfferedQuote(
        .eurUSD, bid: Price(100_000, .five), ask: Price(120_000, .five), asOf: moment)
      #expect(book.receive(offered, from: .simulated, at: moment) == .rejected(.outlier))
    }
  }

  @Test func `prices beyond every number are refused and break nothing`() {
    var book = Self.book()
    let offered = OfferedQuote(.eurUSD, bid: .largest, ask: .largest, asOf: Self.now)
    #expect(book.receive(offered, from: .simulated, at: Self.now) != .spare)
    #expect(book.entries[.eurUSD]?.quote.bid == Price(110_000, .five))
  }

  @Test func `digits finer than the tick widen the quote to the tick`() throws {
    var book = MarketBook(Self.credulous)
    let offered = OfferedQuote(
      .eurUSD, bid: Price(1_100_009, .six), ask: Price(1_100_011, .six), asOf: Self.now)
    _ = book.receive(offered, from: .simulated, at: Self.now)
    let quote = try #require(book.entries[.eurUSD]?.quote)
    #expect((quote.bid, quote.ask) == (Price(110_000, .five), Price(110_002, .five)))
  }
}
