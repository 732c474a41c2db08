import FlowrexContract
import FlowrexSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// The real process on a real database: what it keeps, and what it does without. (C-39, S17-ENV-04)
@Suite(.serialized) struct StoredServiceTests {
  /// The newest migration that this program knows.
  private static let schema = 11
  private static let key = "Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6UuTiKoWqBrDx"

  private static let adminID = "00000000-0000-0000-0000-000000000001"

  private func onFile(_ folder: TemporaryFolder) -> (Command, [String: String]) {
    let path = folder.path(of: "flowrex.sqlite")
    return (Command.onFile(path), ["DATABASE_PATH": path, "JWT_SECRET_KEY": Self.key])
  }

  @Test(.covers("S17-ENV-04", "S04-AUTH-13", "C-37"))
  func `people and sessions outlive the process, and so does what was revoked`() async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      var kept: [RunningService.SignedIn] = []
      try await RunningService.run(variables) { service in
        #expect(service.logText.contains("migration 4 'people' is applied"))
        kept = [try await service.signedIn(), try await service.signedIn()]
        let out = await service.ask("POST", "/api/v1/auth/logout", [kept[1].bearer])
        #expect(out?.status == 204)
      }
      let made = try await flowrex.run(
        "user", "create", "Ann@Example.com", input: "correct horse battery\n")
      #expect(made.status == 0, "\(made)")
      try await RunningService.run(variables) { service in
        #expect(!service.logText.contains("is applied"))
        #expect(await service.ask("GET", "/api/v1/auth/me", [kept[0].bearer])?.status == 200)
        #expect(await service.ask("GET", "/api/v1/auth/me", [kept[1].bearer])?.status == 401)
        let headers = ["Cookie: \(kept[0].cookie)", "X-Requested-With: flowrex"]
        let fresh = await service.ask("POST", "/api/v1/auth/refresh", headers)
        #expect(fresh?.status == 200)
        // A token that was used, and whose successor was used, was used.
        let next = try service.signedIn(try #require(fresh))
        let nextHeaders = ["Cookie: \(next.cookie)", "X-Requested-With: flowrex"]
        #expect(
          await service.ask("POST", "/api/v1/auth/refresh", nextHeaders)?.status == 200)
        let again = await service.ask("POST", "/api/v1/auth/refresh", headers)
        #expect(again?.status == 401)
        let ann = await service.ask(
          "POST", "/api/v1/auth/login",
          body: RunningService.signIn("ann@example.com", "correct horse battery"))
        #expect(ann?.status == 200)
      }
    }
  }

  @Test(.covers("S04-AUTH-08", "C-45"))
  func `a lock-out outlives the process`() async throws {
    try await withTemporaryFolder { folder in
      let (_, variables) = onFile(folder)
      let wrong = RunningService.signIn(RunningService.email, "wrong wrong wrong")
      try await RunningService.run(variables) { service in
        for _ in 1...LockOut.pairFailures {
          #expect(await service.ask("POST", "/api/v1/auth/login", body: wrong)?.status == 401)
        }
      }
      try await RunningService.run(variables) { service in
        let right = await service.ask(
          "POST", "/api/v1/auth/login", body: RunningService.signIn())
        #expect(right?.status == 401)
        let locked = try await service.metric(#"login_failures_total{reason="locked"}"#)
        #expect(locked == 1)
      }
    }
  }

  @Test(.covers("S04-AUTH-04", "C-46"))
  func `the mounted password is the administrator's from the next start on`() async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      var first: RunningService.SignedIn?
      try await RunningService.run(variables) { first = try await $0.signedIn() }
      let other = try await flowrex.run("user", "hash", input: "another horse battery\n")
      let hash = other.stdout.trimmingCharacters(in: .newlines)
      let exchanged = variables.merging(["ADMIN_PASSWORD_HASH": hash]) { $1 }
      try await RunningService.run(exchanged) { service in
        let path = "/api/v1/auth/login"
        #expect(await service.ask("POST", path, body: RunningService.signIn())?.status == 401)
        let body = RunningService.signIn(RunningService.email, "another horse battery")
        #expect(await service.ask("POST", path, body: body)?.status == 200)
        let old = try #require(first)
        #expect(await service.ask("GET", "/api/v1/auth/me", [old.bearer])?.status == 401)
      }
      let reset = try await flowrex.run(
        "user", "reset-password", RunningService.email, input: "another horse battery\n")
      #expect(reset.status == 1)
      #expect(
        reset.stderr
          == "the password of admin@localhost is the mounted ADMIN_PASSWORD_HASH: "
          + "exchange that secret\n")
    }
  }

  @Test(.covers("S04-AUTH-10"))
  func `people are changed while it runs, at once, and all of it is written down`() async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      let password = "correct horse battery"
      let file = try folder.write(password + "\n", to: "password")
      try await RunningService.run(variables) { service in
        func signIn(_ password: String) async throws -> RawAnswer {
          let body = RunningService.signIn("ann@example.com", password)
          return try #require(await service.ask("POST", "/api/v1/auth/login", body: body))
        }
        let made = try await flowrex.run(
          "user", "create", "ann@example.com", "--password-file", file)
        #expect(made.status == 0 && made.stdout.hasPrefix("ann@example.com is user "))
        let twin = try await flowrex.run(
          "user", "create", "ANN@example.com", "--password-file", file)
        #expect(twin.status == 1)
        #expect(twin.stderr == "there is a person at ann@example.com already\n")
        let ann = try service.signedIn(try await signIn(password))
        let steps: [([String], String?, String)] = [
          (["role", "ann@example.com", "admin"], nil, "is admin; 1 sessions ended"),
          (["role", "ann@example.com", "user"], nil, "is user; 1 sessions ended"),
          (
            ["reset-password", "ann@example.com"], "a new long password\n",
            "has another password; 1 sessions ended"
          ),
          (["disable", "ann@example.com"], nil, "is disabled; 1 sessions ended"),
        ]
        var token = ann
        for (words, input, said) in steps {
          #expect(await service.ask("GET", "/api/v1/auth/me", [token.bearer])?.status == 200)
          let output = try await flowrex.run(["user"] + words, input: input)
          #expect(output.status == 0 && output.stdout == "ann@example.com \(said)\n", "\(output)")
          #expect(await service.ask("GET", "/api/v1/auth/me", [token.bearer])?.status == 401)
          if words[0] != "disable" {
            let current = words[0] == "role" ? password : "a new long password"
            token = try service.signedIn(try await signIn(current))
          }
        }
        #expect(try await signIn("a new long password").status == 401)
        #expect(try await flowrex.run("user", "enable", "ann@example.com").status == 0)
        let last = try service.signedIn(try await signIn("a new long password"))
        let out = await service.ask("POST", "/api/v1/auth/logout", [last.bearer])
        #expect(out?.status == 204)
        let list = try await flowrex.run("user", "list")
        let people =
          "admin@localhost\tadmin\tenabled\t\(Self.adminID)\nann@example.com\tuser\tenabled\t"
        #expect(list.stdout.hasPrefix(people))
        // Six sign-ins, of which one failed, a sign-out, and what Ann asked as an administrator
        // with its answer.
        #expect(try await service.metric("audit_entries_total") == 9)
        #expect(try await service.metric("audit_write_failures_total") == 0)
      }
      let verified = try await flowrex.run("audit", "verify")
      // And the administrator, Ann, two roles, a password, kept out, let in.
      #expect(verified.status == 0 && verified.stdout.contains("16 rows"), "\(verified)")
    }
  }

  @Test func `a row that somebody changed is named, and a head that was kept is believed`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      try await RunningService.run(variables) { _ = try await $0.signedIn() }
      let head = try await flowrex.run("audit", "head")
      let kept = head.stdout.trimmingCharacters(in: .newlines)
      #expect(head.status == 0 && kept.hasPrefix("2:"))
      let whole = try await flowrex.run("audit", "verify", "--head", kept)
      #expect(whole.stdout == "the audit log is whole: 2 rows, the head is \(kept)\n")
      let reported = try await flowrex.run("audit", "verify", "--report", "--head", kept)
      #expect(reported.stdout == whole.stdout + kept + "\n")
      let strange = try await flowrex.run("audit", "verify", "--head", "2")
      #expect(strange.status == 64)
      let script = """
        import sqlite3, sys
        rows = sqlite3.connect(sys.argv[1])
        rows.execute("DROP TRIGGER audit_logs_stay")
        rows.execute("UPDATE audit_logs SET actor = 'somebody' WHERE number = 2")
        rows.commit()
        """
      let path = folder.path(of: "flowrex.sqlite")
      let done = try await Tool.run("python3", ["-c", script, path])
      #expect(done.status == 0, "\(done)")
      let broken = try await flowrex.run("audit", "verify")
      #expect(broken.status == 1 && broken.stderr == "audit row 2 was changed\n")
    }
  }

  @Test func `what cannot be written down is not answered as done`() async throws {
    try await withTemporaryFolder { folder in
      let (_, variables) = onFile(folder)
      let script = """
        import sqlite3, sys
        rows = sqlite3.connect(sys.argv[1], timeout=60)
        rows.execute("DROP TABLE audit_logs")
        rows.commit()
        """
      try await RunningService.run(variables) { service in
        let done = try await Tool.run(
          "python3", ["-c", script, folder.path(of: "flowrex.sqlite")])
        #expect(done.status == 0, "\(done)")
        for body in [
          RunningService.signIn(), RunningService.signIn(RunningService.email, "wrong wrong"),
        ] {
          let answer = try #require(await service.ask("POST", "/api/v1/auth/login", body: body))
          #expect(answer.status == 503 && answer.code == "store_unavailable", "\(answer)")
          #expect(answer["set-cookie"] == nil)
        }
        #expect(try await service.metric("audit_write_failures_total") == 2)
        #expect(try await service.metric("audit_entries_total") == 0)
        #expect(try await service.metric("logins_total") == 0)
      }
    }
  }

  /// What administrators ask stands in the log, what people read of their own does not; a name of
  /// an endpoint and no address with what it may hold is in the service's lines.
  @Test(.covers("S18-AUD-01", "S18-AUD-02"))
  func `a request of an administrator is written down with its answer`() async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      try await RunningService.run(variables) { service in
        let made = try await flowrex.run(
          "user", "create", "ann@example.com", input: "correct horse battery\n")
        #expect(made.status == 0)
        let admin = try await service.signedIn()
        let body = RunningService.signIn("ann@example.com", "correct horse battery")
        let ann = try service.signedIn(
          try #require(await service.ask("POST", "/api/v1/auth/login", body: body)))
        let agent = "User-Agent: test/1.0 \u{e9}"
        for person in [ann, admin] {
          let headers = [person.bearer, agent, "X-Request-ID: request-of-a-test"]
          let answer = await service.ask("GET", "/api/v1/auth/me?token=hidden", headers)
          #expect(answer?.status == 200)
        }
        #expect(try await service.metric("audit_entries_total") == 4)
        #expect(service.logText.contains(#""user":"\#(Self.adminID)""#))
        #expect(!service.logText.contains("hidden"))
      }
      let script = """
        import sqlite3, sys
        rows = sqlite3.connect(sys.argv[1])
        for row in rows.execute("SELECT action, actor, request_id, address, method, path, "
            "user_agent, status FROM audit_logs WHERE action IN ('requested', 'answered') "
            "ORDER BY number"):
          print("|".join(str(value) for value in row))
        """
      let read = try await Tool.run("python3", ["-c", script, folder.path(of: "flowrex.sqlite")])
      let end = "GET|/api/v1/auth/me|test/1.0 ??"
      let start = "\(Self.adminID)|request-of-a-test|127.0.0.1"
      #expect(
        read.stdout == "requested|\(start)|\(end)|None\nanswered|\(start)|\(end)|200\n", "\(read)")
      #expect(try await flowrex.run("audit", "verify").status == 0)
    }
  }

  @Test(.covers("C-52")) func `after a restore one word ends every session`() async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      try await RunningService.run(variables) { service in
        let kept = [try await service.signedIn(), try await service.signedIn()]
        let ended = try await flowrex.run("user", "end-sessions")
        #expect(ended.status == 0 && ended.stdout == "2 sessions ended\n", "\(ended)")
        for session in kept {
          let headers = ["Cookie: \(session.cookie)", "X-Requested-With: flowrex"]
          #expect(await service.ask("GET", "/api/v1/auth/me", [session.bearer])?.status == 401)
          #expect(await service.ask("POST", "/api/v1/auth/refresh", headers)?.status == 401)
        }
        _ = try await service.signedIn()
      }
    }
  }

  @Test(arguments: ["\n", "\r\n", ""])
  func `a password file may end as an editor ends it`(end: String) async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      let file = try folder.write("correct horse battery" + end, to: "password")
      try await RunningService.run(variables) { service in
        let made = try await flowrex.run(
          "user", "create", "ann@example.com", "--password-file", file)
        #expect(made.status == 0, "\(made)")
        let body = RunningService.signIn("ann@example.com", "correct horse battery")
        #expect(await service.ask("POST", "/api/v1/auth/login", body: body)?.status == 200)
      }
      let strange = try await flowrex.run("user", "disable", "nobody")
      #expect(strange.status == 64 && strange.stderr.contains("'nobody' is no address"))
    }
  }

  @Test func `nobody takes the last administrator away`() async throws {
    try await withTemporaryFolder { folder in
      let (flowrex, variables) = onFile(folder)
      try await RunningService.run(variables) { _ in }
      for words in [["disable", "admin@localhost"], ["role", "admin@localhost", "user"]] {
        let output = try await flowrex.run(["user"] + words)
        #expect(output.status == 1)
        #expect(
          output.stderr
            == "admin@localhost is the last administrator: nobody could take that back\n")
      }
      let nobody = try await flowrex.run("user", "disable", "no@example.com")
      #expect(nobody.status == 1 && nobody.stderr == "there is nobody at no@example.com\n")
      let short = try await flowrex.run("user", "create", "b@example.com", input: "short\n")
      #expect(short.status == 64 && short.stderr.contains("at least 12 characters"))
    }
  }

  @Test(
    .covers("S17-HS-05", "S17-MET-07", "C-27"))
  func `with PostgreSQL it waits for its schema, is ready with it, and measures`() async throws {
    let server = try await TCPPostgres.server()
    let database = try await server.emptyDatabase()
    let variables = [
      "ENVIRONMENT": "development", "DATABASE_ENGINE": "postgresql",
      "DATABASE_PASSWORD": "vR7kTq2mXw9Lb4Nz6HcY8Jd", "DATABASE_PORT": "\(server.port)",
      "DATABASE_NAME": database, "DATABASE_POOL_SIZE": "3", "DATABASE_MAX_OVERFLOW": "1",
    ]
    let flowrex = Command(variables: variables)
    try await RunningService.run(variables, wasReady: false) { service in
      let waiting = try #require(await service.ask("GET", "/health/ready"))
      #expect(waiting.status == 503 && waiting.body.contains(#""database":"unreachable""#))
      #expect(try await service.metric("schema_version_expected") == Self.schema)
      #expect(try await service.metric("schema_version") == 0)
      // It did not migrate by itself.
      #expect(try await flowrex.run("migrate", "verify").status == 1)
      #expect(try await flowrex.run("migrate", "up").status == 0)
      try await service.awaitHealth()
      #expect(await service.ask("GET", "/health/ready")?.status == 200)
      #expect(try await service.metric("schema_version") == Self.schema)
      _ = try await service.signedIn()
      #expect(
        try await service.metric(#"dependency_reachable{dependency="database"}"#) == 1)
      let pool = #"{pool="primary"}"#
      #expect(try await service.metric("database_connections_limit" + pool) == 4)
      #expect(try await service.metric("database_connections" + pool) == 0)
      let queries = try #require(try await service.metric("database_queries_total" + pool))
      let durations = try #require(
        try await service.metric("database_query_duration_seconds_count" + pool))
      let waits = try #require(
        try await service.metric("database_pool_wait_seconds_count" + pool))
      #expect(queries > 10 && durations > 10 && waits > 3)
      // The schema was asked for before it was there.
      #expect(try await service.metric("database_errors_total" + pool).map { $0 >= 1 } == true)

      // A migration that this program does not know is the next release's, and no hindrance.
      let sql = "INSERT INTO schema_migrations VALUES (\(Self.schema + 1), 'next', 'x', 0);\n"
      try await server.say(sql, in: database)
      #expect(await service.ask("GET", "/health/ready")?.status == 200)
      // One that was changed is.
      try await server.say(
        "UPDATE schema_migrations SET checksum = 'x' WHERE number = 2;\n", in: database)
      let changed = try #require(await service.ask("GET", "/health/ready"))
      #expect(changed.status == 503)
      #expect(service.logText.contains("migration 2 'orders' was changed after it was applied"))
    }
  }
}
