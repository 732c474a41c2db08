import FlowrexContract
import FlowrexSupport
import Foundation
import ServiceContract
import TestSupport
import Testing

/// `flowrex migrate`, as people and generated scripts run it. (S17-MIG-01 … 11, C-52)
@Suite(.covers("S17-MIG-05", "S17-MIG-11", "S17-CL-DB-05"))
struct MigrateTests {
  private static let names = [
    "accounts", "orders", "reconciliation", "people", "audit", "order_path", "requests", "work",
    "strategies", "stream", "rulings",
  ]
  private static let numbers = names.indices.map { String(String(10_001 + $0).dropFirst()) }
  /// What the newest migration is called.
  private static var newest: String { numbers.last ?? "" }
  private static let applied = names.enumerated().map { index, name in
    "migration \(index + 1) '\(name)' is applied\n"
  }

  @Test(.covers("S17-MIG-07", "S17-MIG-10"))
  func `a schema goes up, is verified and goes down, in plain sentences`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "flowrex.sqlite")
      let flowrex = Command.onFile(path)
      let pending = try await flowrex.run("migrate", "status")
      #expect(pending.status == 1 && pending.stderr.isEmpty)
      // A gate hears of it, and judges by itself.
      let reported = try await flowrex.run("migrate", "status", "--report")
      #expect(reported.status == 0)
      #expect(
        reported.stdout == pending.stdout
          + #"{"applied":"","changed":[],"failed":[],"serves":[]}"# + "\n")
      #expect(pending.stdout.hasPrefix("migration 1 'accounts' is pending\n"))
      let empty = try await flowrex.run("migrate", "verify")
      #expect(empty.status == 1)
      #expect(empty.stdout.hasPrefix("migration 1 'accounts' is not applied\n"))
      let up = try await flowrex.run("migrate", "up")
      #expect(up.status == 0 && up.stderr.isEmpty)
      #expect(
        up.stdout == "migrating the file '\(path)' in development\n" + Self.applied.joined()
          + "the schema is what this program needs\n")
      let again = try await flowrex.run("migrate", "up")
      #expect(again.status == 0 && !again.stdout.contains("is applied"))
      #expect(try await flowrex.run("migrate", "status").status == 0)
      let status = try await flowrex.run("migrate", "status", "--report")
      let serves = Self.numbers.map { "\"\($0)\"" }.joined(separator: ",")
      #expect(status.status == 0)
      #expect(
        status.stdout == Self.applied.joined()
          + #"{"applied":"\#(Self.newest)","changed":[],"failed":[],"serves":[\#(serves)]}"# + "\n")
      let verified = try await flowrex.run("migrate", "verify")
      #expect(verified.status == 0)
      #expect(verified.stdout == "the schema is what this program needs\n")
      let down = try await flowrex.run("migrate", "down")
      #expect(down.status == 0 && down.stdout.hasSuffix("' is taken back\n"))
      let tooMany = try await flowrex.run("migrate", "down", "99")
      #expect(tooMany.status == 1)
      let left = Self.names.count - 1
      #expect(tooMany.stderr == "99 migrations cannot be taken back: \(left) are applied\n")
    }
  }

  /// A release is recorded without a network, a database and a configuration.
  @Test func `the schema that the program needs is the one that it brings`() async throws {
    let version = try await Command(variables: [:]).run("migrate", "version")
    #expect(version.status == 0 && version.stderr.isEmpty, "\(version)")
    #expect(version.stdout == "\(Self.newest)\n")
  }

  @Test(.covers("C-52"))
  func `people are not taken back`() async throws {
    try await withTemporaryFolder { folder in
      let flowrex = Command.onFile(folder.path(of: "flowrex.sqlite"))
      _ = try await flowrex.run("migrate", "up")
      let made = try await flowrex.run(
        "user", "create", "ann@example.com", input: "correct horse battery\n")
      #expect(made.status == 0, "\(made)")
      // Nobody's requests are in the log yet; what was done to people is.
      let toAudit = Self.names.count - 4
      let audited = try await flowrex.run("migrate", "down", "\(toAudit)")
      #expect(audited.status == 1)
      #expect(
        audited.stderr == "migration 5 'audit' is not taken back: "
          + "the table 'audit_logs' holds 1 rows (C-52)\n")
      // What was taken back before the refusal is said, and is so.
      #expect(
        audited.stdout.split(separator: "\n").dropFirst().map(String.init)
          == Self.names.enumerated().dropFirst(5).reversed().map { index, name in
            "migration \(index + 1) '\(name)' is taken back"
          })
      // Without the log, the people themselves are in the way.
      let script = """
        import sqlite3, sys
        rows = sqlite3.connect(sys.argv[1])
        rows.execute("DROP TRIGGER audit_logs_stay_all")
        rows.execute("DELETE FROM audit_logs")
        rows.commit()
        """
      let done = try await Tool.run(
        "python3", ["-c", script, folder.path(of: "flowrex.sqlite")])
      #expect(done.status == 0, "\(done)")
      let people = try await flowrex.run("migrate", "down", "2")
      #expect(people.status == 1)
      #expect(
        people.stderr == "migration 4 'people' is not taken back: "
          + "the table 'users' holds 1 rows (C-52)\n")
    }
  }

  /// Two at once on one file, which is held for a transaction at a time.
  @Test func `of two that migrate one file each migration is one's`() async throws {
    try await withTemporaryFolder { folder in
      let flowrex = Command.onFile(folder.path(of: "flowrex.sqlite"))
      let outputs = try await withThrowingTaskGroup(of: Tool.Output.self) { group in
        for _ in 0..<4 { group.addTask { try await flowrex.run("migrate", "up") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
      for line in Self.applied {
        #expect(outputs.count { $0.stdout.contains(line) } == 1, "\(outputs)")
      }
    }
  }

  @Test(.covers("S17-SEC-14"))
  func `a configuration that is wrong is refused at once, and nothing is touched`() async throws {
    let flowrex = Command(variables: [
      "ENVIRONMENT": "production", "DATABASE_ENGINE": "sqlite", "DATABASE_TLS": "disable",
    ])
    let output = try await flowrex.run("migrate", "up")
    #expect(output.status == 78 && output.stdout.isEmpty)
    for line in [
      "DATABASE_ENGINE: must be `postgresql` in production",
      "DATABASE_TLS: must be `verify-full` in production", "DATABASE_HOST: is not set",
    ] {
      #expect(output.stderr.contains("  \(line)\n"), "\(output)")
    }
  }

  /// Production as it is generated, but for the place of the server and of its secrets.
  private func production(
    _ server: TCPPostgres, _ database: String, in folder: TemporaryFolder,
    _ changes: [String: String] = [:]
  ) async throws -> Command {
    let text = try String(
      contentsOfFile: "\(packageRoot)/generated/prod/scripts/jobs/migrate.env", encoding: .utf8)
    var variables: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      variables[parts[0]] = parts.count == 2 ? parts[1] : ""
    }
    #expect(variables["DATABASE_TLS"] == "verify-full")
    // The image states these three.
    for name in ["APP_VERSION", "APP_COMMIT", "APP_BUILD_ID"] { variables[name] = "1" }
    try folder.write("vR7kTq2mXw9Lb4Nz6HcY8Jd", to: "database-password")
    variables["SECRETS_DIRECTORY"] = folder.path
    variables["DATABASE_HOST"] = "localhost"
    variables["DATABASE_PORT"] = "\(server.port)"
    variables["DATABASE_NAME"] = database
    variables["INTERNAL_CA_FILE"] = server.authorityFile
    return Command(variables: variables.merging(changes) { $1 })
  }

  @Test(.covers("C-60", "S04-DB-06", "S17-MIG-01", "S17-MIG-07"))
  func `production's own variables migrate a server that proves who it is`() async throws {
    let server = try await TCPPostgres.server()
    let database = try await server.emptyDatabase()
    try await withTemporaryFolder { folder in
      let flowrex = try await production(server, database, in: folder)
      let up = try await flowrex.run("migrate", "up")
      #expect(up.status == 0, "\(up)")
      #expect(
        up.stdout
          == "migrating '\(database)' at localhost:\(server.port) in production\n"
          + Self.applied.joined()
          + "nobody but the owner reads: there is no other 'flowrex_reader'\n"
          + "the schema is what this program needs\n")
      // With less than the service has: one secret, and no key of what it trades.
      #expect(Set(flowrex.variables.keys).isSubset(of: Set(Program.migrate.keys.map(\.name))))
      #expect(!(up.stdout + up.stderr).contains("vR7kTq2mXw9Lb4Nz6HcY8Jd"))
      #expect(try await flowrex.run("migrate", "verify").status == 0)
      // A certificate of somebody else's authority, and a name that it was not made for.
      let changes = [
        ["INTERNAL_CA_FILE": server.otherAuthorityFile], ["DATABASE_HOST": "127.0.0.1"],
      ]
      for changes in changes {
        let stranger = try await production(server, database, in: folder, changes)
        let refused = try await stranger.run("migrate", "verify")
        #expect(refused.status == 1 && refused.stdout.isEmpty, "\(refused)")
        #expect(refused.stderr.hasPrefix("the database cannot be reached: "))
      }
    }
  }

  /// Two at once: one migrates, the other finds it done or says who is at it.
  @Test func `of two that migrate at once neither harms the other`() async throws {
    let server = try await TCPPostgres.server()
    let database = try await server.emptyDatabase()
    let flowrex = Command(variables: [
      "ENVIRONMENT": "development", "DATABASE_ENGINE": "postgresql",
      "DATABASE_PASSWORD": "vR7kTq2mXw9Lb4Nz6HcY8Jd", "DATABASE_PORT": "\(server.port)",
      "DATABASE_NAME": database, "MIGRATION_LOCK_TIMEOUT_SECONDS": "60",
    ])
    async let one = flowrex.run("migrate", "up")
    async let other = flowrex.run("migrate", "up")
    let outputs = try await [one, other]
    #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
    #expect(outputs.count { $0.stdout.contains(Self.applied.joined()) } == 1)
  }

  /// The commands that generated files run are commands of the program.
  @Test(.covers("S17-MIG-01", "S17-CL-DB-01"), arguments: ["staging", "prod"])
  func `generated scripts and stacks run what there is`(name: String) async throws {
    let folder = "\(packageRoot)/generated/\(name)"
    let script = try String(contentsOfFile: "\(folder)/scripts/migrate", encoding: .utf8)
    let words = try #require(script.firstMatch(of: /words=\(\n((?:  '.*'\n)+)\)/)?.1)
      .split(separator: "\n").map { String($0.dropFirst(3).dropLast()) }
    #expect(words == Array(Program.migrate.arguments.dropFirst()))
    // What else works on the database runs there too.
    func list(_ name: String, after start: String) throws -> [String] {
      let text = try String(contentsOfFile: "\(folder)/scripts/\(name)", encoding: .utf8)
      let rest = try #require(text.split(separator: start, maxSplits: 1).last)
      return rest.split(separator: "\n").prefix { $0.contains("'") }
        .map { $0.filter { $0 != " " && $0 != "'" } }
    }
    let settling = try list("database.sh", after: "words=(\n")
    let proving = try list("verify-log", after: "words=(\n")
    #expect(settling == ["user", "end-sessions"] && proving == ["audit", "verify", "--report"])
    let facts = try String(contentsOfFile: "\(folder)/scripts/facts", encoding: .utf8)
    #expect(facts.contains("words=(\n    'migrate'\n    'status'\n    '--report'\n  )"))
    let delivery = try String(
      contentsOfFile: "\(packageRoot)/.github/workflows/deploy.yml", encoding: .utf8)
    let asked = try #require(
      delivery.firstMatch(of: /"\$\{FLOWREX_BACKEND_IMAGE\}" ([a-z ]+)\)/)?.1
    )
    .split(separator: " ").map(String.init)
    // The backup comes first, and without one there is no deployment. (S17-MIG-03, C-17)
    let deploy = try String(contentsOfFile: "\(folder)/scripts/deploy", encoding: .utf8)
    let backup = try #require(deploy.range(of: #"|| die "no backup, no deployment""#))
    let migrate = try #require(deploy.range(of: #"migrate || die "the migration failed""#))
    #expect(backup.upperBound < migrate.lowerBound)

    let reader = """
      import json, sys, yaml
      services = yaml.safe_load(open(sys.argv[1]))["services"]
      print(json.dumps([
        command for service in services.values() if "FLOWREX_BACKEND_IMAGE" in service["image"]
        for command in [service.get("command", ["serve"]), service["healthcheck"]["test"]]]))
      """
    let read = try await Tool.run(
      "python3", ["-c", reader, "\(folder)/docker-compose.yml"])
    let commands = try JSONDecoder().decode([[String]].self, from: Data(read.stdout.utf8))
    #expect(commands.contains(["serve"]) && commands.contains(["CMD", "flowrex", "healthcheck"]))
    var missing: Set<String> = []
    let others = [["migrate", "status", "--report"], asked, settling, proving]
    for command in commands + [words] + others {
      let called = command.first == "CMD" ? Array(command.dropFirst(2)) : command
      // An option that the program does not have is refused before it helps.
      let output = try await Tool.built("flowrex", called + ["--help"])
      let verbs = called.filter { !$0.hasPrefix("--") }
      let usage = "USAGE: flowrex \(verbs.joined(separator: " "))"
      if output.status != 0 || !output.stdout.contains(usage) {
        missing.insert(verbs.joined(separator: " "))
      }
    }
    #expect(missing == [])
  }
}
