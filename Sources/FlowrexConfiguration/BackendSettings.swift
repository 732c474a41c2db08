/// All that `flowrex serve` is told: an immutable value, made once and passed down. (S17-SEC-15,
/// S17-INT-02)
package struct BackendSettings: Sendable {
  package let process: ProcessSettings
  package let life: LifeSettings
  package let people: PublicSettings
  package let api: APISettings
  package let database: DatabaseSettings
  package let pool: PoolSettings
  package let replicas: ReplicaSettings
  package let redis: RedisSettings
  package let trading: TradingSettings
  package let risk: RiskSettings

  init(_ reader: inout KeyReader) {
    process = ProcessSettings(&reader)
    life = LifeSettings(&reader)
    people = PublicSettings(&reader)
    api = APISettings(&reader)
    database = DatabaseSettings(&reader)
    pool = PoolSettings(&reader)
    replicas = ReplicaSettings(&reader)
    redis = RedisSettings(&reader)
    trading = TradingSettings(&reader)
    risk = RiskSettings(&reader)
    StageRules.judge(self, &reader)
  }
}

/// A configuration that was read, with what was asked for on the way.
package struct BackendConfiguration: Sendable {
  package let settings: BackendSettings
  package let secrets: BackendSecrets
  /// For the comparison with the contract.
  package let keysRead: Set<String>
  package let secretsRead: Set<String>

  /// Reads everything and refuses everything that is wrong at once, before a socket is opened.
  /// (S17-SEC-14, S17-CL-ENV-05, 06)
  ///
  /// - Parameters:
  ///   - variables: The environment, with the optional file's lines below it.
  ///   - files: Reads one file of a folder: the secrets'.
  package static func read(
    _ variables: [String: String],
    files: @escaping @Sendable (_ folder: String, _ name: String) -> [UInt8]?
  ) throws(ConfigurationRefused) -> BackendConfiguration {
    var reader = KeyReader(variables)
    let settings = BackendSettings(&reader)
    let folder = settings.process.secretsDirectory
    var secretReader = SecretReader { files(folder, $0) }
    let secrets = BackendSecrets(
      &secretReader, &reader, database: settings.database, replicas: settings.replicas,
      redis: settings.redis)
    try reader.refuseIfNeeded()
    return BackendConfiguration(
      settings: settings, secrets: secrets, keysRead: reader.namesRead,
      secretsRead: secretReader.namesRead)
  }
}
