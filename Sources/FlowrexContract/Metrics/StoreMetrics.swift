public import ServiceContract

extension Flowrex {
  public static let databaseConnections = Gauge<PoolLabels, Count>(
    "database_connections", "Pooled connections in use. (S17-MET-07, S17-ALERT-04)")

  public static let databaseConnectionsLimit = Gauge<PoolLabels, Count>(
    "database_connections_limit", "Pool and overflow: the most there can be. (C-27)")

  public static let databasePoolWait = Histogram<PoolLabels, Duration>(
    "database_pool_wait_seconds", buckets: storeBuckets,
    "How long a query waits for a connection. (S17-VAR-16, C-35)")

  public static let databasePoolTimeouts = Counter<PoolLabels>(
    "database_pool_timeouts_total", "Queries that got no connection in time. (C-35)")

  public static let databaseQueries = Counter<PoolLabels>(
    "database_queries_total", "Statements sent to the database. (S03-MET-02, C-24)")

  public static let databaseQueryDuration = Histogram<PoolLabels, Duration>(
    "database_query_duration_seconds", buckets: storeBuckets,
    "From sending a statement to its last row. (S04-OBS-11, S04-RES-10)")

  public static let databaseErrors = Counter<PoolLabels>(
    "database_errors_total", "Statements that failed. (S04-OBS-11)")

  public static let replicaLag = Gauge<Unlabelled, Duration>(
    "database_replica_lag_seconds", "How far the replica in use is behind. (S18-ARCH-05)")

  public static let replicaFallbacks = Counter<FallbackLabels>(
    "database_replica_fallbacks_total", "Reads that went to the primary instead. (S18-ARCH-05)")

  public static let schemaVersion = Gauge<Unlabelled, Count>(
    "schema_version", "The newest migration that the database has. (S17-HS-05)")

  public static let schemaVersionExpected = Gauge<Unlabelled, Count>(
    "schema_version_expected", "The newest migration that this build knows. (S17-HS-05)")

  public static let cacheHits = Counter<CacheLabels>(
    "cache_hits_total", "Answers found in the cache. (S03-MET-03, C-24)")

  public static let cacheMisses = Counter<CacheLabels>(
    "cache_misses_total", "Answers that had to be asked of the database. (S03-MET-03, C-24)")

  public static let cacheCoalesced = Counter<CacheLabels>(
    "cache_coalesced_total", "Misses that waited for another's answer. (S03-ARCH-09)")

  public static let cacheErrors = Counter<CacheLabels>(
    "cache_errors_total", "Look-ups that failed and went to the database. (C-08)")

  public static let outboxMessages = Gauge<Unlabelled, Count>(
    "outbox_messages", "Messages to the broker not yet delivered. (C-39)")

  public static let outboxAge = Gauge<Unlabelled, Duration>(
    "outbox_oldest_age_seconds", "Age of the oldest of them. (C-39)")

  public static let outboxDeliveries = Counter<CallOutcomeLabels>(
    "outbox_deliveries_total", "Attempts to deliver one, by their end. (S04-RES-05, 06)")

  private static let storeBuckets: [Duration] = [
    .milliseconds(1), .milliseconds(2), .milliseconds(5), .milliseconds(10), .milliseconds(25),
    .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
    .seconds(5),
  ]
}

extension Flowrex {
  /// What is measured about the database.
  public static let storeFamilies: [MetricFamily] = [
    databaseConnections.family, databaseConnectionsLimit.family, databasePoolWait.family,
    databasePoolTimeouts.family, databaseQueries.family, databaseQueryDuration.family,
    databaseErrors.family, schemaVersion.family, schemaVersionExpected.family,
  ]

  /// What is measured about the cached views and the replicas that they read.
  public static let viewFamilies: [MetricFamily] = [
    replicaLag.family, replicaFallbacks.family, cacheHits.family, cacheMisses.family,
    cacheCoalesced.family, cacheErrors.family,
  ]
}
