public import ServiceContract

/// The cached views: three of reconciliation, three of positions, two of guards. They carry
/// `as_of` and their age. (S03-ARCH-01, 02, 05 … 07, C-63)
extension Route {
  public static let reconciliationStatus = Route(
    .get, at: .reconciliationStatus, .user, .standard, within: .seconds(2),
    "Whether our books agree with the broker's. (S03-ARCH-01, S03-MET-01)")

  public static let reconciliationLogs = Route(
    .get, at: .reconciliationLogs, .user, .standard, within: .seconds(2),
    "Past comparisons, by page. (S03-ARCH-05)")

  public static let reconciliationDivergences = Route(
    .get, at: .reconciliationDivergences, .user, .standard, within: .seconds(2),
    "Differences not yet settled. (S03-ARCH-05)")

  public static let listPositions = Route(
    .get, at: .positions, .user, .standard, within: .seconds(2),
    "The caller's open positions. (S03-ARCH-06)")

  public static let positionSummary = Route(
    .get, at: .positionSummary, .user, .standard, within: .seconds(2),
    "Totals by instrument. (S03-ARCH-06)")

  public static let showPosition = Route(
    .get, at: .position, .user, .standard, within: .seconds(2), "One position. (S03-ARCH-06)")

  public static let guardDrawdown = Route(
    .get, at: .guardDrawdown, .user, .standard, within: .seconds(2),
    "The fall from the peak and what it stops. (S03-ARCH-07)")

  public static let guardMarket = Route(
    .get, at: .guardMarket, .user, .standard, within: .seconds(2),
    "Whether the market is open and its prices are fresh. (S03-ARCH-07)")
}

/// Strategies, signals, journal. (S17-MET-04, 05, S18-AUD-04)
extension Route {
  public static let listStrategies = Route(
    .get, at: .strategies, .user, .standard, "The caller's strategies, by page. (S17-MET-05)")

  public static let createStrategy = Route(
    .post, at: .strategies, .user, .standard, "Stores a strategy, switched off.")

  public static let showStrategy = Route(.get, at: .strategy, .user, .standard, "One strategy.")

  public static let activateStrategy = Route(
    .post, at: .activateStrategy, .user, .orders, "Switches a strategy on. (S17-MET-05)")

  public static let deactivateStrategy = Route(
    .post, at: .deactivateStrategy, .user, .orders, "Switches a strategy off. (S17-MET-05)")

  public static let listSignals = Route(
    .get, at: .signals, .user, .standard, "The caller's signals, by page. (S17-MET-04)")

  public static let postSignal = Route(
    .post, at: .signals, .user, .orders, "Stores a signal. (S17-MET-04)")

  public static let showSignal = Route(.get, at: .signal, .user, .standard, "One signal.")

  public static let approveSignal = Route(
    .post, at: .approveSignal, .user, .orders, "Approves a signal. (C-65)")

  public static let executeSignal = Route(
    .post, at: .executeSignal, .user, .orders, within: .seconds(8),
    "Turns an approved signal into an order. (C-65)")

  public static let listJournal = Route(
    .get, at: .journal, .user, .standard, "The caller's journal, by page. (S18-AUD-04)")

  public static let writeJournal = Route(
    .post, at: .journal, .user, .standard, "Adds an entry. (S18-AUD-04)")

  public static let showJournalEntry = Route(
    .get, at: .journalEntry, .user, .standard, "One entry. (S18-AUD-04)")
}

/// The market. (S04-TRD-01 … 04)
extension Route {
  public static let instruments = Route(
    .get, at: .instruments, .user, .standard, "What can be traded.")

  public static let marketStatus = Route(
    .get, at: .marketStatus, .user, .standard, "Open or closed, source and age. (S04-TRD-03)")

  public static let quotes = Route(
    .get, at: .quotes, .user, .standard, "The last quote of each instrument. (S04-TRD-02)")

  public static let quote = Route(
    .get, at: .quote, .user, .standard, "The last quote of one. (S04-TRD-02)")

  public static let candles = Route(
    .get, at: .candles, .user, .standard, "Prices by period, by page. (S04-TRD-04)")
}

/// What stops trading. (S18-EMG-02, 03, 06, C-55)
extension Route {
  public static let emergencyState = Route(
    .get, at: .emergency, .admin, .admin, "Whether the stop is on, since when, by whom.")

  public static let emergencyStop = Route(
    .post, at: .emergency, .admin, .admin, "Stops all trading; one person is enough. (S18-EMG-02)")

  public static let emergencyRelease = Route(
    .post, at: .emergencyRelease, .admin, .admin,
    "Asks for the stop's end, or confirms another person's request. (S18-EMG-06)")

  public static let closeAll = Route(
    .post, at: .closeAll, .admin, .admin, within: .seconds(8),
    "Sends an order against every open position. (S18-EMG-03)")

  public static let maintenanceState = Route(
    .get, at: .maintenance, .admin, .admin, "Whether maintenance is on. (C-55)")

  public static let setMaintenance = Route(
    .put, at: .maintenance, .admin, .admin, "Switches maintenance on or off. (C-55)")

  public static let haltedAccounts = Route(
    .get, at: .haltedAccounts, .admin, .admin,
    "Accounts that a guard or a person has halted. (S03-ARCH-07, C-66)")

  public static let resumeAccount = Route(
    .post, at: .resumeAccount, .admin, .admin,
    "Lets a halted account of somebody else trade again. (S03-ARCH-07, S18-HS-10)")

  public static let settleDivergence = Route(
    .post, at: .settleDivergence, .admin, .admin,
    "Settles a difference with the broker that a person has looked at. (S03-ARCH-05)")

  public static let rulings = Route(
    .get, at: .rulings, .admin, .admin,
    "What people let trade again or settled, why, by page. (S18-AUD-01)")
}

extension Route {
  public static let webSocket = Route(
    .webSocket, at: .webSocket, .user, .webSocket,
    "The caller's own stream: orders, fills, positions, quotes. (S18-NGX-17, S17-VAR-37 … 39)")
}

extension Route {
  /// Views, strategies, signals, market, administration and the stream.
  public static let viewRoutes: [Route] = [
    reconciliationStatus, reconciliationLogs, reconciliationDivergences, listPositions,
    positionSummary, showPosition, guardDrawdown, guardMarket, listStrategies, createStrategy,
    showStrategy, activateStrategy, deactivateStrategy, listSignals, postSignal, showSignal,
    approveSignal, executeSignal, listJournal, writeJournal, showJournalEntry, instruments,
    marketStatus, quotes, quote, candles, emergencyState, emergencyStop, emergencyRelease,
    closeAll, maintenanceState, setMaintenance, haltedAccounts, resumeAccount, settleDivergence,
    rulings, webSocket,
  ]

  /// What the API's process mounts on ``Port/backend``.
  public static let backendRoutes: [Route] =
    [health, healthReady, healthLive, healthAlias, readyAlias, openAPI] + tradingRoutes
    + viewRoutes
}
