import TestSupport
import Testing

/// A moment of the past, from the manager. (engine fact F18, C-19)
struct RestoreToTimeTests {
  private static let moment = "2026-01-01T02:03:04Z"
  private static let use = [moment, "--i-accept-losing-writes-since", moment]

  @Test func `a moment is restored beside the server, and nothing is started`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("restore-to-time", [Self.moment])
      #expect(run.status == 0, "\(run)")
      #expect(
        run.said.last == "to use it: scripts/use-restored \(Self.use.joined(separator: " "))")
      #expect(
        try manager.order() == [
          "job restore-to-time", "end restore-to-time",
          """
          tell [Flowrex prod] success: the data of \(Self.moment) is beside the primary's on \
          'data-1'
          """,
        ])
      let words = try manager.folder.read("world/jobs/restore-to-time").split(separator: "\n")
      #expect(words.contains("node.hostname==data-1"))
      #expect(words.contains("TARGET_TIME=2026-01-01 02:03:04Z"))
      #expect(
        words.contains(
          "type=volume,source=flowrex-prod_postgres-data-1,target=/var/lib/postgresql/data"))
    }
  }

  @Test func `no moment that is none, and none to come`() async throws {
    try await Manager.released { manager in
      for (moment, said) in [
        ("2999-01-01T00:00:00Z", "error: '2999-01-01T00:00:00Z' is in the future"),
        ("2026-13-41T00:00:00Z", "error: '2026-13-41T00:00:00Z' is no moment"),
      ] {
        let run = try await manager.run("restore-to-time", [moment])
        #expect(run.status == 1)
        #expect(run.said.last == said, "\(run)")
      }
      try manager.fault(.restoreToTime, "failed")
      let run = try await manager.run("restore-to-time", [Self.moment])
      #expect(run.status == 1)
      #expect(
        run.said.last == """
          error: the moment \(Self.moment) could not be restored; the server goes on as it was
          """)
    }
  }

  @Test func `what was restored takes the primary's place, and everybody is given it`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.run("use-restored", Self.use)
      #expect(run.status == 0, "\(run)")
      let order = try manager.order()
      #expect(
        Array(order.prefix(18)) == [
          "job use-restored", "end use-restored",
          "scale flowrex-prod_backend=0", "scale flowrex-prod_worker=0",
          "scale flowrex-prod_postgres-replica-1=0", "scale flowrex-prod_postgres-replica-2=0",
          "scale flowrex-prod_postgres-primary=0", "job use-restored", "end use-restored",
          "move flowrex-prod_postgres-primary flowrex-prod_postgres-data-1 data-1",
          "job accept", "end accept", "job settle-schema", "end settle-schema", "job settle",
          "end settle", "scale flowrex-prod_postgres-replica-1=0", "job rejoin",
        ])
      #expect(order.filter { $0 == "job follows" }.count == 2)
      #expect(
        order.last == """
          tell [Flowrex prod] success: the primary has the data of \(Self.moment); compare before \
          the doors open
          """)
      #expect(order.contains("scale flowrex-prod_backend=5"))
      #expect(try manager.folder.read("world/jobs/rejoin").contains("\nDISCARD=yes\n"))
    }
  }

  @Test func `nothing stops until it is said which writes are lost, and the data is there`()
    async throws
  {
    try await Manager.released { manager in
      let words = [Self.moment, Self.use[1], "2026-01-01T02:03:05Z"]
      let other = try await manager.run("use-restored", words)
      #expect(other.status == 1)
      #expect(
        other.said == ["error: every write since \(Self.moment) is lost; say so to go on"])
      #expect(try manager.calls().isEmpty)
      try manager.fault(.useRestored, "failed")
      let run = try await manager.run("use-restored", Self.use)
      #expect(run.status == 1)
      #expect(run.said.last == "error: nothing was changed")
      #expect(try !manager.order().contains { $0.hasPrefix("scale ") })
    }
  }

  @Test func `writers run again although the moment does not come up`() async throws {
    try await Manager.released { manager in
      try manager.fault(.accept, "failed")
      let run = try await manager.run("use-restored", ["--back"])
      #expect(run.status == 1)
      let order = try manager.order()
      #expect(order.contains("scale flowrex-prod_backend=5"))
      #expect(order.contains("scale flowrex-prod_worker=2"))
      #expect(
        order.last == """
          tell [Flowrex prod] failure: the exchange of the primary's data did not end well; see \
          its log
          """)
      #expect(try manager.folder.read("world/jobs/use-restored").contains("\nACTION=back\n"))
    }
  }
}
