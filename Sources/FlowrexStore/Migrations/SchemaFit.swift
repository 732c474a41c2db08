/// Whether a program can work on the schema that a database has. (S17-HS-05, C-52)
package struct SchemaFit: Hashable, Sendable {
  /// The newest migration that is applied; 0 without any.
  package let version: Int
  package let expected: Int
  /// Why not, as sentences; empty when it fits.
  package let faults: [String]

  /// All that the program knows must be applied, as it knows it. What is newer does not hinder:
  /// a schema serves the release before it too, which is still running while the next one
  /// migrates. (C-52)
  package init(applied: [Migrator.Applied], _ set: MigrationSet) {
    version = applied.map(\.number).max() ?? 0
    expected = set.migrations.count
    faults = set.migrations.compactMap { migration in
      guard let row = applied.first(where: { $0.number == migration.number }) else {
        return "\(migration) is not applied"
      }
      return row.checksum == migration.checksum
        ? nil : "\(migration) was changed after it was applied"
    }
  }
}

extension SQLTransaction {
  package func appliedMigrations() throws(StoreFault) -> [Migrator.Applied] {
    try run("SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number")
      .read(of: "schema_migrations") { row throws(StoreFault) in
        try Migrator.Applied(
          number: row.count(), name: row.text(), checksum: row.text(), at: row.time())
      }
  }
}
