import ArgumentParser
import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexStore
import Foundation
import ServiceContract

/// `flowrex migrate status | up | down | verify | version`. (S17-MIG-01 … 11, C-52)
///
/// In staging and production the generated `migrate` runs `up` with the release's own image, after
/// `deploy` has made a backup: no backup, no deployment. A program in a container can neither make
/// nor see one. (S17-MIG-03, C-17)
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "The schema of the database.",
    subcommands: [StatusVerb.self, Up.self, Down.self, Verify.self, Version.self])

  /// Asks no database and no configuration: a release is recorded where there is neither.
  struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says which schema this program needs.")

    func run() throws { print(SchemaReport.name(try Schema.current().migrations.count)) }
  }

  struct StatusVerb: DatabaseCommand {
    static let configuration = CommandConfiguration(
      commandName: "status",
      abstract: "Says what is applied, pending or wrong; fails when the schema does not fit.")

    /// A gate judges by itself, and must hear of a schema that does not fit too. (S17-HS-05)
    @Flag(help: "Ends with one line of JSON for a gate, and only fails when nothing can be said.")
    var report = false

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let schema = try Schema.current()
      let status = try await Migrator(schema, on: database.host).status()
      for row in status.applied {
        let isNewer = status.newer.contains(row)
        print(
          "migration \(row.number) '\(row.name)' is applied"
            + (isNewer ? ", by a release after this one" : ""))
      }
      for migration in status.pending { print("\(migration) is pending") }
      for fault in status.faults { print(fault) }
      guard report else {
        guard status.isCurrent else { throw ExitCode.failure }
        return
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let line = try encoder.encode(SchemaReport(status, schema))
      print(String(decoding: line, as: UTF8.self))
    }
  }

  struct Up: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Applies what is pending, each migration whole or not at all.")

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      print("migrating \(configuration.place) in \(configuration.stage.rawValue)")
      let migrator = Migrator(try Schema.current(), on: database.host)
      try await migrator.up(at: World.moment()) { print("\($0) is applied") }
      if configuration.database.engine == .postgresql {
        switch try await migrator.giveReading(to: configuration.reader) {
        case .given(let tables): print("'\(configuration.reader)' reads \(tables.count) tables")
        case .noRole:
          print("nobody but the owner reads: there is no other '\(configuration.reader)'")
        }
      }
      // What was done is looked at again, by asking the database. (S17-MIG-06, S17-CL-DB-05)
      let faults = try await migrator.verify()
      guard faults.isEmpty else {
        World.complain(faults.map { $0 + "\n" }.joined())
        throw ExitCode.failure
      }
      print("the schema is what this program needs")
    }
  }

  struct Down: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes the last migrations back, unless a row would be lost.")

    @Argument(help: "How many.")
    var count = 1

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      print("migrating \(configuration.place) in \(configuration.stage.rawValue)")
      let migrator = Migrator(try Schema.current(), on: database.host)
      try await migrator.down(count) { print("\($0) is taken back") }
    }
  }

  struct Verify: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fails with every difference between the schema and this program.")

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let faults = try await Migrator(try Schema.current(), on: database.host).verify()
      guard faults.isEmpty else {
        for fault in faults { print(fault) }
        throw ExitCode.failure
      }
      print("the schema is what this program needs")
    }
  }
}

extension DatabaseConfiguration {
  /// Which database is meant, without anything that lets somebody in. (S17-MIG-07)
  var place: String {
    switch database.engine {
    case .sqlite: "the file '\(database.path)'"
    case .postgresql: "'\(database.name)' at \(database.host.text):\(database.port)"
    }
  }
}
