import FlowrexContract
import Ledger
import Risk
import ServiceContract
import Testing

/// Caps are the contract's, and a configuration can only tighten them. (S17-INT-03, S18-HS-10)
struct CapsTests {
  @Test func `the hard caps are those of the contract, all of them`() {
    let caps = Caps.hard
    let texts: [RiskCapName: String] = [
      .orderValue: caps.orderValue.text() + " USD",
      .symbolExposure: caps.symbolExposure.text() + " USD",
      .openExposure: caps.openExposure.text() + " USD",
      .dailyTurnover: caps.dailyTurnover.text() + " USD",
      .dailyLoss: caps.dailyLoss.text() + " USD",
      .drawdown: caps.drawdown.text(),
      .priceDeviation: caps.priceDeviation.text(),
      .leverage: String(caps.leverage),
      .ordersPerMinute: String(caps.ordersPerMinute),
      .openOrders: String(caps.openOrders),
    ]
    #expect(RiskCap.flowrex.count == RiskCapName.allCases.count)
    for cap in RiskCap.flowrex {
      let name = RiskCapName(rawValue: cap.name)
      #expect(name.flatMap { texts[$0] } == cap.limit, "\(cap.name)")
    }
  }

  @Test func `a configuration with the contract's defaults changes nothing`() throws {
    #expect(try Caps.hard.tightened(by: Self.defaults()) == .hard)
    #expect(try Caps.hard.tightened(by: CapSettings()) == .hard)
  }

  @Test func `a tighter value is taken, zero included`() throws {
    var settings = CapSettings()
    settings.orderValue = 100_000
    settings.leverage = 0
    settings.drawdown = Proportion(5, .two)
    let caps = try Caps.hard.tightened(by: settings)
    #expect(caps.orderValue == 100_000)
    #expect(caps.leverage == 0)
    #expect(caps.drawdown == Proportion(5, .two))
    #expect(caps.openOrders == 200)
    // Tightened once more from there: the tighter value is the cap now.
    settings.orderValue = 100_001
    #expect(throws: LooserCaps.self) { try caps.tightened(by: settings) }
  }

  /// One step above each cap, with the sentence that names both numbers.
  private static let looser: [(@Sendable (inout CapSettings) -> Void, String)] = [
    (
      { $0.orderValue = Amount(25_000_001, .two) },
      "RISK_MAX_ORDER_VALUE_USD is 250000.01 USD, looser than the hard cap 'order_value' of "
        + "250000.00 USD; a configuration can only tighten it"
    ),
    (
      { $0.symbolExposure = 1_000_001 },
      "RISK_MAX_SYMBOL_EXPOSURE_USD is 1000001.00 USD, looser than the hard cap "
        + "'symbol_exposure' of 1000000.00 USD; a configuration can only tighten it"
    ),
    (
      { $0.openExposure = 2_000_001 },
      "RISK_MAX_OPEN_EXPOSURE_USD is 2000001.00 USD, looser than the hard cap 'open_exposure' "
        + "of 2000000.00 USD; a configuration can only tighten it"
    ),
    (
      { $0.dailyTurnover = 5_000_001 },
      "RISK_MAX_DAILY_TURNOVER_USD is 5000001.00 USD, looser than the hard cap 'daily_turnover' "
        + "of 5000000.00 USD; a configuration can only tighten it"
    ),
    (
      { $0.dailyLoss = 50_001 },
      "RISK_MAX_DAILY_LOSS_USD is 50001.00 USD, looser than the hard cap 'daily_loss' of "
        + "50000.00 USD; a configuration can only tighten it"
    ),
    (
      { $0.drawdown = Proportion(11, .two) },
      "RISK_MAX_DRAWDOWN_RATIO is 0.11, looser than the hard cap 'drawdown' of 0.1; "
        + "a configuration can only tighten it"
    ),
    (
      { $0.priceDeviation = Proportion(3, .two) },
      "RISK_MAX_PRICE_DEVIATION_RATIO is 0.03, looser than the hard cap 'price_deviation' of "
        + "0.02; a configuration can only tighten it"
    ),
    (
      { $0.leverage = 11 },
      "RISK_MAX_LEVERAGE is 11, looser than the hard cap 'leverage' of 10; "
        + "a configuration can only tighten it"
    ),
    (
      { $0.ordersPerMinute = 61 },
      "RISK_MAX_ORDERS_PER_MINUTE is 61, looser than the hard cap 'orders_per_minute' of 60; "
        + "a configuration can only tighten it"
    ),
    (
      { $0.openOrders = 201 },
      "RISK_MAX_OPEN_ORDERS is 201, looser than the hard cap 'open_orders' of 200; "
        + "a configuration can only tighten it"
    ),
    (
      { $0.openOrders = -1 },
      "RISK_MAX_OPEN_ORDERS is -1, and a cap is never below zero; "
        + "the hard cap 'open_orders' is 200"
    ),
  ]

