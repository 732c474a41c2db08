import FlowrexContract
import ServiceContract

/// How often the worker does what. (S18-ARCH-12)
package struct WorkSettings: Sendable {
  package let reconciliation: Duration
  package let reconciliationBatch: Int
  package let outbox: Duration
  package let outboxBatch: Int
  package let guards: Duration
  /// The shortest candle.
  package let candle: Duration
  package let approvals: Duration
  package let retention: Duration
  package let leaderLock: Duration

  /// What a turn may be apart from the next one: often enough that nothing is unsafe, or alerted
  /// on, because somebody waits, and seldom enough that nobody is kept from working. What nobody
  /// waits for may take a day.
  init(_ reader: inout KeyReader) {
    let seconds = Duration.milliseconds(10)...Duration.seconds(10)
    let minute = Duration.milliseconds(100)...Duration.minutes(1)
    reconciliation = reader.span(
      Setting.reconciliationInterval, in: .milliseconds(100)...(.minutes(5)))
    reconciliationBatch = reader.value(Setting.reconciliationBatch, in: 1...10_000)
    outbox = reader.span(Setting.outboxInterval, in: seconds)
    outboxBatch = reader.value(Setting.outboxBatch, in: 1...1_000)
    guards = reader.span(Setting.guardInterval, in: minute)
    candle = reader.span(Setting.candleInterval, in: .seconds(1)...(.days(1)))
    approvals = reader.span(Setting.approvalInterval, in: minute)
    retention = reader.span(Setting.retentionInterval, in: .seconds(1)...(.days(1)))
    leaderLock = reader.span(Setting.leaderLock, in: .seconds(1)...(.minutes(5)))
  }

  /// What holds when nobody says anything else: a laptop's, whose `serve` does the work too.
  package static let standard: WorkSettings = {
    var reader = KeyReader([Derived.environment.name: StageKind.development.rawValue])
    return WorkSettings(&reader)
  }()
}

/// All that `flowrex worker` is told: an immutable value, made once and passed down. (S17-SEC-15,
/// S17-INT-02)
package struct WorkerSettings: Sendable {
  package let process: ProcessSettings
  package let life: LifeSettings
  /// The address listened on.
  package let host: String
  package let database: DatabaseSettings
  package let pool: PoolSettings
  package let redis: RedisSettings
  package let trading: TradingSettings
  package let risk: RiskSettings
  package let work: WorkSettings

  init(_ reader: inout KeyReader) {
    process = ProcessSettings(&reader)
    life = LifeSettings(&reader)
    host = reader.value(Setting.backendHost)
    database = DatabaseSettings(&reader)
    pool = PoolSettings(&reader)
    redis = RedisSettings(&reader)
    trading = TradingSettings(&reader)
    risk = RiskSettings(&reader)
    work = WorkSettings(&reader)
    StageRules.judge(self, &reader)
  }
}

/// A worker's configuration, with what was asked for on the way.
package struct WorkerConfiguration: Sendable {
  package let settings: WorkerSettings
  /// A `nil` is SQLite's.
  package let databasePassword: SecretValue?
  /// A `nil` is memory's.
  package let redisPassword: SecretValue?
  /// For the comparison with the contract.
  package let keysRead: Set<String>
  package let secretsRead: Set<String>

  /// Reads everything and refuses everything that is wrong at once, before a socket is opened.
  /// (S17-SEC-14, S17-CL-ENV-05, 06)
  ///
  /// - Parameters:
  ///   - variables: The environment.
  ///   - files: Reads one file of a folder: the secrets'.
  package static func read(
    _ variables: [String: String],
    files: @escaping @Sendable (_ folder: String, _ name: String) -> [UInt8]?
  ) throws(ConfigurationRefused) -> WorkerConfiguration {
    var reader = KeyReader(variables)
    let settings = WorkerSettings(&reader)
    let folder = settings.process.secretsDirectory
    var secrets = SecretReader { files(folder, $0) }
    let database =
      settings.database.engine == .postgresql
      ? secrets.required(.databasePassword, &reader)
      : secrets.optional(.databasePassword, &reader)
    let redis =
      settings.redis.engine == .redis
      ? secrets.required(.redisPassword, &reader) : secrets.optional(.redisPassword, &reader)
    try reader.refuseIfNeeded()
    return WorkerConfiguration(
      settings: settings, databasePassword: database, redisPassword: redis,
      keysRead: reader.namesRead, secretsRead: secrets.namesRead)
  }
}
