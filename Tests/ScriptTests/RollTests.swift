import Foundation
import TestSupport
import Testing

/// How a deployment meets an engine, a network and people that are not at their best.
struct RollTests {
  @Test func `nobody ends a roll half way`() async throws {
    try await Manager.released { manager in
      try manager.fault(.interrupt)
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      #expect(try run.verdict() == "deployed at cleaning")
      #expect(try manager.recorded("current") == manager.commit("b"))
    }
  }

  @Test func `who is interrupted before the roll has changed nothing, and the next one goes`()
    async throws
  {
    try await Manager.released { manager in
      try manager.fault(.gateWaits)
      async let interrupted = manager.deploy("b")
      try await manager.awaitOrder("gate prod release")
      try manager.interrupt()
      try manager.folder.write("", to: "world/go")
      let run = try await interrupted
      #expect(run.status == 143, "\(run)")
      #expect(try run.verdict() == "refused at gate")
      #expect(
        run.said == ["interrupted", "failure: deployment ended at 'gate': refused"], "\(run)")
      #expect(try manager.recorded("current") == manager.commit("a"))
      try manager.repair(.gateWaits)
      let next = try await manager.deploy("b")
      #expect(next.status == 0, "\(next)")
    }
  }

  @Test func `a restore that is interrupted takes its job along before writers come back`()
    async throws
  {
    try await Manager.released { manager in
      try manager.fault(.restore, "running")
      async let interrupted = manager.run(
        "restore",
        ["daily-20260101T020000Z", "--i-accept-losing-writes-since", "2026-01-01T02:00Z"])
      try await manager.awaitOrder("job restore")
      try manager.interrupt()
      let run = try await interrupted
      #expect(run.status == 143, "\(run)")
      let order = try manager.order().drop { $0 != "job restore" }
      #expect(order.dropFirst().first == "end restore")
      #expect(
        Set(order.dropFirst(2).prefix(2)) == [
          "scale flowrex-prod_backend=5", "scale flowrex-prod_worker=2",
        ])
      #expect(
        order.last == """
          tell [Flowrex prod] failure: the restore of 'daily-20260101T020000Z' \
          did not end well; see its log
          """)
      try manager.expectSilence(run)
    }
  }

  @Test func `a manager that is busy is asked again, a webhook that is deaf stops nothing`()
    async throws
  {
    try await Manager.released { manager in
      try manager.fault(.busy)
      try manager.fault(.curl, "@-")
      let run = try await manager.run("backup", ["by-hand"])
      #expect(run.status == 0, "\(run)")
      let deployed = try await manager.deploy("b")
      #expect(deployed.status == 0, "\(deployed)")
      #expect(deployed.said.contains("nobody could be told"))
      #expect(try deployed.verdict() == "deployed at cleaning")
    }
  }

  @Test func `a release without a webhook is a release`() async throws {
    try await Manager.released { manager in
      try FileManager.default.removeItem(atPath: manager.folder.path(of: "state/webhook"))
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      #expect(try !manager.order().contains { $0.hasPrefix("tell") })
    }
  }

  @Test func `what two releases do not mention is removed, after the verdict`() async throws {
    try await Manager.released { manager in
      let mine = try manager.folder.read("world/configs")
      let old = ["flowrex-prod_long-gone_ba9876543210", "flowrex-prod_nginx.conf_000000000000"]
      try manager.folder.write(mine + old.map { $0 + "\n" }.joined(), to: "world/configs")
      for letter in "0123456789" {
        try manager.folder.write("{}", to: "state/releases/\(manager.commit(letter))/x")
      }
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      let order = try manager.order()
      #expect(order.filter { $0.hasPrefix("config rm ") } == old.map { "config rm \($0)" })
      let asked = try #require(order.lastIndex { $0.hasPrefix("ask ") })
      let removed = try #require(order.firstIndex { $0.hasPrefix("config rm ") })
      #expect(asked < removed)
      #expect(try manager.folder.read("world/configs") == mine)
      let kept = try FileManager.default.contentsOfDirectory(
        atPath: manager.folder.path(of: "state/releases"))
      // The newest ten; this release and the one before it whatever their age.
      #expect(kept.contains(manager.commit("a")) && kept.contains(manager.commit("b")))
      #expect(kept.count == 10 || kept.count == 11)
    }
  }

  @Test func `a job that does not end is not waited for for ever`() async throws {
    try await Manager.released { manager in
      try manager.fault(.migrate, "running")
      let run = try await manager.run(
        "migrate", [try manager.record("b")],
        ["SLIPWAY_JOB_SECONDS": "3", "SLIPWAY_POLL": "0.3"])
      #expect(run.status == 1)
      #expect(
        run.said.contains {
          $0.hasPrefix("job 'flowrex-prod_job-migrate-")
            && $0.hasSuffix("' did not end within 3 seconds")
        },
        "\(run)")
      #expect(try manager.order() == ["job migrate", "end migrate"])
    }
  }

  @Test func `a job that cannot be started is a job that failed`() async throws {
    try await Manager.released { manager in
      try manager.fault(.serviceCreate)
      let run = try await manager.run("migrate", [try manager.record("b")])
      #expect(run.status == 1)
      #expect(run.said.contains { $0.hasSuffix("' could not be started") }, "\(run)")
    }
  }

  @Test func `migrate by hand runs once with the release's own image and keeps its log`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.run("migrate", [try manager.record("b")])
      #expect(run.status == 0, "\(run)")
      #expect(try manager.order() == ["job migrate", "end migrate"])
      #expect(run.said.last == "the schema is what the release needs")
      let call = try #require(try manager.calls().first { $0.contains("service create") })
      #expect(call.contains(" --mode replicated-job --restart-condition none "))
      #expect(call.contains(" --cap-drop ALL --limit-memory 1073741824 --limit-cpu 1 "))
      #expect(call.contains(" --network flowrex-prod_data "))
      #expect(call.contains(" registry.example.com/backend@\(manager.digest("b")) migrate"))
      let logs = try Snapshot(of: manager.folder, "state").texts.filter {
        $0.path.contains("/migration-")
      }
      // The one of release a, and this one, unless both fell into the same second.
      #expect(!logs.isEmpty && logs.allSatisfy { $0.text == "migrated\n" })
    }
  }

  @Test(.covers("S18-DEP-01", "C-33"))
  func `staging has its own stack, names, state and addresses`() async throws {
    try await Manager.released("staging") { manager in
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.order() == [
          "gate staging release", "job backup", "end backup", "job migrate", "end migrate",
          "stack deploy", "ask http://api.staging.flowrex.app/",
          "tell [Flowrex staging] success: bbbbbbbbbbbb runs",
        ])
      #expect(try run.report().services.allSatisfy { $0.name.hasPrefix("flowrex-staging_") })
      let calls = try manager.calls()
      #expect(calls.allSatisfy { !$0.contains("flowrex-prod") && !$0.contains("/prod/") })
    }
  }
}
