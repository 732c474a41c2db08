import FlowrexContract
import Ledger
import Testing

/// Names, moments and prices as values.
struct ValueTests {
  @Test func `an identifier is read and written as a UUID`() throws {
    let text = "0190f3a4-7c1e-7abc-8def-0123456789ab"
    let id = try #require(OrderID(text: text))
    #expect(id.description == text)
    #expect(OrderID(text: text.uppercased()) == id)
    #expect(OrderID(0).description == "00000000-0000-0000-0000-000000000000")
    #expect(OrderID(.max).description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
    for wrong in [
      "", "0190f3a47c1e7abc8def0123456789ab", text + "0", String(text.dropLast()),
      text.replacing("a", with: "g"), text.replacing("-", with: "0"),
    ] {
      #expect(OrderID(text: wrong) == nil, "\(wrong)")
    }
  }

  @Test(
    arguments: [
      (0, 0), (86_399_999_999, 0), (86_400_000_000, 1), (-1, -1), (-86_400_000_000, -1),
      (-86_400_000_001, -2), (1_700_000_000_000_000, 19_675),
    ] as [(Int64, Int64)])
  func `a day starts at midnight in UTC`(microseconds: Int64, day: Int64) {
    #expect(Timestamp(microseconds: microseconds).day.number == day)
  }

  @Test func `moments do not run out`() {
    let last = Timestamp(microseconds: .max)
    #expect(last.adding(.seconds(1)) == last)
    #expect(Timestamp(microseconds: .min).adding(.seconds(-1)).microseconds == .min)
    #expect(last.since(Timestamp(microseconds: -1)).microseconds == .max)
    #expect(Timestamp(microseconds: .min).since(last).microseconds == .min)
  }

  @Test(
    arguments: [
      (0, "0 s"), (1_500_000, "1.5 s"), (60_000_000, "60 s"), (1, "0.000001 s"),
      (-250_000, "-0.25 s"),
    ] as [(Int64, String)])
  func `a span is written in seconds`(microseconds: Int64, text: String) {
    #expect(Span(microseconds: microseconds).description == text)
  }

  @Test func `no crossed quote is believed, and none at zero`() {
    let now = Timestamp(microseconds: 0)
    #expect(Quote(bid: 2, ask: 1, asOf: now) == nil)
    #expect(Quote(bid: 0, ask: 1, asOf: now) == nil)
    #expect(Quote(bid: -1, ask: 1, asOf: now) == nil)
    #expect(Quote(bid: 1, ask: 1, asOf: now) != nil)
  }

  @Test func `gains become fewer dollars and losses more`() throws {
    let now = Timestamp(microseconds: 0)
    let yen = try #require(Quote(bid: 150, ask: 160, asOf: now))
    let pound = try #require(Quote(bid: Price(12, .one), ask: Price(13, .one), asOf: now))
    let market = Market(quotes: [(.usdJPY, yen), (.gbpUSD, pound)])
    #expect(try market.worth(of: 1_000, in: .jpy).description == "6.25")
    #expect(try market.worth(of: -1_000, in: .jpy).description == "-6.66666667")
    #expect(try market.worth(of: 100, in: .gbp) == 120)
    #expect(try market.worth(of: -100, in: .gbp) == -130)
    #expect(try market.worth(of: 7, in: .usd) == 7)
    #expect(sentence { _ = try market.worth(of: 7, in: .eur) } == "EURUSD has no quote yet")
    #expect(
      sentence { _ = try market.worth(of: .largest, in: .gbp) }
        == "the result is beyond 92233720368.54775807")
  }

  @Test func `the faults of order terms have sentences`() {
    func faults(_ quantity: Quantity, _ pricing: Pricing = .market) -> [String] {
      OrderTerms(.buy, quantity, of: .eurUSD, pricing).faults(against: .of(.eurUSD))
        .map(\.description)
    }
    #expect(faults(1) == [])
    #expect(faults(0) == ["the quantity 0 is not above zero"])
    #expect(
      faults(Quantity(5, .three)) == ["the quantity 0.005 is below the smallest of 0.01 lots"])
    #expect(faults(101) == ["the quantity 101 is above the largest of 100 lots"])
    #expect(
      faults(Quantity(1_005, .three), .limit(0)) == [
        "the quantity 1.005 is no multiple of the lot step 0.01",
        "the limit price 0 is not above zero",
      ])
    #expect(
      faults(1, .limit(Price(1_100_001, .six)))
        == ["the limit price 1.100001 is no multiple of the tick 0.00001"])
  }
}
