/// What the role that reads replicas may see: the tables of ``Migration/readable`` and which
/// migrations are applied, and no other. Rights that were given by hand are taken away.
/// (engine fact F17, S17-HS-03)
extension Migrator {
  /// What came of giving rights.
  package enum Reading: Hashable, Sendable {
    /// The role reads these tables now.
    case given([String])
    /// There is no such role here, or it is the owner's own: nobody was given anything.
    case noRole
  }

  /// Gives the rights that this program's schema says, as often as it is asked; PostgreSQL only.
  package func giveReading(to role: String) async throws -> Reading {
    let readable = Set(set.migrations.flatMap(\.readable) + ["schema_migrations"])
    return try await host.migrating { session in
      try session.transaction { connection in
        guard connection.dialect == .postgresql else { return .noRole }
        let known = try connection.run(
          "SELECT 1 FROM pg_roles WHERE rolname = $1 AND rolname <> current_user", .text(role))
        guard !known.isEmpty else { return .noRole }
        let rows = try connection.run(
          """
          SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
          ORDER BY tablename
          """)
        var given: [String] = []
        for row in rows {
          var reader = RowReader(row, of: "pg_tables")
          let table = try reader.text()
          let names = "\(Self.quoted(table)) FROM \(Self.quoted(role))"
          try connection.run("REVOKE ALL ON public.\(names)")
          guard readable.contains(table) else { continue }
          try connection.run(
            "GRANT SELECT ON public.\(Self.quoted(table)) TO \(Self.quoted(role))")
          given.append(table)
        }
        return .given(given)
      }
    }
  }

  /// A name of the database, whatever is in it.
  private static func quoted(_ name: String) -> String {
    "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}
