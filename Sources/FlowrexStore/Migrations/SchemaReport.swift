/// What a gate asks of a deployed schema, in the words in which releases are recorded.
/// (S17-HS-05, C-52)
package struct SchemaReport: Encodable, Hashable, Sendable {
  /// The newest migration that is applied; empty without any.
  package let applied: String
  /// Those that began and did not end: none, for each is a transaction.
  package let failed: [String]
  /// Those whose text is another one now than when they were applied.
  package let changed: [String]
  /// The schemas whose releases this database serves, the newest last.
  package let serves: [String]

  /// What a release calls the schema that it brings: `0005`.
  package static func name(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  package init(_ status: Migrator.Status, _ set: MigrationSet) {
    let known = Dictionary(uniqueKeysWithValues: set.migrations.map { ($0.number, $0) })
    let numbers = status.applied.map(\.number)
    applied = numbers.max().map(Self.name) ?? ""
    failed = []
    changed = status.applied.filter { row in
      known[row.number].map { $0.checksum != row.checksum } ?? false
    }.map { Self.name($0.number) }
    // An expansion hurts nobody. A contraction takes away what releases used that came before the
    // expansion which it ends.
    let ended = set.migrations.compactMap { migration in
      if numbers.contains(migration.number), case .contract(let expansion) = migration.phase {
        expansion
      } else {
        nil
      }
    }
    serves = numbers.sorted().filter { number in
      ended.allSatisfy { number >= $0 }
    }.map(Self.name)
  }
}
