public import ServiceContract

/// Sums over all accounts: an account is a person, and no person is a label. The worker that
/// holds a guard's lock exports them, so that they may be added up over replicas.
extension Flowrex {
  public static let portfolioValue = Gauge<Unlabelled, Money>(
    "portfolio_value_usd", "Cash and open positions at the last price. (S04-OBS-02, S04-TRD-09)")

  public static let cashBalance = Gauge<Unlabelled, Money>(
    "cash_balance_usd", "Cash, reservations included. (S04-OBS-02)")

  public static let realisedPnL = Gauge<Unlabelled, Money>(
    "realised_pnl_usd", "Profit and loss of closed positions today. (S04-OBS-02, S04-TRD-11)")

  public static let unrealisedPnL = Gauge<Unlabelled, Money>(
    "unrealised_pnl_usd", "Profit and loss of open positions now. (S04-OBS-02, S04-TRD-11)")

  public static let openExposure = Gauge<SymbolLabels, Money>(
    "open_exposure_usd", "Value at risk in the market, long plus short. (S04-TRD-12)")

  public static let openPositions = Gauge<SymbolLabels, Count>(
    "open_positions", "Positions that are not flat. (S04-OBS-02, S04-TRD-10)")

  public static let drawdown = Gauge<Unlabelled, Ratio>(
    "drawdown_ratio", "The deepest fall of an account from its peak. (S03-ARCH-07, S04-TRD-12)")

  public static let capUsage = Gauge<CapLabels, Ratio>(
    "risk_cap_usage_ratio", "The part of a cap that the fullest account uses. (S18-HS-10)")

  public static let riskRejections = Counter<DenialLabels>(
    "risk_rejections_total", "Orders that the risk engine refused. (S18-HS-10, S04-TRD-06)")

  public static let riskDecision = Histogram<Unlabelled, Duration>(
    "risk_decision_duration_seconds",
    buckets: [
      .microseconds(1), .microseconds(2), .microseconds(5), .microseconds(10),
      .microseconds(50), .microseconds(100), .milliseconds(1), .milliseconds(10),
    ],
    "How long one decision takes. (S04-TRD-07)")

  public static let killSwitch = Gauge<Unlabelled, Count>(
    "kill_switch_engaged", "1 while the emergency stop is on. (S18-EMG-02, 03)")

  public static let tradingState = Gauge<TradingStateLabels, Count>(
    "trading_state", "1 for the state that trading is in, 0 for the others. (S18-EMG-02)")

  public static let marketOpen = Gauge<Unlabelled, Count>(
    "market_open", "1 while any instrument can be traded. (C-58)")

  public static let marketDataAge = Gauge<SymbolLabels, Duration>(
    "market_data_age_seconds", "Since the last quote that was believed. (S04-TRD-02, 03)")

  public static let marketDataLatency = Histogram<SourceLabels, Duration>(
    "market_data_latency_seconds",
    buckets: [
      .milliseconds(10), .milliseconds(50), .milliseconds(100), .milliseconds(250),
      .milliseconds(500), .seconds(1), .milliseconds(1_500), .seconds(2), .seconds(5),
    ],
    "From the source's time stamp to our book; 1.5 s is the limit. (S04-TRD-03, C-63)")

  public static let quotesReceived = Counter<SymbolLabels>(
    "quotes_received_total", "Quotes that arrived, good and bad. (S04-TRD-02)")

  public static let quotesRejected = Counter<QuoteFaultLabels>(
    "quotes_rejected_total", "Quotes that were not believed. (S04-TRD-02)")
}

extension Flowrex {
  /// What only one process may say, so that a sum over replicas stays true: the worker that
  /// holds the guard's lock.
  public static let bookFamilies: [MetricFamily] = [
    portfolioValue.family, cashBalance.family, realisedPnL.family, unrealisedPnL.family,
    openExposure.family, openPositions.family, drawdown.family, capUsage.family,
    openOrders.family, approvalsPending.family, activeStrategies.family,
  ]

  /// What every process that trades sees of the market and of the stop.
  public static let marketFamilies: [MetricFamily] = [
    killSwitch.family, tradingState.family, marketOpen.family, marketDataAge.family,
    marketDataLatency.family, quotesReceived.family, quotesRejected.family,
  ]
}