  @Test func `a looser value is refused with both numbers`() {
    for (change, words) in Self.looser {
      var settings = CapSettings()
      change(&settings)
      #expect(sentence { _ = try Caps.hard.tightened(by: settings) } == words)
    }
  }

  @Test func `everything that is wrong is said at once`() {
    var settings = CapSettings()
    settings.leverage = 11
    settings.openOrders = 500
    settings.orderValue = 10
    #expect(throws: LooserCaps.self) { try Caps.hard.tightened(by: settings) }
    #expect(
      sentence { _ = try Caps.hard.tightened(by: settings) }.split(separator: "\n").count == 2)
  }

  @Test func `a ninth digit does not slip under a cap`() {
    let settings = Self.defaults(drawdown: Ratio(ExactDecimal(100_000_001, scale: 9)))
    #expect(
      sentence { _ = try Caps.hard.tightened(by: settings) }
        == "RISK_MAX_DRAWDOWN_RATIO is 0.10000001, looser than the hard cap 'drawdown' of 0.1; "
        + "a configuration can only tighten it")
  }

  @Test func `a value smaller than what can be counted is the smallest step`() throws {
    let settings = Self.defaults(drawdown: Ratio(ExactDecimal(1, scale: 36)))
    #expect(try Caps.hard.tightened(by: settings).drawdown == .smallestStep)
  }

  @Test func `a value beyond what can be counted is looser and no trap`() {
    let settings = Self.defaults(
      orderValue: .cents(.max), drawdown: Ratio(ExactDecimal(.max, scale: 0)))
    #expect(
      sentence { _ = try Caps.hard.tightened(by: settings) }
        == "RISK_MAX_ORDER_VALUE_USD is 92233720368.54775807 USD, looser than the hard cap "
        + "'order_value' of 250000.00 USD; a configuration can only tighten it\n"
        + "RISK_MAX_DRAWDOWN_RATIO is 92233720368.54775807, looser than the hard cap 'drawdown' "
        + "of 0.1; a configuration can only tighten it")
  }

  private static func defaults(
    orderValue: Money = RiskCaps.orderValue, drawdown: Ratio = RiskCaps.drawdown
  ) -> CapSettings {
    CapSettings(
      orderValue: orderValue, symbolExposure: RiskCaps.symbolExposure,
      openExposure: RiskCaps.openExposure, dailyTurnover: RiskCaps.dailyTurnover,
      dailyLoss: RiskCaps.dailyLoss, drawdown: drawdown,
      priceDeviation: RiskCaps.priceDeviation, leverage: RiskCaps.leverage,
      ordersPerMinute: RiskCaps.ordersPerMinute, openOrders: RiskCaps.openOrders)
  }

  @Test(arguments: DenialCode.allCases)
  func `every code is that of one check`(code: DenialCode) {
    #expect(RiskEngine.check(of: code).code == code)
    #expect(RiskEngine.checks.filter { $0.code == code }.count == 1)
    #expect(RiskEngine.checks.count == DenialCode.allCases.count)
  }
}
