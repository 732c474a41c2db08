import FlowrexContract
package import ServiceContract

/// How `migrate` changes the schema. (S17-MIG-05, S18-PR-02)
package struct MigrationSettings: Sendable {
  package let lock: Duration
  package let statement: Duration

  init(_ reader: inout KeyReader) {
    lock = reader.span(Setting.migrationLockTimeout)
    statement = reader.span(Setting.migrationStatementTimeout)
  }
}

/// What a command is told that works on the database and opens no port: `migrate`, `user`,
/// `audit`. It is the contract's for `migrate`, so that all run where `migrate` runs.
package struct DatabaseConfiguration: Sendable {
  package let stage: StageKind
  package let database: DatabaseSettings
  package let migration: MigrationSettings
  /// The role that `migrate` gives the right to read. (engine fact F17)
  package let reader: String
  /// A `nil` is SQLite's.
  package let password: SecretValue?
  /// For the comparison with the contract.
  package let keysRead: Set<String>
  package let secretsRead: Set<String>

  /// Refuses everything that is wrong at once. (S17-SEC-14)
  package static func read(
    _ variables: [String: String],
    files: @escaping @Sendable (_ folder: String, _ name: String) -> [UInt8]?
  ) throws(ConfigurationRefused) -> DatabaseConfiguration {
    var reader = KeyReader(variables)
    let process = ProcessSettings(&reader)
    let database = DatabaseSettings(&reader)
    let migration = MigrationSettings(&reader)
    let role = reader.value(Derived.databaseReader)
    StageRules.judge(database, &reader)
    let folder = process.secretsDirectory
    var secrets = SecretReader { files(folder, $0) }
    let password =
      database.engine == .postgresql
      ? secrets.required(.databasePassword, &reader)
      : secrets.optional(.databasePassword, &reader)
    try reader.refuseIfNeeded()
    return DatabaseConfiguration(
      stage: reader.stage, database: database, migration: migration, reader: role,
      password: password,
      keysRead: reader.namesRead, secretsRead: secrets.namesRead)
  }
}
