public import ServiceContract

/// How the database is used. (C-27, C-35)
extension Setting {
  public static let databasePath = Key<String>(
    "DATABASE_PATH", default: "flowrex.sqlite", "The file, with SQLite. (S17-ENV-04)")

  public static let poolSize = Key<Int>(
    "DATABASE_POOL_SIZE", default: 10, "Of one process. (S17-VAR-14, C-27)")

  public static let poolOverflow = Key<Int>(
    "DATABASE_MAX_OVERFLOW", default: 5, "More, for a short time. (S17-VAR-15, C-27)")

  public static let replicaPoolSize = Key<Int>(
    "DATABASE_REPLICA_POOL_SIZE", default: 5, "Of one process. (C-27, engine fact F17)")

  public static let poolWait = Key<Duration>(
    "DATABASE_POOL_WAIT_SECONDS", default: Timeouts.poolWait, "Of the chain. (S17-VAR-16, C-35)")

  public static let poolRecycle = Key<Duration>(
    "DATABASE_POOL_RECYCLE_SECONDS", default: .seconds(3_600),
    "An older connection is made anew. (S17-VAR-17)")

  public static let statementTimeout = Key<Duration>(
    "DATABASE_STATEMENT_TIMEOUT_SECONDS", default: Timeouts.statement,
    "Of the chain. (S03-VAR-13, S04-RES-10, C-35)")

  public static let replicaMaxLag = Key<Duration>(
    "DATABASE_REPLICA_MAX_LAG_SECONDS", default: .seconds(5),
    "A replica further behind is not read: no view gets older than its cache. (C-63)")

  public static let migrationLockTimeout = Key<Duration>(
    "MIGRATION_LOCK_TIMEOUT_SECONDS", default: .seconds(5),
    "A migration that would block others gives up. (S17-MIG-05, S18-PR-02)")

  public static let migrationStatementTimeout = Key<Duration>(
    "MIGRATION_STATEMENT_TIMEOUT_SECONDS", default: .minutes(10), "For one. (S17-MIG-05)")
}

/// How Redis is used: two stores, what may be forgotten and what may not. (C-37)
extension Setting {
  public static let redisConnections = Key<Int>(
    "REDIS_MAX_CONNECTIONS", default: 50, "Of one process to each. (S17-VAR-19, S04-PERF-07)")

  public static let redisTimeout = Key<Duration>(
    "REDIS_TIMEOUT_SECONDS", default: Timeouts.redis, "Of the chain. (S03-VAR-05, C-35)")

  public static let redisConnectTimeout = Key<Duration>(
    "REDIS_CONNECT_TIMEOUT_SECONDS", default: Timeouts.redisConnect,
    "Then the service goes on without it. (S03-VAR-06, C-35)")

  public static let cacheTTL = Key<CacheTTL>(
    "CACHE_TTL_SECONDS", default: .eight, "Seconds. (S03-ARCH-02, S03-VAR-10, C-36)")
}

extension KeyDeclaration {
  /// How a process reaches the database, whatever it does there.
  public static let databaseKeys: [KeyDeclaration] = [
    Stated.databaseEngine.declaration, Setting.databasePath.declaration,
    Derived.databaseHost.declaration, Derived.databasePort.declaration,
    Derived.databaseName.declaration, Derived.databaseUser.declaration,
    Derived.databaseTLS.declaration,
    Derived.internalCA.declaration,
  ]

  /// How the service uses it.
  public static let poolKeys: [KeyDeclaration] = [
    Setting.poolSize.declaration,
    Setting.poolOverflow.declaration, Setting.poolWait.declaration,
    Setting.poolRecycle.declaration, Setting.statementTimeout.declaration,
  ]

  /// How the API reads replicas.
  public static let replicaKeys: [KeyDeclaration] = [
    Derived.databaseReplicaHosts.declaration, Derived.databaseReader.declaration,
    Setting.replicaPoolSize.declaration, Setting.replicaMaxLag.declaration,
  ]

  /// How `migrate` changes the schema.
  public static let migrationKeys: [KeyDeclaration] = [
    Setting.migrationLockTimeout.declaration,
    Setting.migrationStatementTimeout.declaration,
  ]

  /// How a process reaches Redis.
  public static let redisKeys: [KeyDeclaration] = [
    Stated.redisEngine.declaration, Derived.redisCacheHost.declaration,
    Derived.redisStateHost.declaration,
    Derived.redisPort.declaration, Derived.redisTLS.declaration,
    Setting.redisConnections.declaration, Setting.redisTimeout.declaration,
    Setting.redisConnectTimeout.declaration, Derived.cachePrefix.declaration,
    Setting.cacheTTL.declaration,
  ]
}
