import FlowrexContract
import Ledger
import Risk
import Testing

/// Every code has its case and its exact sentence, and the same order one step smaller passes.
/// (S18-HS-10, S04-TRD-05 … 07)
struct DenialTests {
  /// Whether the order is denied with this code and sentence.
  private func expect(
    _ desk: Desk, _ order: OrderTerms, _ code: DenialCode, _ words: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let denial = desk.ask(order).denial
    #expect(denial?.code == code, sourceLocation: location)
    #expect(denial?.description == words, sourceLocation: location)
  }

  private func pass(
    _ desk: Desk, _ order: OrderTerms, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(desk.ask(order).denial == nil, sourceLocation: location)
  }

  @Test func `kill_switch has its case and its sentence`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "1", of: .eurUSD)
    try desk.control.receive(.engage, from: .person(PersonID(1)), at: noon)
    let words = "the emergency stop is on: only an emergency close is accepted"
    expect(desk, try buy("0.01"), .killSwitch, words)
    expect(desk, try sell("0.01"), .killSwitch, words)
    pass(desk, try order(.sell, "1", of: .eurUSD, purpose: .emergencyClose))
    try desk.control.receive(.proposeRelease, from: .person(PersonID(1)), at: noon)
    expect(desk, try buy("0.01"), .killSwitch, words)
  }

  @Test func `trading_halted has its case and its sentence`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "1", of: .eurUSD)
    let words = "trading is halted: only an emergency close is accepted"
    desk.account.state = .halted
    expect(desk, try sell("1"), .tradingHalted, words)
    pass(desk, try order(.sell, "1", of: .eurUSD, purpose: .emergencyClose))
    desk.account.state = .active
    desk.control = TradingControl(state: .halted)
    expect(desk, try sell("1"), .tradingHalted, words)
  }

  @Test func `reducing_only has its case and its sentence`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "1", of: .eurUSD)
    try desk.admit(try sell("0.4"))
    desk.control = TradingControl(state: .reducing)
    pass(desk, try sell("0.6"))
    expect(
      desk, try sell("0.61"), .reducingOnly,
      "the order may only reduce a position: it asks for 0.61 lots of EURUSD, "
        + "and 0.6 are left to close")
    expect(
      desk, try buy("0.01"), .reducingOnly,
      "the order may only reduce a position: it asks for 0.01 lots of EURUSD, "
        + "and 0 are left to close")
    desk.control = TradingControl()
    expect(
      desk, try order(.sell, "0.61", of: .eurUSD, purpose: .emergencyClose), .reducingOnly,
      "the order may only reduce a position: it asks for 0.61 lots of EURUSD, "
        + "and 0.6 are left to close")
  }

  @Test func `market_closed has its case and its sentence`() throws {
    var desk = try Desk()
    desk.market.isOpen[.xauUSD] = false
    expect(desk, try buy("0.01", of: .xauUSD), .marketClosed, "the market of XAUUSD is closed")
    pass(desk, try buy("0.01"))
  }

  @Test func `price_stale has its case and its sentence`() throws {
    var desk = try Desk()
    desk.now = noon.adding(.milliseconds(1_500))
    pass(desk, try buy("0.01"))
    desk.now = noon.adding(.milliseconds(1_501))
    expect(
      desk, try buy("0.01"), .priceStale,
      "the last quote of EURUSD is 1.501 s old; 1.5 s is the limit")
    // Our clock was set back: nobody knows how old the quote is.
    desk.now = noon.adding(.milliseconds(-500))
    pass(desk, try buy("0.01"))
    for step: Int32 in [501, 600_000] {
      desk.now = noon.adding(.milliseconds(-step))
      expect(
        desk, try buy("0.01"), .priceStale, "the last quote of EURUSD lies ahead of our clock")
    }
    desk.now = noon
    desk.market.quotes[.eurUSD] = nil
    expect(
      desk, try buy("0.01"), .priceStale, "no price to trade on: EURUSD has no quote yet")
  }

  @Test func `a position that has no price stops what adds risk, and not what reduces it`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "1", of: .eurUSD)
    try desk.trade(.buy, "0.1", of: .xauUSD)
    desk.market.quotes[.xauUSD] = nil
    let denial = try #require(desk.ask(try buy("0.01")).denial)
    #expect(denial.code == .priceStale)
    #expect(denial.instrument == .xauUSD)
    #expect(denial.description == "no price to trade on: XAUUSD has no quote yet")
    pass(desk, try sell("1"))
    desk.market.quotes[.eurUSD] = nil
    pass(desk, try order(.sell, "1", of: .eurUSD, purpose: .emergencyClose))
  }

  @Test func `an old price of another instrument values nothing, held or converted`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "0.1", of: .xauUSD)
    let quote = try #require(desk.market.quotes[.xauUSD])
    let old = noon.adding(.milliseconds(-1_501))
    desk.market.quotes[.xauUSD] = Quote(bid: quote.bid, ask: quote.ask, asOf: old)
    let denial = try #require(desk.ask(try buy("0.01")).denial)
    #expect(denial.code == .priceStale)
    #expect(
      denial.description
        == "no price to trade on: the last quote of XAUUSD is 1.501 s old; 1.5 s is the limit")
    let ahead = noon.adding(.milliseconds(501))
    desk.market.quotes[.xauUSD] = Quote(bid: quote.bid, ask: quote.ask, asOf: ahead)
    #expect(
      try #require(desk.ask(try buy("0.01")).denial).description
        == "no price to trade on: the last quote of XAUUSD lies ahead of our clock")
    // Euros are valued by EURUSD, whatever they are traded against.
    desk.market.quotes[.xauUSD] = quote
    let euro = try #require(desk.market.quotes[.eurUSD])
    desk.market.quotes[.eurUSD] = Quote(bid: euro.bid, ask: euro.ask, asOf: old)
    let converted = try #require(desk.ask(try order(.buy, "0.01", of: .eurGBP)).denial)
    #expect(converted.code == .priceStale)
    #expect(converted.instrument == .eurUSD)
  }

  @Test func `price_outside_band has its case and its sentence`() throws {
    let desk = try Desk()
    pass(desk, try buy("0.01", at: "1.275"))
    pass(desk, try buy("0.01", at: "1.225"))
    let words = "the limit price is 0.02501 away from the last quote of EURUSD; 0.025 is the limit"
    expect(desk, try buy("0.01", at: "1.27501"), .priceOutsideBand, words)
    expect(desk, try sell("0.01", at: "1.22499"), .priceOutsideBand, words)
    expect(
      desk, try buy("0.01", at: "1.250001"), .priceOutsideBand,
      "EURUSD: the limit price 1.250001 is no multiple of the tick 0.00001")
  }

  @Test func `instrument_not_traded has its case and its sentence`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "1", of: .eurUSD)
    desk.traded = [.usdJPY]
    expect(
      desk, try buy("0.01"), .instrumentNotTraded,
      "EURUSD is not traded here: only what is held may be closed")
    pass(desk, try sell("1"))
  }

  @Test(arguments: [
    ("0", "EURUSD: the quantity 0 is not above zero"),
    ("-1", "EURUSD: the quantity -1 is not above zero"),
    ("0.009", "EURUSD: the quantity 0.009 is below the smallest of 0.01 lots"),
    ("100.01", "EURUSD: the quantity 100.01 is above the largest of 100 lots"),
    ("0.015", "EURUSD: the quantity 0.015 is no multiple of the lot step 0.01"),
  ])
  func `quantity_invalid has its case and its sentence`(lots: String, words: String) throws {
    expect(try Desk(), try buy(lots), .quantityInvalid, words)
  }

  @Test func `order_too_large has its case and its sentence`() throws {
    let desk = try Desk()
    pass(desk, try buy("2"))
    expect(
      desk, try buy("2.01"), .orderTooLarge,
      "the order is worth 251250.00 USD; 250000.00 USD is the limit")
    // A dollar pair counts its dollars, whatever its price.
    pass(desk, try sell("2.5", of: .usdJPY))
    expect(
      desk, try sell("2.51", of: .usdJPY), .orderTooLarge,
      "the order is worth 251000.00 USD; 250000.00 USD is the limit")
    // A cross counts its base in dollars, and a limit above the market its limit.
    expect(
      desk, try buy("2.01", of: .eurGBP), .orderTooLarge,
      "the order is worth 251250.00 USD; 250000.00 USD is the limit")
    expect(
      desk, try sell("2", at: "1.26"), .orderTooLarge,
      "the order is worth 252000.00 USD; 250000.00 USD is the limit")
  }

  @Test func `symbol_exposure has its case and its sentence`() throws {
    var desk = try Desk()
    for _ in 0..<3 { try desk.trade(.buy, "2", of: .eurUSD) }
    try desk.admit(try buy("1"))
    pass(desk, try buy("1"))
    expect(
      desk, try buy("1.01"), .symbolExposure,
      "exposure in EURUSD would be 1001250.00 USD; 1000000.00 USD is the limit")
    // What sells cannot make the long larger, up to the short of the same size.
    pass(desk, try sell("2"))
  }

  @Test func `a moved price stops what adds to it and nothing else`() throws {
    var desk = try Desk()
    for _ in 0..<4 { try desk.trade(.buy, "2", of: .eurUSD) }
    try desk.quote(.eurUSD, "1.3")
    expect(
      desk, try buy("0.01"), .symbolExposure,
      "exposure in EURUSD would be 1041300.00 USD; 1000000.00 USD is the limit")
    pass(desk, try sell("1"))
  }

  @Test func `open_exposure has its case and its sentence`() throws {
    var desk = try Desk()
    for instrument in [Instrument.eurUSD, .eurGBP] {
      for _ in 0..<4 { try desk.trade(.sell, "2", of: instrument) }
    }
    expect(
      desk, try buy("0.01", of: .usdJPY), .openExposure,
      "open exposure would be 2001000.00 USD; 2000000.00 USD is the limit")
    try desk.trade(.buy, "0.5", of: .eurUSD)
    pass(desk, try buy("0.62", of: .usdJPY))
  }

  @Test func `daily_turnover has its case and its sentence`() throws {
    var desk = try Desk()
    for _ in 0..<9 {
      try desk.trade(.buy, "2", of: .eurUSD)
      try desk.trade(.sell, "2", of: .eurUSD)
    }
    try desk.admit(try buy("2"))
    pass(desk, try sell("2", of: .eurGBP))
    try desk.admit(try buy("1.99"))
    expect(
      desk, try buy("0.02"), .dailyTurnover,
      "turnover since midnight UTC would be 5001250.00 USD; 5000000.00 USD is the limit")
    // At midnight what was filled is over, and what is open still counts.
    desk.now = noon.adding(.seconds(43_200))
    try desk.quote(.eurUSD, "1.25")
    #expect(try desk.account.turnoverUsed(at: desk.now).description == "498750")
    pass(desk, try buy("0.02"))
  }

  @Test func `daily_loss has its case and its sentence`() throws {
    var desk = try Desk()
    for _ in 0..<4 { try desk.trade(.buy, "2", of: .eurUSD) }
    try desk.quote(.eurUSD, "1.18751", "1.1876")
    pass(desk, try buy("0.01"))
    try desk.quote(.eurUSD, "1.1875", "1.1876")
    expect(
      desk, try buy("0.01"), .dailyLoss,
      "the loss since midnight UTC is 50000.00 USD; at 50000.00 USD only reductions are accepted")
    pass(desk, try sell("1"))
  }

  @Test func `drawdown has its case and its sentence`() throws {
    var desk = try Desk(cash: 300_000)
    for _ in 0..<2 { try desk.trade(.buy, "2", of: .eurUSD) }
    try desk.quote(.eurUSD, "1.17501", "1.1751")
    pass(desk, try buy("0.01"))
    try desk.quote(.eurUSD, "1.175", "1.1751")
    expect(
      desk, try buy("0.01"), .drawdown,
      "the account is 30000.00 USD below its highest value; "
        + "at 30000.00 USD only reductions are accepted")
    pass(desk, try sell("2"))
  }

  @Test func `leverage has its case and its sentence`() throws {
    var desk = try Desk(cash: 25_000)
    try desk.trade(.buy, "1", of: .eurUSD)
    pass(desk, try buy("1"))
    expect(
      desk, try buy("1.01"), .leverage,
      "open exposure would be 251250.00 USD; the equity carries 250000.00 USD")
  }

  @Test func `order_rate has its case and its sentence`() throws {
    var desk = try Desk()
    for _ in 0..<60 { #expect(try desk.admit(try buy("0.01")).denial == nil) }
    let words = "this would be order 61 within 60 s; 60 is the limit"
    expect(desk, try buy("0.01"), .orderRate, words)
    desk.now = noon.adding(Span(microseconds: 59_999_999))
    try desk.quote(.eurUSD, "1.25")
    expect(desk, try buy("0.01"), .orderRate, words)
    desk.now = noon.adding(.minute)
    pass(desk, try buy("0.01"))
  }

  @Test func `open_orders has its case and its sentence`() throws {
    var desk = try Desk()
    for count in 0..<200 {
      desk.now = noon.adding(.seconds(Int32(count)))
      try desk.quote(.eurUSD, "1.25")
      #expect(try desk.admit(try buy("0.01")).denial == nil)
    }
    desk.now = noon.adding(.seconds(300))
    try desk.quote(.eurUSD, "1.25")
    expect(
      desk, try buy("0.01"), .openOrders,
      "this would be open order 201 of the account; 200 is the limit")
    desk.account.release(OrderID(1))
    pass(desk, try buy("0.01"))
  }

  @Test func `funds_insufficient has its case and its sentence`() throws {
    let desk = try Desk(cash: 2_500)
    // Silver wants a tenth.
    pass(desk, try buy("0.2", of: .xagUSD))
    expect(
      desk, try buy("0.21", of: .xagUSD), .fundsInsufficient,
      "a margin of 2625.00 USD would be needed; the equity is 2500.00 USD")
    expect(
      try Desk(cash: 0), try buy("0.01"), .fundsInsufficient,
      "a margin of 41.625 USD would be needed; the equity is 0.00 USD")
  }

  @Test func `what cannot be computed is refused`() throws {
    var desk = try Desk(cash: .largest)
    expect(
      desk, try buy("0.01"), .leverage,
      "the leverage cannot be computed: the result is beyond 92233720368.54775807")
    try desk.quote(.eurUSD, "92233720368")
    expect(
      desk, try buy("0.01"), .orderTooLarge,
      "the value of the order cannot be computed: the result is beyond 92233720368.54775807")
  }
}
