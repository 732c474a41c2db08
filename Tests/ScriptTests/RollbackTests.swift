import Foundation
import TestSupport
import Testing

/// `scripts/rollback`. (C-52, C-53, S18-RBK-01 ... 04)
struct RollbackTests {
  /// Release `b` runs after release `a`.
  private func twoReleases(_ body: (Manager) async throws -> Void) async throws {
    try await Manager.released { manager in
      let run = try await manager.deploy("b")
      try #require(run.status == 0, "\(run)")
      try FileManager.default.removeItem(atPath: manager.folder.path(of: "world/order"))
      try await body(manager)
    }
  }

  @Test(
    .covers(
      "S18-RBK-01", "S18-RBK-02", "S18-RBK-03", "S17-PR-03", "S17-CL-DB-02", "S18-CL-DEP-02",
      "S04-RBK-04", "C-52", "C-53"))
  func `the release before comes back, without its data, and the next one before it`()
    async throws
  {
    try await twoReleases { manager in
      let run = try await manager.run("rollback")
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.order() == [
          "gate prod rollback", "stack deploy",
          "ask http://api.flowrex.app/", "ask http://api.flowrex.app/",
          "tell [Flowrex prod] rollback: aaaaaaaaaaaa runs again",
        ])
      #expect(try run.verdict() == "rolled-back at record")
      #expect(try run.report().commit == manager.commit("a"))
      let own = try run.report().services.filter { $0.image.hasPrefix("registry.example.com/") }
      #expect(own.count == 6 && own.allSatisfy { $0.image.hasSuffix(manager.digest("a")) })
      #expect(try manager.recorded("current") == manager.commit("a"))
      // There was nothing before `a`, so there is nothing more to go back to.
      let again = try await manager.run("rollback")
      #expect(again.status == 1)
      #expect(again.said == ["error: no release before this one is recorded"])

      // By its commit the other one can be had again: its files and record are kept.
      let forth = try await manager.run("rollback", [manager.short("b")])
      #expect(forth.status == 0, "\(forth)")
      #expect(try manager.recorded("current") == manager.commit("b"))
      #expect(try manager.recorded("previous") == manager.commit("a"))
      try manager.expectSilence(forth)
    }
  }

  @Test func `a release that nobody recorded is none`() async throws {
    try await Manager.released { manager in
      for (word, said) in [
        ("latest", "error: 'latest' is no commit: 12 to 40 digits"),
        ("../../etc", "error: '../../etc' is no commit: 12 to 40 digits"),
        ("cccccccccccc", "error: no release 'cccccccccccc' is recorded here"),
      ] {
        let run = try await manager.run("rollback", [word])
        #expect(run.status == 1)
        #expect(run.said == [said])
      }
      let run = try await manager.run("rollback")
      #expect(run.status == 1)
      #expect(run.said == ["error: no release before this one is recorded"])
      #expect(try manager.calls().isEmpty)
    }
  }

  @Test func `a release whose files are gone is not half brought back`() async throws {
    try await Manager.released { manager in
      try manager.folder.write(
        try manager.folder.read("state/current.json"), to: "state/previous.json")
      try FileManager.default.removeItem(
        atPath: manager.folder.path(
          of: "state/releases/\(manager.commit("a"))/docker-compose.yml"))
      let run = try await manager.run("rollback")
      #expect(run.status == 1)
      #expect(run.said == ["error: the files of aaaaaaaaaaaa are not kept here"])
      #expect(try manager.order().isEmpty)
    }
  }

  @Test func `the gate may refuse the way back`() async throws {
    try await Manager.released { manager in
      try manager.fault(.gate)
      let run = try await manager.run("rollback", [manager.commit("a")])
      #expect(run.status == 1)
      #expect(try run.verdict() == "refused at gate")
      #expect(run.said.contains("error: the gate refuses to go back to aaaaaaaaaaaa"))
      #expect(
        try manager.order() == [
          "gate prod rollback", "tell [Flowrex prod] failure: rollback ended at 'gate': refused",
        ])
    }
  }

  @Test(.covers("S18-RBK-04"))
  func `a release that does not hold either leaves the one that ran`() async throws {
    try await twoReleases { manager in
      try manager.fault(.rollBack, "backend@\(manager.digest("a"))")
      let run = try await manager.run("rollback")
      #expect(run.status == 1)
      #expect(try run.verdict() == "failed at roll")
      #expect(run.said.contains("aaaaaaaaaaaa does not hold either"))
      #expect(run.said.contains("going back to bbbbbbbbbbbb"))
      #expect(!run.said.contains("nothing holds: see scripts/status"))
      #expect(try manager.order().filter { $0 == "stack deploy" }.count == 2)
      #expect(try manager.recorded("current") == manager.commit("b"))
      let own = try run.report().services.filter { $0.image.hasPrefix("registry.example.com/") }
      #expect(own.allSatisfy { $0.image.hasSuffix(manager.digest("b")) })
    }
  }

  @Test func `a failed deployment keeps its way back for the next one`() async throws {
    try await twoReleases { manager in
      try manager.fault(.rollBack, "backend@\(manager.digest("c"))")
      let run = try await manager.deploy("c")
      #expect(run.status == 1)
      #expect(try run.verdict() == "rolled-back at roll")
      #expect(try manager.recorded("current") == manager.commit("b"))
      #expect(try manager.recorded("previous") == manager.commit("a"))
    }
  }
}
