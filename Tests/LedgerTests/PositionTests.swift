import FlowrexContract
import Ledger
import Testing

/// Positions net, keep their cost exactly and turn through zero. (S04-TRD-10, 11)
struct PositionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var instrument = Instrument.eurUSD
    /// Lots and price, one after another.
    let fills: [(lots: String, price: String)]
    let quantity: String
    let cost: String
    let realised: String
    let average: String?
  }

  static let cases = [
    Case(
      testDescription: "a purchase", fills: [("1", "1.10000")], quantity: "1", cost: "110000",
      realised: "0", average: "1.1"),
    Case(
      testDescription: "a sale", fills: [("-0.5", "1.20000")], quantity: "-0.5", cost: "-60000",
      realised: "0", average: "1.2"),
    Case(
      testDescription: "two purchases", fills: [("1", "1.10000"), ("2", "1.10001")],
      quantity: "3", cost: "330002", realised: "0", average: "1.10000667"),
    Case(
      testDescription: "a part is closed at a profit",
      fills: [("2", "1.10000"), ("-0.5", "1.10100")], quantity: "1.5", cost: "165000",
      realised: "50", average: "1.1"),
    Case(
      testDescription: "a third is closed and the cost does not divide",
      fills: [("1", "1.10000"), ("2", "1.10001"), ("-1", "1.10001")], quantity: "2",
      cost: "220001.33333333", realised: "0.33333333", average: "1.10000667"),
    Case(
      testDescription: "what was rounded comes back with the last part",
      fills: [("1", "1.10000"), ("2", "1.10001"), ("-1", "1.10001"), ("-2", "1.10001")],
      quantity: "0", cost: "0", realised: "1", average: nil),
    Case(
      testDescription: "a short is closed at a loss", fills: [("-1", "1.20000"), ("1", "1.20005")],
      quantity: "0", cost: "0", realised: "-5", average: nil),
    Case(
      testDescription: "a long turns short", fills: [("1", "1.10000"), ("-3", "1.10100")],
      quantity: "-2", cost: "-220200", realised: "100", average: "1.101"),
    Case(
      testDescription: "a short turns long", fills: [("-1", "1.10000"), ("1.25", "1.10100")],
      quantity: "0.25", cost: "27525", realised: "-100", average: "1.101"),
    Case(
      testDescription: "yen", instrument: .usdJPY,
      fills: [("0.03", "151.234"), ("-0.01", "151.2")],
      quantity: "0.02", cost: "302468", realised: "-34", average: "151.234"),
    Case(
      testDescription: "gold", instrument: .xauUSD,
      fills: [("0.5", "2345.67"), ("0.5", "2345.68")],
      quantity: "1", cost: "234567.5", realised: "0", average: "2345.675"),
    Case(
      testDescription: "silver", instrument: .xagUSD, fills: [("-0.01", "28.125")],
      quantity: "-0.01", cost: "-1406.25", realised: "0", average: "28.125"),
  ]

  @Test(arguments: cases) func `a position is what its fills make of it`(example: Case) throws {
    let terms = InstrumentTerms.of(example.instrument)
    var position = Position.flat
    var realised = Amount.zero
    for fill in example.fills {
      let outcome = try position.receiving(
        Quantity(text: fill.lots), at: Price(text: fill.price), terms)
      position = outcome.position
      realised = try realised.adding(outcome.realised)
    }
    #expect(position.quantity.description == example.quantity)
    #expect(position.cost.description == example.cost)
    #expect(realised.description == example.realised)
    #expect(try position.averagePrice(terms, .halfEven)?.description == example.average)
  }

  @Test func `open profit is what closing now would earn`() throws {
    let terms = InstrumentTerms.of(.eurUSD)
    let long = try Position.flat.receiving(2, at: Price(text: "1.1"), terms).position
    let short = try Position.flat.receiving(-2, at: Price(text: "1.1"), terms).position
    #expect(try long.unrealised(at: Price(text: "1.1005"), terms) == 100)
    #expect(try short.unrealised(at: Price(text: "1.1005"), terms) == -100)
    #expect(try Position.flat.unrealised(at: Price(text: "1.1005"), terms) == .zero)
  }

  @Test func `a price off the tick makes no silent rounding`() throws {
    let terms = InstrumentTerms.of(.xagUSD)
    let tooFine = Price(28_125_001, .six)
    #expect(try terms.value(of: Quantity(1, .two), at: tooFine).description == "1406.25005")
    #expect(throws: ArithmeticFault.inexact) {
      try InstrumentTerms.of(.xauUSD).value(of: Quantity(1, .eight), at: Price(1, .three))
    }
  }

  @Test func `a value beyond the range is an error`() {
    #expect(throws: ArithmeticFault.overflow) {
      try InstrumentTerms.of(.eurUSD).value(of: .largest, at: .largest)
    }
    #expect(throws: ArithmeticFault.overflow) {
      try Position.flat.receiving(.largest, at: 1, .of(.eurUSD))
    }
  }

  @Test(arguments: Instrument.allCases)
  func `terms fit together, so that every product is exact`(instrument: Instrument) throws {
    let terms = InstrumentTerms.of(instrument)
    #expect(terms.instrument == instrument)
    #expect(instrument.rawValue == terms.base.rawValue + terms.quote.rawValue)
    #expect(terms.smallest.isMultiple(of: terms.lotStep))
    #expect(terms.largest.isMultiple(of: terms.lotStep))
    #expect(terms.margin.isPositive && terms.margin < 1)
    let least = try terms.value(of: terms.lotStep, at: terms.tick)
    #expect(least.isPositive)
    #expect(Instrument.allCases[instrument.ordinal] == instrument)
  }

  @Test(arguments: Currency.allCases)
  func `every currency has a way into dollars`(currency: Currency) throws {
    guard let way = currency.intoAccount else {
      #expect(currency == .account)
      return
    }
    let terms = InstrumentTerms.of(way.instrument)
    #expect(way.quoted == .asBase ? terms.base == currency : terms.quote == currency)
    #expect(way.quoted == .asBase ? terms.quote == .account : terms.base == .account)
  }
}
