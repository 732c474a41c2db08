import Foundation
import TestSupport
import Testing

/// A primary that is lost, and its way back, from the manager: what the jobs do to data is driven
/// by `DatabaseJobTests`. (engine fact F17)
struct PromotionTests {
  private static let refusal =
    "exchange the nodes in the specification, as the promotion did"

  @Test func `the primary's name goes to the data of the replica, after the old one ended`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.run("promote", ["postgres-replica-1"])
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.order() == [
          "scale flowrex-prod_postgres-primary=0", "job promote", "end promote",
          "scale flowrex-prod_postgres-replica-1=0",
          "move flowrex-prod_postgres-primary flowrex-prod_postgres-data-2 data-2",
          "job accept", "end accept",
          """
          tell [Flowrex prod] success: the primary is on 'data-2' now, with the data that \
          'postgres-replica-1' had
          """,
        ])
      let words = try manager.folder.read("world/jobs/promote").split(separator: "\n")
      #expect(words.contains("REPLICA=postgres-replica-1"))
      #expect(words.contains("OTHERS=postgres-replica-2"))
      let move = try #require(try manager.calls().first { $0.contains(" service update ") })
      // The engine would put the old data back by itself.
      #expect(move.contains("--update-failure-action pause"))
      #expect(move.contains("--constraint-rm node.hostname == data-1"))
      #expect(!manager.exists("state/promoting"))
    }
  }

  @Test func `promote, rejoin, exchange and deploy, and nothing starts on older data`()
    async throws
  {
    try await Manager.released { manager in
      let promoted = try await manager.run("promote", ["postgres-replica-1"])
      #expect(promoted.status == 0, "\(promoted)")
      // Neither a release that knows nothing of it, nor one that was exchanged too early.
      let early = try await manager.deploy("b")
      #expect(early.status == 1)
      #expect(
        early.said.contains(
          """
          the data of 'postgres-primary' is on 'data-2', and this release looks for it on \
          'data-1': \(Self.refusal)
          """), "\(early)")
      try Self.exchange(manager)
      let half = try await manager.deploy("b")
      #expect(half.status == 1)
      #expect(
        half.said.contains(
          """
          'postgres-replica-1' has no data of its own yet: run scripts/rejoin postgres-replica-1 \
          first
          """
        ), "\(half)")
      #expect(try !manager.order().contains("stack deploy"))
      let joined = try await manager.run("rejoin", ["postgres-replica-1"])
      #expect(joined.status == 0, "\(joined)")
      #expect(
        try manager.order().contains(
          "move flowrex-prod_postgres-replica-1 flowrex-prod_postgres-data-1 data-1"))
      let words = try manager.folder.read("world/jobs/rejoin").split(separator: "\n")
      #expect(words.contains("node.hostname==data-1"))
      #expect(
        words.contains(
          "type=volume,source=flowrex-prod_postgres-data-1,target=/var/lib/postgresql/data"))
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.folder.read("world/places").contains(
          "flowrex-prod_postgres-primary flowrex-prod_postgres-data-2 data-2"))
      // The release before the promotion comes back without moving a server.
      let back = try await manager.run("rollback")
      #expect(back.status == 0, "\(back)")
      #expect(back.said.contains("'postgres-primary' stays on 'data-2', where its data is"))
      #expect(
        try manager.folder.read("world/places").contains(
          "flowrex-prod_postgres-primary flowrex-prod_postgres-data-2 data-2"))
    }
  }

  /// What an engineer does in the specification.
  private static func exchange(_ manager: Manager) throws {
    for name in ["docker-compose.yml", "scripts/jobs/places.list"] {
      let path = "generated/prod/\(name)"
      let text = try manager.folder.read(path)
      var part = ""
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        if line.hasPrefix("  postgres-") || line.hasPrefix("postgres-") { part = String(line) }
        let starts = line.hasPrefix("  ") && !line.hasPrefix("   ")
        if starts, !line.hasPrefix("  postgres-") { part = "" }
        guard part.contains("postgres-primary") || part.contains("postgres-replica-1") else {
          return String(line)
        }
        return String(line).replacing("data-1", with: "data-X")
          .replacing("data-2", with: "data-1").replacing("data-X", with: "data-2")
      }
      try manager.folder.write(lines.joined(separator: "\n"), to: path)
    }
  }

  @Test func `two primaries are worse than none`() async throws {
    try await Manager.released { manager in
      try manager.fault(.stillRuns, "data-1")
      let hurry = ["SLIPWAY_STOP_SECONDS": "0"]
      let run = try await manager.run("promote", ["postgres-replica-2"], hurry)
      #expect(run.status == 1)
      #expect(
        run.said.suffix(2) == [
          "'postgres-primary' may still run on 'data-1'",
          """
          error: the primary may still run. Switch off its machine, wait until 'docker node ls' \
          calls it Down, then: scripts/promote postgres-replica-2 --fenced NODE. A machine that \
          will never come back is forgotten by: docker node rm --force NODE
          """,
        ], "\(run)")
      #expect(try !manager.order().contains("job promote"))

      // The word of a person is not enough while the engine sees the machine.
      let words = ["postgres-replica-2", "--fenced", "data-1"]
      let alive = try await manager.run("promote", words, hurry)
      #expect(alive.status == 1)
      #expect(
        alive.said.last == "error: 'data-1' is 'Ready', not 'Down': switch it off before you say so"
      )
      let unknown = try await manager.run("promote", [words[0], words[1], "nowhere"], hurry)
      #expect(unknown.status == 1)
      #expect(unknown.said.last?.hasPrefix("error: 'nowhere' is 'unknown', not 'Down'") == true)
      try manager.folder.write("data-2 Down\n", to: "world/nodes")
      let other = try await manager.run("promote", [words[0], words[1], "data-2"], hurry)
      #expect(other.status == 1)
      #expect(try !manager.order().contains("job promote"))

      // Its tasks are 'Running' for ever, and that is what the word is for.
      try manager.folder.write("data-1 Down\n", to: "world/nodes")
      try manager.fault(.stillRuns, "data-1")
      let lost = try await manager.run("promote", words, hurry)
      #expect(try manager.order().contains("job promote"), "\(lost)")
    }
  }

  @Test func `a replica that cannot be promoted leaves the primary's data where it is`()
    async throws
  {
    try await Manager.released { manager in
      let other = try await manager.run("promote", ["postgres-primary"])
      #expect(other.status == 1)
      #expect(other.said == ["error: 'postgres-primary' is no replica of prod"])
      try manager.fault(.promote, "failed")
      let failed = try await manager.run("promote", ["postgres-replica-2"])
      #expect(failed.status == 1)
      #expect(
        failed.said.last == """
          error: 'postgres-replica-2' could not be promoted; the old primary may be started \
          again: docker service scale flowrex-prod_postgres-primary=1
          """)
      #expect(try !manager.order().contains { $0.hasPrefix("move ") })
    }
  }

  @Test func `a promotion that failed half way is finished by the same command`() async throws {
    try await Manager.released { manager in
      try manager.fault(.serviceUpdate)
      let run = try await manager.run("promote", ["postgres-replica-1"])
      #expect(run.status == 1)
      #expect(run.said.last == "error: run it again: scripts/promote postgres-replica-1")
      try manager.repair(.serviceUpdate)
      let again = try await manager.run("promote", ["postgres-replica-1"])
      #expect(again.status == 0, "\(again)")
      #expect(try manager.order().filter { $0 == "job promote" }.count == 1)
      #expect(!manager.exists("state/promoting"))
    }
  }

  @Test func `no copy is made on a machine that is away, and a failed one starts nothing`()
    async throws
  {
    try await Manager.released { manager in
      try manager.folder.write("data-3 Down\n", to: "world/nodes")
      let run = try await manager.run("rejoin", ["postgres-replica-2"])
      #expect(run.status == 1)
      #expect(
        run.said.last == """
          error: 'data-3' is 'Down', not 'Ready': mend it first, or take it out of the \
          specification and deploy
          """)
      #expect(try manager.order().isEmpty)
      try manager.fault(.rejoin, "failed")
      let failed = try await manager.run("rejoin", ["postgres-replica-1", "--discard"])
      #expect(failed.status == 1)
      #expect(
        failed.said.last
          == "error: 'postgres-replica-1' has no copy; see above, and run it again")
      #expect(try !manager.order().contains { $0.hasPrefix("move ") })
      #expect(try manager.folder.read("world/jobs/rejoin").contains("\nDISCARD=yes\n"))
    }
  }

  @Test func `a copy is of the volume on which the primary is now`() async throws {
    try await Manager.released { manager in
      _ = try await manager.run("promote", ["postgres-replica-1"])
      let run = try await manager.run("backup")
      #expect(run.status == 0, "\(run)")
      let words = try manager.folder.read("world/jobs/base").split(separator: "\n")
      #expect(words.contains("node.hostname==data-2"))
      #expect(
        words.contains(
          "type=volume,source=flowrex-prod_postgres-data-2,target=/var/lib/postgresql/data,readonly"
        ))
    }
  }
}
