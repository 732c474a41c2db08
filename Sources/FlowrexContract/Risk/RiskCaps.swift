public import ServiceContract

/// What no configuration can raise. The documents cite a table of caps that we do not have: the
/// numbers are ours and each has a reason. (C-66, S18-HS-10, S17-INT-03)
public enum RiskCaps {
  /// Two and a half standard lots: filled at the quoted price in any of our pairs.
  public static let orderValue = Money.usd(250_000)
  /// Four of the largest orders, so that no single pair carries the portfolio.
  public static let symbolExposure = Money.usd(1_000_000)
  /// Two fully used instruments of ten.
  public static let openExposure = Money.usd(2_000_000)
  /// The whole exposure turned over two and a half times: more is a loop, not a strategy.
  public static let dailyTurnover = Money.usd(5_000_000)
  /// A fortieth of the exposure, about three bad days of a major pair.
  public static let dailyLoss = Money.usd(50_000)
  /// A tenth below the peak: the usual mandate of a managed account.
  public static let drawdown = Ratio.percent(10)
  /// A limit price further than this from the last quote is a typing error.
  public static let priceDeviation = Ratio.percent(2)
  /// A third of what European retail rules allow for major pairs (30).
  public static let leverage = 10
  /// One a second: ``LimitClass/orders`` allows no more either.
  public static let ordersPerMinute = 60
  /// Twenty for each instrument.
  public static let openOrders = 200
}

extension RiskCap {
  /// The caps by name, with the key that may tighten each.
  public static let flowrex: [RiskCap] = [
    usd(.orderValue, RiskCaps.orderValue, Setting.maxOrderValue, "Of one order. (S04-TRD-06)"),
    usd(
      .symbolExposure, RiskCaps.symbolExposure, Setting.maxSymbolExposure,
      "In one instrument, long plus short, orders included. (S04-TRD-06)"),
    usd(
      .openExposure, RiskCaps.openExposure, Setting.maxOpenExposure,
      "In all of them. (S04-TRD-06)"),
    usd(
      .dailyTurnover, RiskCaps.dailyTurnover, Setting.maxDailyTurnover,
      "Bought and sold since midnight UTC. (C-66)"),
    usd(
      .dailyLoss, RiskCaps.dailyLoss, Setting.maxDailyLoss,
      "Realised and unrealised since midnight UTC; then trading halts. (C-66)"),
    ratio(
      .drawdown, RiskCaps.drawdown, Setting.maxDrawdown,
      "Below the highest value of the account; then trading halts. (S03-ARCH-07)"),
    ratio(
      .priceDeviation, RiskCaps.priceDeviation, Setting.maxPriceDeviation,
      "Of a limit price from the last quote. (S04-TRD-05)"),
    count(.leverage, RiskCaps.leverage, Setting.maxLeverage, "Exposure over equity. (C-66)"),
    count(
      .ordersPerMinute, RiskCaps.ordersPerMinute, Setting.maxOrdersPerMinute,
      "Of one account. (C-66)"),
    count(.openOrders, RiskCaps.openOrders, Setting.maxOpenOrders, "Of one account. (C-66)"),
  ]

  private static func usd(
    _ name: RiskCapName, _ limit: Money, _ key: Key<Money>, _ help: String
  ) -> RiskCap {
    RiskCap(
      name.rawValue, limit: limit.number.description + " USD", tightenedBy: key.name, help)
  }

  private static func ratio(
    _ name: RiskCapName, _ limit: Ratio, _ key: Key<Ratio>, _ help: String
  ) -> RiskCap {
    RiskCap(name.rawValue, limit: limit.number.description, tightenedBy: key.name, help)
  }

  private static func count(
    _ name: RiskCapName, _ limit: Int, _ key: Key<Int>, _ help: String
  ) -> RiskCap {
    RiskCap(name.rawValue, limit: String(limit), tightenedBy: key.name, help)
  }
}
