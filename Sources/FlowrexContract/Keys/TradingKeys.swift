public import ServiceContract

/// Orders and the market.
extension Setting {
  public static let executionMode = Key<ExecutionMode>(
    "EXECUTION_MODE", default: .guide, "Until a strategy says otherwise. (C-65, S17-INT-04)")

  public static let approvalLife = Key<Duration>(
    "APPROVAL_LIFE_SECONDS", default: .minutes(5), "Then an order expires. (C-65)")

  public static let idempotencyLife = Key<Duration>(
    "IDEMPOTENCY_LIFE_SECONDS", default: .hours(24),
    "How long the same key gets the same answer. (S04-RES-07)")

  public static let instrumentsTraded = Key<[Instrument]>(
    "INSTRUMENTS", default: Instrument.allCases, "What may be ordered. (C-66)")

  public static let marketDataMaxAge = Key<Duration>(
    "MARKET_DATA_MAX_AGE_SECONDS", default: .milliseconds(1_500),
    "An older price is not traded on. (S04-TRD-03)")

  public static let venueURL = Key<String>(
    "SIMULATED_VENUE_URL", default: "",
    "`http://host:port` of the simulated venue; empty is one inside. (S17-ENV-03)")

  public static let feedSeed = Key<Int>(
    "SIMULATED_FEED_SEED", default: 1, "The same seed makes the same prices. (S17-ENV-08)")

  public static let breakerFailures = Key<Int>(
    "BREAKER_FAILURES", default: 5, "In a row, then a breaker opens. (S04-RES-02)")

  public static let breakerOpen = Key<Duration>(
    "BREAKER_OPEN_SECONDS", default: .seconds(30), "Then one call may try. (S04-RES-02, 03)")

  public static let attempts = Key<Int>(
    "RETRY_ATTEMPTS", default: 3, "The first included. (S04-RES-05, 06)")
}

/// What an environment may tighten, and never loosen. (S18-HS-10, S17-INT-03)
extension Setting {
  public static let maxOrderValue = Key<Money>(
    "RISK_MAX_ORDER_VALUE_USD", default: RiskCaps.orderValue, "Of one order. (C-66)")

  public static let maxSymbolExposure = Key<Money>(
    "RISK_MAX_SYMBOL_EXPOSURE_USD", default: RiskCaps.symbolExposure, "In one instrument. (C-66)")

  public static let maxOpenExposure = Key<Money>(
    "RISK_MAX_OPEN_EXPOSURE_USD", default: RiskCaps.openExposure, "In all of them. (C-66)")

  public static let maxDailyTurnover = Key<Money>(
    "RISK_MAX_DAILY_TURNOVER_USD", default: RiskCaps.dailyTurnover,
    "Bought and sold in a day. (C-66)")

  public static let maxDailyLoss = Key<Money>(
    "RISK_MAX_DAILY_LOSS_USD", default: RiskCaps.dailyLoss, "Then trading halts. (C-66)")

  public static let maxDrawdown = Key<Ratio>(
    "RISK_MAX_DRAWDOWN_RATIO", default: RiskCaps.drawdown, "Then trading halts. (C-66)")

  public static let maxPriceDeviation = Key<Ratio>(
    "RISK_MAX_PRICE_DEVIATION_RATIO", default: RiskCaps.priceDeviation,
    "From the last quote. (C-66)")

  public static let maxLeverage = Key<Int>(
    "RISK_MAX_LEVERAGE", default: RiskCaps.leverage, "Exposure over equity. (C-66)")

  public static let maxOrdersPerMinute = Key<Int>(
    "RISK_MAX_ORDERS_PER_MINUTE", default: RiskCaps.ordersPerMinute, "Of one account. (C-66)")

  public static let maxOpenOrders = Key<Int>(
    "RISK_MAX_OPEN_ORDERS", default: RiskCaps.openOrders, "Of one account. (C-66)")
}

/// How often the worker does what. (S18-ARCH-12)
extension Setting {
  public static let reconciliationInterval = Key<Duration>(
    "RECONCILIATION_INTERVAL_SECONDS", default: .seconds(30), "Between two runs. (S03-ARCH-05)")

  public static let reconciliationBatch = Key<Int>(
    "RECONCILIATION_BATCH_SIZE", default: 100, "Orders compared at once. (S03-VAR-12)")

  public static let outboxInterval = Key<Duration>(
    "OUTBOX_INTERVAL_SECONDS", default: .seconds(1), "When no notice comes. (C-39)")

  public static let outboxBatch = Key<Int>(
    "OUTBOX_BATCH_SIZE", default: 50, "Messages taken at once. (C-39)")

  public static let guardInterval = Key<Duration>(
    "GUARD_INTERVAL_SECONDS", default: .seconds(5), "Drawdown and market. (S03-ARCH-07)")

  public static let candleInterval = Key<Duration>(
    "CANDLE_INTERVAL_SECONDS", default: .seconds(60), "The shortest candle. (S04-TRD-04)")

  public static let approvalInterval = Key<Duration>(
    "APPROVAL_EXPIRY_INTERVAL_SECONDS", default: .seconds(5), "Between two looks. (C-65)")

  public static let retentionInterval = Key<Duration>(
    "RETENTION_INTERVAL_SECONDS", default: .hours(1), "Between two clean-ups. (C-57)")

  public static let leaderLock = Key<Duration>(
    "LEADER_LOCK_SECONDS", default: .seconds(25), "A dead worker's job waits so long. (S18-ARCH-12)"
  )
}

extension KeyDeclaration {
  /// What the order path reads: API and worker decide alike.
  public static let tradingKeys: [KeyDeclaration] = [
    Stated.tradingMode.declaration, Setting.executionMode.declaration,
    Setting.approvalLife.declaration, Setting.idempotencyLife.declaration,
    Setting.instrumentsTraded.declaration, Setting.marketDataMaxAge.declaration,
    Setting.venueURL.declaration, Setting.venueGuarantee.declaration,
    Setting.feedSeed.declaration,
    Setting.breakerFailures.declaration, Setting.breakerOpen.declaration,
    Setting.attempts.declaration,
  ]

  /// What tightens a cap.
  public static let riskKeys: [KeyDeclaration] = [
    Setting.maxOrderValue.declaration, Setting.maxSymbolExposure.declaration,
    Setting.maxOpenExposure.declaration, Setting.maxDailyTurnover.declaration,
    Setting.maxDailyLoss.declaration, Setting.maxDrawdown.declaration,
    Setting.maxPriceDeviation.declaration, Setting.maxLeverage.declaration,
    Setting.maxOrdersPerMinute.declaration, Setting.maxOpenOrders.declaration,
  ]

  /// What the worker reads.
  public static let workerKeys: [KeyDeclaration] = [
    Setting.reconciliationInterval.declaration, Setting.reconciliationBatch.declaration,
    Setting.outboxInterval.declaration, Setting.outboxBatch.declaration,
    Setting.guardInterval.declaration, Setting.candleInterval.declaration,
    Setting.approvalInterval.declaration, Setting.retentionInterval.declaration,
    Setting.leaderLock.declaration,
  ]
}
