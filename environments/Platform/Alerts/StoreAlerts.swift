import ExporterCatalogues
import FlowrexContract
import Slipway

/// Database and cache, as the service sees them. (S17-ALERT-04, S03-ALERT-04, 05)
extension Alert {
  static let poolIsExhausted = Alert(
    "DatabaseConnectionPoolExhausted", severity: .critical,
    when: Signal.poolInUse > .percent(90), for: .minutes(2),
    summary: "a replica has almost no free database connection",
    runbook: .stores,
    firesOn: .when(
      Flowrex.databaseConnections.where(\.pool, is: .primary).stays(at: 15),
      Flowrex.databaseConnectionsLimit.where(\.pool, is: .primary).stays(at: 15)),
    quietOn: .when(
      Flowrex.databaseConnections.where(\.pool, is: .primary).stays(at: 5),
      Flowrex.databaseConnectionsLimit.where(\.pool, is: .primary).stays(at: 15)))

  static let databaseIsUnreachable = Alert(
    "DatabaseUnreachable", severity: .critical,
    when: Flowrex.dependencyReachable.where(\.dependency, is: .database).max() == 0,
    for: .minutes(1),
    summary: "no replica of the service reaches the database",
    runbook: .stores,
    firesOn: .when(Flowrex.dependencyReachable.where(\.dependency, is: .database).stays(at: 0)),
    quietOn: .when(Flowrex.dependencyReachable.where(\.dependency, is: .database).stays(at: 1)))

  static let redisIsUnreachable = Alert(
    "RedisUnreachable", severity: .critical,
    when: Flowrex.dependencyReachable.where(\.dependency, is: .redisState).max() == 0,
    for: .minutes(1),
    summary: "no replica of the service reaches Redis; limited writes are refused",
    runbook: .stores,
    firesOn: .when(Flowrex.dependencyReachable.where(\.dependency, is: .redisState).stays(at: 0)),
    quietOn: .when(Flowrex.dependencyReachable.where(\.dependency, is: .redisState).stays(at: 1)))

  static let replicasLag = Alert(
    "DatabaseReplicaLag", severity: .warning,
    when: Flowrex.replicaLag.max > .seconds(30), for: .minutes(5),
    summary: "reads are answered by the primary because its copies are behind",
    runbook: .stores,
    firesOn: .when(Flowrex.replicaLag.stays(at: .minutes(5))),
    quietOn: .when(Flowrex.replicaLag.stays(at: .seconds(1))))

  /// A slot keeps the log that its replica has not read; half of what it may keep is used up.
  /// (engine fact F17)
  static let slotHoldsLog = Alert(
    "ReplicationSlotHoldsLog", severity: .warning,
    when: Postgres.replicationSlotsPgWalLsnDiff.max > .gibibytes(8), for: .minutes(5),
    summary: "the log that a replica has not read fills the primary's disk",
    runbook: .stores,
    firesOn: .when(Postgres.replicationSlotsPgWalLsnDiff.stays(at: .gibibytes(12))),
    quietOn: .when(Postgres.replicationSlotsPgWalLsnDiff.stays(at: .mebibytes(64))))

  static let archivingFails = Alert(
    "WalArchivingFails", severity: .critical,
    when: Postgres.statArchiverFailedCount.increase(over: .minutes(15)) > 0, for: .minutes(5),
    summary: "pieces of the log do not reach the object store; they are lost with the machine",
    runbook: .backups,
    firesOn: .when(Postgres.statArchiverFailedCount.grows(by: 3)),
    quietOn: .when(Postgres.statArchiverFailedCount.grows(by: 0)))

  static let archiveIsOld = Alert(
    "WalArchiveIsOld", severity: .warning,
    when: Postgres.statArchiverLastArchiveAge.max > .minutes(30), for: .minutes(5),
    summary: "for half an hour no piece of the log has reached the object store",
    runbook: .backups,
    firesOn: .when(Postgres.statArchiverLastArchiveAge.stays(at: .hours(1))),
    quietOn: .when(Postgres.statArchiverLastArchiveAge.stays(at: .minutes(1))))

  static let schemaDrifts = Alert(
    "MigrationDrift", severity: .critical,
    when: (Flowrex.schemaVersionExpected.max - Flowrex.schemaVersion.max) > 0, for: .minutes(5),
    summary: "the database's schema is older than the running release needs",
    runbook: .stores,
    firesOn: .when(Flowrex.schemaVersionExpected.stays(at: 8), Flowrex.schemaVersion.stays(at: 7)),
    quietOn: .when(Flowrex.schemaVersionExpected.stays(at: 8), Flowrex.schemaVersion.stays(at: 8)))

  static let cacheMisses = Alert(
    "LowCacheHitRate", severity: .warning,
    when: Signal.cacheHits < .percent(60), for: .minutes(10),
    summary: "fewer than six in ten views come from the cache",
    runbook: .stores,
    firesOn: .when(Flowrex.cacheHits.grows(by: 10), Flowrex.cacheMisses.grows(by: 90)),
    quietOn: .when(Flowrex.cacheHits.grows(by: 90), Flowrex.cacheMisses.grows(by: 10)))

  static let databaseIsBusy = Alert(
    "DatabaseSlow", severity: .warning,
    when: Flowrex.databaseQueries.rate(over: .minutes(5)) > .perSecond(50), for: .minutes(5),
    summary: "the database answers more queries than the cache should let through",
    runbook: .stores,
    firesOn: .when(Flowrex.databaseQueries.where(\.pool, is: .primary).grows(by: 6_000)),
    quietOn: .when(Flowrex.databaseQueries.where(\.pool, is: .primary).grows(by: 300)))
}
