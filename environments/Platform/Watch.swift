import FlowrexContract
import Slipway

/// What each environment measures, draws and alerts on.
extension Observability {
  static let production = Observability(
    alerts: [.highErrorRate] + .service + .deployed,
    recordings: .documented,
    dashboards: .flowrex)

  static let staging = Observability(
    alerts: [.highErrorRateInStaging] + .service + .deployed,
    recordings: .documented,
    dashboards: .flowrex)

  /// On a developer's machine there are no backups and no certificates to watch.
  static let development = Observability(
    alerts: [.highErrorRate] + .service,
    recordings: .documented,
    dashboards: .flowrex)
}

extension [Alert] {
  static let service: [Alert] = [
    .slowResponses, .highLatency, .budgetBurnsFast, .budgetBurnsSteadily, .budgetShrinks,
    .latencyBudgetBurns, .socketsAlmostFull,
    .tradesFail, .nothingTrades, .killSwitchIsOn, .capIsNear, .booksDiffer, .booksNotCompared,
    .pricesAreLate, .outboxIsStuck, .breakerIsOpen,
    .workIsLeft, .nothingIsCleared, .nobodyWorks, .noWorkerIsSeen, .brokerIsUnreachable,
    .poolIsExhausted, .databaseIsUnreachable, .redisIsUnreachable, .replicasLag, .schemaDrifts,
    .cacheMisses, .databaseIsBusy,
    .backendMemory, .backendProcessor,
    .signInsFail, .auditFails,
    .databaseIsDown, .redisIsDown, .redisIsAlmostFull, .diskIsAlmostFull, .machineMemoryIsLow,
  ]

  static let deployed: [Alert] = [
    .backupIsStale, .backupIsUnknown, .certificateEnds, .certificateIsUnknown,
    .slotHoldsLog, .archivingFails, .archiveIsOld,
  ]
}

extension [Dashboard] {
  static let flowrex: [Dashboard] = [.overview, .trading, .stores, .edge, .objectives]
}

/// Names that the documents promised, kept for whoever already uses them. (C-23)
extension [Recording] {
  static let documented: [Recording] = [
    Recording("route:errors:ratio_rate5m", Signal.serverErrors.over(.minutes(5))),
    Recording("request_duration_seconds:p95_5m", Signal.slowestTwentieth),
    Recording("database:pg_queries:rate5m", Flowrex.databaseQueries.rate(over: .minutes(5))),
    Recording("cache:hits:ratio_rate10m", Signal.cacheHits),
  ]
}
