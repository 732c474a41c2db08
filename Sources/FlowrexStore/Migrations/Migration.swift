import Crypto

/// One step of the schema: SQL that is part of the program, and what takes it back.
package struct Migration: Hashable, Sendable {
  package enum Phase: Hashable, Sendable {
    /// It only adds, so that the release before it goes on working.
    case expand
    /// It takes away what nobody uses since the expansion of that number; a release later.
    case contract(of: Int)
  }

  /// 1, 2, 3 …
  package let number: Int
  package let name: String
  /// In which release of the service it came.
  package let release: Int
  package let phase: Phase
  /// The tables that it makes: it is not taken back while one of them holds a row.
  package let tables: [String]
  /// Those of its tables that the role of who only reads may see: none by itself, so that what lets
  /// somebody in is not read by who forgot to think of it. (engine fact F17)
  package let readable: [String]
  /// What must not stand in a row that is there from the start.
  package let vetoes: [Veto]
  package let up: [String]
  package let down: [String]
  /// What each database needs in its own words, after what both understand.
  package let particular: [DialectSteps]

  package init(
    _ number: Int, _ name: String, release: Int, _ phase: Phase = .expand,
    tables: [String] = [], readable: [String] = [], vetoes: [Veto] = [], up: [String],
    down: [String], particular: [DialectSteps] = []
  ) {
    self.number = number
    self.name = name
    self.release = release
    self.phase = phase
    self.tables = tables
    self.readable = readable
    self.vetoes = vetoes
    self.up = up
    self.down = down
    self.particular = particular
  }

  /// All statements that bring it to a database.
  package func up(on dialect: SQLDialect) -> [String] {
    up + particular.filter { $0.dialect == dialect }.flatMap(\.up)
  }

  package func down(on dialect: SQLDialect) -> [String] {
    down + particular.filter { $0.dialect == dialect }.flatMap(\.afterDown)
  }

  /// SHA-256 of everything that it does, in hexadecimal.
  package var checksum: String {
    let steps = particular.flatMap { ["-- \($0.dialect)"] + $0.up + ["--"] + $0.afterDown }
    let text = ([name] + up + ["--"] + down + steps).joined(separator: ";\n")
    return SHA256.hash(data: Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}

/// The part of a migration that one of the databases has to itself.
package struct DialectSteps: Hashable, Sendable {
  package let dialect: SQLDialect
  package let up: [String]
  /// Runs after what both databases take back.
  package let afterDown: [String]

  package init(_ dialect: SQLDialect, up: [String], afterDown: [String] = []) {
    self.dialect = dialect
    self.up = up
    self.afterDown = afterDown
  }
}

/// Something that somebody decided, and that no migration may forget.
package struct Veto: Hashable, Sendable {
  package let table: String
  /// In SQL.
  package let condition: String
  /// A sentence: "the desk is stopped".
  package let why: String

  package init(_ table: String, where condition: String, _ why: String) {
    self.table = table
    self.condition = condition
    self.why = why
  }
}

/// Migrations that may be run: numbered without a gap, and never destructive in the release that
/// expands. (C-52, S17-MIG-05)
package struct MigrationSet: Sendable {
  package let migrations: [Migration]

  /// - Throws: everything that is wrong with them.
  package init(_ migrations: [Migration]) throws(MigrationFault) {
    var faults: [String] = []
    for (index, migration) in migrations.enumerated() {
      if migration.number != index + 1 {
        faults.append("\(migration) stands where number \(index + 1) should")
      }
      if index > 0, migration.release < migrations[index - 1].release {
        faults.append(
          "\(migration) is of release \(migration.release), before that of the one above it")
      }
      faults += Self.faults(of: migration, among: migrations)
    }
    guard faults.isEmpty else { throw .invalid(faults) }
    self.migrations = migrations
  }

  private static func faults(of migration: Migration, among all: [Migration]) -> [String] {
    switch migration.phase {
    case .expand:
      return (migration.up + migration.particular.flatMap(\.up)).compactMap { statement in
        destructiveWord(in: statement).map {
          "\(migration) expands and says '\($0)': the release before it would break (C-52)"
        }
      }
    case .contract(let number):
      guard let expansion = all.first(where: { $0.number == number }), number < migration.number
      else { return ["\(migration) contracts migration \(number), which is none before it"] }
      guard expansion.release < migration.release else {
        return [
          "\(migration) contracts \(expansion) in the same release \(migration.release): "
            + "a contraction comes a release later (C-52)"
        ]
      }
      return []
    }
  }

  /// What takes away, renames or narrows.
  private static func destructiveWord(in statement: String) -> String? {
    let words = statement.uppercased().split { !$0.isLetter && $0 != "_" }.map(String.init)
    for (index, word) in words.enumerated() {
      let next = index + 1 < words.count ? words[index + 1] : ""
      switch (word, next) {
      // When a trigger fires, and nothing that is done.
      case ("TRUNCATE", "ON"), ("TRUNCATE", "OR"): continue
      case ("DROP", _), ("TRUNCATE", _), ("RENAME", _), ("DELETE", "FROM"): return word
      case ("SET", "NOT"), ("ALTER", "TYPE"): return word + " " + next
      case ("TYPE", _) where words.first == "ALTER": return word
      default: continue
      }
    }
    return nil
  }
}

extension Migration: CustomStringConvertible {
  package var description: String { "migration \(number) '\(name)'" }
}

/// Why a schema was not changed; each sentence stands alone.
package enum MigrationFault: Error, Hashable, Sendable {
  case invalid([String])
  /// Somebody else migrates.
  case locked
  case changed([String])
  /// It would take rows with it.
  case holdsRows(Migration, table: String, rows: Int)
  /// It would take a decision with it.
  case forgets(Migration, Veto)
  case nothingToTakeBack(asked: Int, applied: Int)
}

extension MigrationFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalid(let faults), .changed(let faults): faults.joined(separator: "\n")
    case .locked: "another process is migrating this database"
    case .holdsRows(let migration, let table, let rows):
      "\(migration) is not taken back: the table '\(table)' holds \(rows) rows (C-52)"
    case .forgets(let migration, let veto):
      "\(migration) is not taken back: \(veto.why) (C-52)"
    case .nothingToTakeBack(let asked, let applied):
      "\(asked) migrations cannot be taken back: \(applied) are applied"
    }
  }
}
