import Foundation
import TestSupport
import Testing

/// What a job may take, and what becomes of one whose script is gone.
struct JobTests {
  private static func limits(_ words: String) -> [String] {
    let all = words.split(separator: "\n").map(String.init)
    return ["--limit-memory", "--limit-cpu"].compactMap { name in
      all.firstIndex(of: name).map { all[$0 + 1] }
    }
  }

  /// No process has that number: it is above what a kernel gives out.
  private static let left = "flowrex-prod_job-backup-4194305"

  @Test func `work on the whole server has more time and room than a question`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("backup")
      #expect(run.status == 0, "\(run)")
      #expect(
        Self.limits(try manager.folder.read("world/jobs/backup")) == ["2147483648", "2"])
      #expect(Self.limits(try manager.folder.read("world/jobs/base")) == ["4294967296", "2"])
      let door = try await manager.run("certificate", ["renew"])
      #expect(door.status == 0, "\(door)")
      #expect(
        Self.limits(try manager.folder.read("world/jobs/certificate")) == ["1073741824", "1"])
    }
    let texts = try GeneratedScripts().texts
    let common = try #require(texts["common.sh"])
    #expect(
      common.contains("base | verify-copy | restore-to-time | rejoin) echo '43200 2 4294967296'"))
    // A timer waits longer than what it starts.
    let unit = try GeneratedScripts.read("prod/systemd/flowrex-prod-backup.service")
    #expect(unit.contains("\nTimeoutStartSec=68400\n"))
  }

  @Test func `a job that takes too long is ended, and says how long it had`() async throws {
    try await Manager.released { manager in
      try manager.fault(.promote, "running")
      let run = try await manager.run(
        "promote", ["postgres-replica-1"], ["SLIPWAY_JOB_SECONDS": "1"])
      #expect(run.status == 1)
      #expect(
        run.said.contains { $0.wholeMatch(of: /job '.*' did not end within 1 seconds/) != nil },
        "\(run)")
      #expect(try manager.order().contains("end promote"))
    }
  }

  @Test func `a job of a script that was killed is ended by the next one`() async throws {
    try await Manager.released { manager in
      let alive = "flowrex-prod_job-verify-\(ProcessInfo.processInfo.processIdentifier)"
      try manager.folder.write("\(Self.left)\n\(alive)\n", to: "world/left-jobs")
      let run = try await manager.run("backup", ["by-hand"])
      #expect(run.status == 0, "\(run)")
      #expect(try manager.order() == ["end backup", "job backup", "end backup"])
      let create = try #require(try manager.calls().first { $0.contains(" service create ") })
      #expect(create.contains("--label slipway.host="))
    }
  }

  @Test func `whoever runs the next job hears of the one that was left`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("\(Self.left)\n", to: "world/left-jobs")
      let run = try await manager.run("restore-to-time", ["2026-01-01T02:03:04Z"])
      #expect(run.status == 0, "\(run)")
      #expect(
        run.said.contains("job '\(Self.left)' is left from a script that was killed; it is ended"),
        "\(run)")
    }
  }

  @Test(arguments: [("restore-to-time", ["2026-01-01T02:03:04Z"]), ("maintenance", ["on"])])
  func `no job begins beside one that could not be ended`(
    script: String, words: [String]
  ) async throws {
    try await Manager.released { manager in
      try manager.folder.write("\(Self.left)\n", to: "world/left-jobs")
      try manager.fault(.jobEnd)
      let run = try await manager.run(script, words)
      #expect(run.status == 1)
      #expect(
        run.said.contains("job '\(Self.left)' could not be ended; see: docker service ls"),
        "\(run)")
      #expect(try !manager.calls().contains { $0.contains(" service create ") })
    }
  }

  @Test(arguments: ["backup", "restore", "promote", "rejoin", "use-restored", "verify-backup"])
  func `what tells somebody asks for the program that does`(script: String) async throws {
    let words = [
      "restore": ["daily-20260101T020000Z", "--i-accept-losing-writes-since", "2026-01-01T02:00Z"],
      "promote": ["postgres-replica-1"], "rejoin": ["postgres-replica-1"],
      "use-restored": ["--back"],
    ]
    try await Manager.released { manager in
      let run = try await manager.run(script, words[script] ?? [], ["WITHOUT": "curl"])
      #expect(run.status == 1)
      #expect(run.said.last?.contains("missing on this machine:") == true, "\(run)")
      #expect(run.said.last?.contains("curl") == true, "\(run)")
    }
  }
}
