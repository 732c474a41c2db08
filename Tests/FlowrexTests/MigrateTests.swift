import FlowrexContract
import FlowrexSupport
import Foundation
import TestSupport
import Testing

/// `flowrex migrate`, as people and generated scripts run it. (S17-MIG-01 … 11, C-52)
@Suite(.covers("S17-MIG-05", "S17-MIG-11", "S17-CL-DB-05"))
struct MigrateTests {
  private static let names = [
    "accounts", "orders", "reconciliation", "people", "audit", "order_path", "work",
  ]
  private static let applied = names.enumerated().map { index, name in
    "migration \(index + 1) '\(name)' is applied\n"
  }

  @Test(.covers("S17-MIG-07", "S17-MIG-10"))
  func `a schema goes up, is verified and goes down, in plain sentences`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "flowrex.sqlite")
      let flowrex = Command.onFile(path)
      let pending = try await flowrex.run("migrate", "status")
      #expect(pending.status == 0 && pending.stderr.isEmpty)
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
      #expect(
        try await flowrex.run("migrate", "status").stdout == Self.applied.joined()
          + #"{"applied":"0007","changed":[],"failed":[],"#
          + #""serves":["0001","0002","0003","0004","0005","0006","0007"]}"# + "\n")
      let verified = try await flowrex.run("migrate", "verify")
      #expect(verified.status == 0)
      #expect(verified.stdout == "the schema is what this program needs\n")
      let down = try await flowrex.run("migrate", "down")
      #expect(down.status == 0 && down.stdout.hasSuffix("migration 7 'work' is taken back\n"))
      let tooMany = try await flowrex.run("migrate", "down", "9")
      #expect(tooMany.status == 1)
      #expect(tooMany.stderr == "9 migrations cannot be taken back: 6 are applied\n")
    }
  }

  /// A release is recorded without a network, a database and a configuration.
  @Test func `the schema that the program needs is the one that it brings`() async throws {
    let version = try await Command(variables: [:]).run("migrate", "version")
    #expect(version.status == 0 && version.stderr.isEmpty, "\(version)")
    #expect(version.stdout == "0007\n")
  }

  @Test(.covers("C-52"))
  func `people are not taken back`() async throws {
    try await withTemporaryFolder { folder in
      let flowrex = Command.onFile(folder.path(of: "flowrex.sqlite"))
      _ = try await flowrex.run("migrate", "up")
      let made = try await flowrex.run(
        "user", "create", "ann@example.com", input: "correct horse battery\n")
      #expect(made.status == 0, "\(made)")
      let down = try await flowrex.run("migrate", "down", "3")
      #expect(down.status == 1)
      #expect(
        down.stderr == "migration 5 'audit' is not taken back: "
          + "the table 'audit_logs' holds 1 rows (C-52)\n")
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
          + Self.applied.joined() + "the schema is what this program needs\n")
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
    let facts = try String(contentsOfFile: "\(folder)/scripts/facts", encoding: .utf8)
    #expect(facts.contains("words=(\n    'migrate'\n    'status'\n  )"))
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
    for command in commands + [words, ["migrate", "status"], asked] {
      let verbs = command.first == "CMD" ? Array(command.dropFirst(2)) : command
      let output = try await Tool.built("flowrex", verbs + ["--help"])
      let usage = "USAGE: flowrex \(verbs.joined(separator: " "))"
      if output.status != 0 || !output.stdout.contains(usage) {
        missing.insert(verbs.joined(separator: " "))
      }
    }
    #expect(missing == [])
  }
}
