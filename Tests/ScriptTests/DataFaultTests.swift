import Foundation
import TestSupport
import Testing

/// Faults that hand-written rollback, backup and restore scripts had, one test each: it fails if
/// the fault comes back.
struct DataFaultTests {
  private static let backup = "daily-20260101T020000Z"
  private static let consent = ["--i-accept-losing-writes-since", "2026-01-01T02:00Z"]

  // S15
  @Test func `a rollback to nothing is refused, never a deployment of the newest`() async throws {
    try await Manager.released { manager in
      for words in [[], [""], ["latest"]] {
        let run = try await manager.run("rollback", words)
        #expect(run.status == 1)
        #expect(run.said.count == 1 && run.said[0].hasPrefix("error: "), "\(run)")
      }
      #expect(try manager.calls() == [])
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
    for environment in ["staging", "prod"] {
      let compose = try GeneratedScripts(environment).compose
      #expect(!compose.contains(":-") && !compose.contains(":latest"))
    }
  }

  // S16
  @Test func `a rollback runs to its end with nothing but what was generated`() async throws {
    try await Manager.released { manager in
      let run = try await manager.deploy("b")
      try #require(run.status == 0, "\(run)")
      let back = try await manager.run("rollback")
      #expect(back.status == 0, "\(back)")
      #expect(try back.verdict() == "rolled-back at record")
      let programs = Set(try manager.calls().map { $0.prefix { $0 != " " } })
      #expect(programs == ["docker", "curl", "slipway-gate"])
    }
  }

  // S17
  @Test(.covers("C-52", "S18-RBK-02"))
  func `a rollback touches no data, and a restore is agreed to word by word`() async throws {
    let text = try #require(try GeneratedScripts().texts["rollback"])
    #expect(!text.contains("restore") && !text.contains("database_job"))
    try await Manager.released { manager in
      for words in [[Self.backup], [Self.backup, Self.consent[0], "2026-01-01T02:01Z"]] {
        let run = try await manager.run("restore", words)
        #expect(run.status != 0)
      }
      #expect(try manager.calls() == [])
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 0, "\(run)")
      // No writer runs while the data is exchanged.
      let order = try manager.order()
      let exchanged = try #require(order.firstIndex(of: "job restore"))
      let stopped = order[..<exchanged].filter { $0.hasPrefix("scale ") }
      #expect(stopped == ["scale flowrex-prod_backend=0", "scale flowrex-prod_worker=0"])
    }
  }

