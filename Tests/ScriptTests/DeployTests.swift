import Foundation
import TestSupport
import Testing

/// `scripts/deploy`, from the record to the verdict. (S18-DEP-01 ... 14, F3, F4, F13)
struct DeployTests {
  @Test(.covers("S18-DEP-02"))
  func `the first release makes its database, migrates, and is backed up`() async throws {
    try await Manager.empty { manager in
      let run = try await manager.deploy("a")
      #expect(run.status == 0, "\(run)")
      var order = try manager.order()
      // One writes into the other: which of the two is seen first is the machine's business.
      order[8...9].sort()
      #expect(
        order == [
          "gate prod firstRelease", "stack deploy", "job migrate", "end migrate",
          "job webroot", "end webroot", "job certificate", "end certificate",
          "run flowrex.app.key", "secret create", "job install-certificate",
          "end install-certificate", "run /var/lib/edge/certificates/fullchain.pem",
          "tell [Flowrex prod] success: every edge node has the certificate", "secret rm",
          "ask https://api.flowrex.app/health", "ask https://api.flowrex.app/health",
          "job backup", "end backup", "job base", "end base",
          "job verify", "end verify", "job verify-copy", "end verify-copy",
          "tell [Flowrex prod] success: aaaaaaaaaaaa runs",
        ])
      #expect(try run.verdict() == "deployed at cleaning")
      let report = try run.report()
      #expect(report.environment == "prod" && report.commit == manager.commit("a"))
      let backend = report.services.first { $0.name == "flowrex-prod_backend" }
      #expect(backend?.image == "registry.example.com/backend@\(manager.digest("a"))")
      #expect(backend?.replicas == "5/5")
      #expect(run.said.last == "success: aaaaaaaaaaaa runs")
      #expect(try manager.recorded("current") == manager.commit("a"))
      #expect(try manager.recorded("previous") == nil)
      #expect(manager.exists("state/current/docker-compose.yml"))
      let moment = try #require(try manager.metric("flowrex_release_timestamp_seconds"))
      #expect(Int(moment.split(separator: " ")[1]) ?? 0 > 1_700_000_000)
      try manager.expectSilence(run)
    }
  }

  @Test func `a first release whose certificate is refused runs, and says what is missing`()
    async throws
  {
    try await Manager.empty { manager in
      try manager.fault(.certificate, "failed")
      let run = try await manager.deploy("a")
      #expect(run.status == 0, "\(run)")
      #expect(try run.verdict() == "deployed at cleaning")
      #expect(run.said.contains("error: the authority gave no certificate"))
      let missing = "no certificate yet: mend what the authority said, then certificate issue"
      let order = try manager.order()
      #expect(order.contains("tell [Flowrex prod] failure: \(missing)"))
      #expect(order.contains("ask http://api.flowrex.app/"))
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
  }

  @Test(
    .covers(
      "S18-DEP-05", "S18-DEP-06", "S17-MIG-01", "S17-MIG-03", "S17-CL-DB-01", "S17-CL-DB-04",
      "S18-CL-DEP-03"))
  func `a release is backed up and migrated before anything is replaced`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("", to: "state/certificate")
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.order() == [
          "gate prod release", "job backup", "end backup", "job migrate", "end migrate",
          "stack deploy", "ask https://api.flowrex.app/health",
          "ask https://api.flowrex.app/health",
          "tell [Flowrex prod] success: bbbbbbbbbbbb runs",
        ])
      #expect(try run.verdict() == "deployed at cleaning")
      #expect(try manager.recorded("current") == manager.commit("b"))
      #expect(try manager.recorded("previous") == manager.commit("a"))
      let migration = try manager.folder.read("world/jobs/migrate")
      #expect(migration.contains("registry.example.com/backend@\(manager.digest("b"))\nmigrate\n"))
      try manager.expectSilence(run)
    }
  }

  @Test(.covers("S18-DEP-03", "S17-PR-06"))
  func `what the gate refuses goes no further`() async throws {
    try await Manager.released { manager in
      try manager.fault(.gate)
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(
        run.said == [
          "refused: 1 of 7 conditions", "error: the gate refuses this release",
          "failure: deployment ended at 'gate': refused",
        ])
      #expect(try run.verdict() == "refused at gate")
      try expectUntouched(manager, told: "deployment ended at 'gate': refused")
    }
  }

  @Test func `without a gate nothing is proven, so nothing goes out`() async throws {
    try await Manager.released { manager in
      let run = try await manager.deploy("b", ["SLIPWAY_GATE": "/nowhere/slipway-gate"])
      #expect(run.status == 1)
      #expect(
        run.said.first == """
          error: UNPROVEN: '/nowhere/slipway-gate' is not on this machine, so nothing says that \
          this release may go out
          """)
      try expectUntouched(
        manager, told: "deployment ended at 'gate': refused", asked: [])
    }
  }

  @Test(.covers("S17-MIG-08", "S18-HS-04", "C-17"))
  func `without a backup there is no deployment`() async throws {
    try await Manager.released { manager in
      try manager.fault(.backup, "failed")
      try manager.folder.write("pg_dump: error: connection refused\n", to: "world/said/backup")
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(try run.verdict() == "refused at backup")
      #expect(run.said.contains("pg_dump: error: connection refused"))
      #expect(run.said.contains("failure: no backup was taken"))
      #expect(run.said.contains("error: no backup, no deployment"))
      #expect(
        try manager.order() == [
          "gate prod release", "job backup", "end backup",
          "tell [Flowrex prod] failure: no backup was taken",
          "tell [Flowrex prod] failure: deployment ended at 'backup': refused",
        ])
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
  }

  @Test(.covers("S17-MIG-09", "S17-MIG-11"), arguments: ["failed", "rejected"])
  func `a migration that fails replaces nothing, and its log is shown`(end: String) async throws {
    try await Manager.released { manager in
      try manager.fault(.migrate, end)
      try manager.folder.write("migration 0007: no such column\n", to: "world/said/migrate")
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(try run.verdict() == "refused at migration")
      #expect(run.said.contains("migration 0007: no such column"))
      #expect(run.said.contains("error: the migration failed"))
      #expect(
        run.said.contains {
          $0.hasPrefix(
            "error: the migration failed; the release before it still fits the schema; log: /state/"
          )
        })
      let reason =
        end == "failed" ? "task: non-zero exit (1)" : "bind source path does not exist"
      #expect(run.said.contains { $0.contains(" failed: ") && $0.contains(reason) }, "\(run)")
      #expect(try !manager.order().contains("stack deploy"))
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
  }

  @Test(.covers("S18-DEP-08", "S18-DEP-13", "S18-DEP-14", "S18-HS-01", "C-33", "C-68"))
  func `a replica that is never ready brings back the release before`() async throws {
    try await Manager.released { manager in
      try manager.fault(.neverReady, manager.digest("b"))
      let run = try await manager.deploy(
        "b", ["SLIPWAY_ROLL_SECONDS": "12", "SLIPWAY_POLL": "0.3"])
      #expect(run.status == 1)
      #expect(try run.verdict() == "rolled-back at roll")
      #expect(
        run.said.contains {
          $0.hasPrefix("still not running in time: flowrex-prod_backend flowrex-prod_console ")
        }, "\(run)")
      try expectBack(manager, run, from: "roll")
    }
  }

  @Test func `a release that the engine takes back is taken back everywhere`() async throws {
    try await Manager.released { manager in
      try manager.fault(.rollBack, "console@\(manager.digest("b"))")
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(try run.verdict() == "rolled-back at roll")
      #expect(
        run.said.contains(
          "the engine took back: flowrex-prod_console rollback_completed;"), "\(run)")
      try expectBack(manager, run, from: "roll")
    }
  }

  @Test func `an engine that refuses the stack leaves the release before`() async throws {
    try await Manager.released { manager in
      try manager.fault(.stackDeploy)
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      // The engine refuses the way back too, so no verdict but failure is true.
      #expect(try run.verdict() == "failed at roll")
      #expect(
        run.said.filter { $0.contains("update out of sequence") }.count == 10, "\(run)")
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
  }

  @Test func `an edge that does not answer brings back the release before`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("", to: "state/certificate")
      try manager.fault(.curl, "https://api.flowrex.app/health")
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(run.said.filter { $0 == "'edge-1' does not answer for api.flowrex.app" }.count == 2)
      // It does not answer for the release before either: that is no roll-back.
      #expect(try run.verdict() == "failed at verification")
      #expect(run.said.last == "failure: deployment ended at 'verification': failed")
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
  }

  @Test(.covers("S18-DEP-04", "C-33"))
  func `what runs must be what the record names`() async throws {
    try await Manager.released { manager in
      try manager.fault(.otherImage, "backend@\(manager.digest("b"))")
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      let zeros = String(repeating: "0", count: 64)
      #expect(
        run.said.contains(
          """
          'backend' runs registry.example.com/backend@sha256:\(zeros), \
          not registry.example.com/backend@\(manager.digest("b"))
          """), "\(run)")
      try expectBack(manager, run, from: "roll")
    }
  }

  @Test func `a first release that does not hold has nowhere to go back to`() async throws {
    try await Manager.empty { manager in
      try manager.fault(.neverReady, "backend@\(manager.digest("a"))")
      let run = try await manager.deploy(
        "a", ["SLIPWAY_ROLL_SECONDS": "12", "SLIPWAY_POLL": "0.3"])
      #expect(run.status == 1)
      #expect(try run.verdict() == "failed at roll")
      #expect(
        run.said.contains("there is no release to go back to; what runs is left as it is"))
      #expect(try manager.recorded("current") == nil)
      #expect(try manager.order().filter { $0 == "stack deploy" }.count == 1)
    }
  }

  private func expectUntouched(
    _ manager: Manager, told: String, asked: [String] = ["gate prod release"]
  ) throws {
    #expect(try manager.order() == asked + ["tell [Flowrex prod] failure: \(told)"])
    #expect(try manager.recorded("current") == manager.commit("a"))
  }

  /// All services run release `a` again, the record still says so, and somebody was told.
  private func expectBack(_ manager: Manager, _ run: Manager.Run, from step: String) throws {
    let text = "bbbbbbbbbbbb did not hold at '\(step)'; the release before it runs again"
    #expect(run.said.contains("going back to aaaaaaaaaaaa"))
    #expect(run.said.contains("rollback: \(text)"))
    #expect(run.said.last == "failure: deployment ended at '\(step)': rolled-back", "\(run)")
    let order = try manager.order()
    #expect(order.filter { $0 == "stack deploy" }.count == 2)
    #expect(order.contains("tell [Flowrex prod] rollback: \(text)"))
    #expect(!order.contains { $0.hasPrefix("config rm") })
    let own = try run.report().services.filter { $0.image.hasPrefix("registry.example.com/") }
    #expect(own.count == 6)
    #expect(own.allSatisfy { $0.image.hasSuffix(manager.digest("a")) })
    #expect(try manager.recorded("current") == manager.commit("a"))
    #expect(try manager.recorded("previous") == nil)
  }
}