  // S18
  @Test(.covers("S18-RBK-04", "S03-RBK-04", "S04-RBK-06"))
  func `a rollback asks what runs and whether each edge node answers`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("", to: "state/certificate")
      let run = try await manager.deploy("b")
      try #require(run.status == 0, "\(run)")
      try manager.fault(.otherImage, "backend@\(manager.digest("a"))")
      let other = try await manager.run("rollback")
      #expect(other.status == 1)
      #expect(other.said.contains { $0.hasPrefix("'backend' runs ") }, "\(other)")
      try manager.repair(.otherImage)
      try FileManager.default.removeItem(atPath: manager.folder.path(of: "world/order"))
      let back = try await manager.run("rollback")
      #expect(back.status == 0, "\(back)")
      let asked = try manager.order().filter { $0.hasPrefix("ask ") }
      #expect(asked == Array(repeating: "ask https://api.flowrex.app/health", count: 2))
    }
  }

  // S19
  @Test(arguments: ["staging", "prod"])
  func `every service, network and volume that a script names is in the stack's file`(
    environment: String
  ) throws {
    let scripts = try GeneratedScripts(environment)
    let known = Set(["services", "networks", "volumes"].flatMap(scripts.names(under:)))
    #expect(known.isSuperset(of: ["postgres-primary", "data"]))
    let named = Set(try scripts.found(#"\$\{stack\}_([a-z][a-z-]*[a-z])"#))
      .subtracting(["job", "edge-certificate"])
    #expect(named.count > 5)
    #expect(named.subtracting(known) == [])
  }

  // S20
  @Test func `folders and strangers in the listing do not disturb a backup`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run.ended("nightly-08").status == 0, run.story)
    #expect(run.ended("nightly-09").status == 0)
    #expect(run["eight-cleaned"].hasSuffix("monthly_do_not_delete.json old other.txt other.txt"))
  }

  // S21
  @Test(.covers("S18-BKP-05"))
  func `only what is certainly an old backup of ours is removed`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["seven-whole"].contains("\(Self.backup).json "), run.story)
    #expect(!run["eight-cleaned"].contains(Self.backup))
    #expect(run["eight-cleaned"].contains("monthly_do_not_delete.json"))
    for environment in ["staging", "prod"] {
      let settings = try GeneratedScripts.read("\(environment)/postgres/pgbackrest.conf")
      #expect(settings.contains("\nrepo1-s3-bucket=flowrex-\(environment)-backups\n"))
      #expect(settings.contains("\nrepo1-path=/flowrex-\(environment)\n"))
    }
  }

  // S22
  @Test(.covers("S18-BKP-05", "S18-BKP-06"))
  func `the newest seven stay, however old they are`() async throws {
    let run = try await DatabaseRun.shared()
    // All are older than the retention, for they bear days that are long gone.
    let whole = run["eight-cleaned"].split(separator: " ").filter { $0.hasPrefix("daily-") }
    #expect(whole.count == 21, run.story)
    #expect(Set(whole.map { $0.prefix(14) }) == Set((3...9).map { "daily-2026010\($0)" }))
  }

  // S23
  @Test func `a dump that failed leaves nothing under the name of a backup`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run.ended("absent-backup").status == 2, run.story)
    #expect(run["empty-backup"] == "1 the database holds no table: nothing that could be restored")
    #expect(run["none-objects"] == "")
  }

  // S24
  @Test(.covers("S04-BKP-02", "C-18"))
  func `a backup is sealed, counted, proven and missed when it does not come`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["backup-readable"] == "0", run.story)
    #expect(run.ended("backup").said.contains(#""digest":""#))
    #expect(run["verify"] == "0 verified \(Self.backup)")
    for environment in ["staging", "prod"] {
      let settings = try GeneratedScripts.read("\(environment)/postgres/pgbackrest.conf")
      #expect(settings.contains("\nrepo1-cipher-type=aes-256-cbc\n"))
    }
    let rules = try GeneratedScripts.read("prod/prometheus/rules/critical.yml")
    #expect(rules.contains("max(flowrex_backup_last_verified_timestamp_seconds) >"))
    #expect(rules.contains("absent(flowrex_backup_last_verified_timestamp_seconds)"))
  }

  // S25
  @Test(arguments: ["staging", "prod"])
  func `schedule and retention are one setting each, and something reads it`(
    environment: String
  ) throws {
    let scripts = try GeneratedScripts(environment)
    let settings = try GeneratedScripts.read("\(environment)/postgres/pgbackrest.conf")
    let physical = try #require(settings.firstMatch(of: /\nrepo1-retention-full=(\d+)\n/))
    let logical = try #require(
      scripts.texts["jobs/backup.sh"]?.firstMatch(of: /--date '(\d+) days ago'/))
    #expect(physical.output.1 == logical.output.1)
    for script in ["backup", "verify-backup"] {
      let timer = try GeneratedScripts.read(
        "\(environment)/systemd/flowrex-\(environment)-\(script).timer")
      #expect(timer.contains(/\nOnCalendar=\*-\*-\* \d\d:\d\d:00 UTC\n/))
      #expect(timer.contains("\n[Install]\nWantedBy=timers.target"))
    }
    let example = try String(contentsOfFile: "\(packageRoot)/.env.example", encoding: .utf8)
    #expect(!example.contains("BACKUP_RETENTION") && !example.contains("BACKUP_SCHEDULE"))
  }

  // S26
  @Test func `writers run again however a restore ends`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run.ended("half-restore").status == 1, run.story)
    #expect(run["untouched"].contains("flowrex_prod:true"))
    try await Manager.released { manager in
      try manager.fault(.restore, "failed")
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 1)
      let scaled = try manager.order().filter { $0.hasPrefix("scale ") }
      #expect(
        Set(scaled.suffix(2)) == ["scale flowrex-prod_backend=5", "scale flowrex-prod_worker=2"])
    }
  }

  // S27
  @Test func `a table that is newer than the backup does not stop its restore`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["after-restore"] == "0 1000 gone", run.story)
    #expect(run["kept"].contains("flowrex_prod_before_restore:false"))
    let jobs = try GeneratedScripts().texts.filter { $0.key.hasPrefix("jobs/") }
    #expect(jobs.values.allSatisfy { !$0.contains("--clean") })
  }

  // S28
  @Test func `what a job writes down is its own, has no guessable name, and goes with it`()
    async throws
  {
    let run = try await DatabaseRun.shared()
    #expect(run["open-files"] == "0", run.story)
    #expect(run["left-files"] == "0")
    // The watcher has really seen the dump.
    #expect(run["own-files"].contains("counts dump "))
    #expect(try GeneratedScripts().lines(matching: #"["' =]/tmp/"#) == [])
  }

  // S29
  @Test(arguments: ["staging", "prod"])
  func `every service that may write is stopped for a restore`(environment: String) throws {
    let scripts = try GeneratedScripts(environment)
    let writers = scripts.names(under: "services").filter { name in
      !name.hasPrefix("postgres")
        && scripts.service(name).contains("    - source: database-password")
    }
    #expect(writers == ["backend", "worker"])
    let text = try #require(scripts.texts["database.sh"])
    for script in ["restore", "use-restored"] {
      #expect(try #require(scripts.texts[script]).contains("\nstop_writers || die"))
    }
    let list = try #require(text.firstMatch(of: /done <<'LIST'\n([a-z\n-]+)\nLIST/))
    #expect(list.output.1.split(separator: "\n").map(String.init) == writers)
  }

  // S30
  @Test func `a database that cannot be reached is no backup, through any pipe`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run.ended("absent-backup").status == 2, run.story)
    #expect(run.ended("absent-backup").said.hasPrefix("psql: error: connection to server"))
    for environment in ["staging", "prod"] {
      let scripts = try GeneratedScripts(environment)
      for (name, text) in scripts.texts where text.contains(" | ") || text.contains(" |\n") {
        let own = text.contains("set -euo pipefail")
        // What is sourced has the settings of who sources it; the shell of Prometheus' image has
        // no such setting, and what comes through torn is no answer: ``FactsTests``.
        let others = ["roll.sh", "database.sh", "jobs/fact-targets.sh"]
        #expect(own || others.contains(name), "\(environment) \(name)")
      }
    }
  }

  // S31
  @Test func `a dump that stops half way changes nothing that lives`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run.ended("passing-backup").status == 0, run.story)
    #expect(run.ended("half-restore").status == 1)
    #expect(run.ended("half-verify").status == 1)
    #expect(
      run["untouched"]
        == "0 flowrex_prod:true flowrex_prod_before_restore:false postgres:true")
  }

  // S32
  @Test func `the doors that the playbook closes are the doors that nginx has`() async throws {
    let runbooks = "\(packageRoot)/generated/runbooks"
    let scripts = try ["staging", "prod"].map { try GeneratedScripts($0) }
    var called: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: runbooks) {
      let text = try GeneratedScripts.read("runbooks/\(name)")
      called.formUnion(text.matches(of: /scripts\/([a-z-]+)/).map { String($0.output.1) })
      #expect(!text.contains("docker-compose ") && !text.contains("docker compose"), "\(name)")
    }
    #expect(called.isSuperset(of: ["maintenance", "rollback", "status"]))
    for environment in scripts {
      #expect(called.subtracting(environment.executables).subtracting(["promote"]) == [])
    }
    try await Manager.released { manager in
      let run = try await manager.run("maintenance", ["on"])
      #expect(run.status == 0, "\(run)")
      let words = try manager.folder.read("world/jobs/maintenance").split(separator: "\n")
      let flag = try #require(words.last?.split(separator: " ").last)
      #expect(try GeneratedScripts.read("prod/nginx/nginx.conf").contains("if (-f \(flag))"))
      #expect(words.contains("type=volume,source=flowrex-prod_edge-state,target=/var/lib/edge"))
      #expect(scripts[1].service("edge").contains { $0.contains("source: edge-state") })
    }
  }
}
