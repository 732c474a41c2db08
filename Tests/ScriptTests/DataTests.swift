import Foundation
import TestSupport
import Testing

/// What is done with the database from the manager: the jobs themselves are run by
/// `DatabaseJobTests`. (C-18, C-19, C-52, S18-BKP-01 ... 12)
struct DataTests {
  private static let backup = "daily-20260101T020000Z"
  private static let consent = ["--i-accept-losing-writes-since", "2026-01-01T02:00Z"]
  private static let writers = ["backend", "worker"]

  @Test(.covers("S18-BKP-01", "S18-BKP-04"))
  func `the nightly backup is a dump and a copy, and counts when it says so`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("backup")
      #expect(run.status == 0, "\(run)")
      #expect(try manager.order() == ["job backup", "end backup", "job base", "end base"])
      #expect(
        run.said.contains {
          $0.wholeMatch(
            of: /backup 'daily-\d{8}T\d{6}Z' is in the object store: \{"name":"daily-.*"bytes":5\}/)
            != nil
        }, "\(run)")
      #expect(run.said.last == #"the server is copied: {"kind":"full","bytes":7}"#)
      let metric = "flowrex_backup_size_bytes"
      #expect(try manager.metric("\(metric)-backuplogical") == #"\#(metric){backup="logical"} 5"#)
      #expect(try manager.metric("\(metric)-backupphysical") == #"\#(metric){backup="physical"} 7"#)
      for kind in ["logical", "physical"] {
        for name in ["last_success_timestamp", "duration"] {
          #expect(
            try manager.metric("flowrex_backup_\(name)_seconds-backup\(kind)") != nil,
            "\(name) \(kind)")
        }
      }
      #expect(try manager.folder.read("state/last-backup.json").contains(#""bytes":5"#))
      try manager.expectSilence(run)
    }
  }

  @Test func `a job reads the database's secrets as files of its own user`() async throws {
    try await Manager.released { manager in
      _ = try await manager.run("backup", ["by-hand"])
      let words = try manager.folder.read("world/jobs/backup").split(separator: "\n")
      let secrets = words.filter {
        $0.hasPrefix("source=flowrex-prod_") && $0.contains("mode=0400")
      }
      #expect(
        secrets.map { $0.split(separator: ",")[1] } == [
          "target=/run/secrets/postgres-superuser-password",
          "target=/run/secrets/postgres-replication-password",
          "target=/run/secrets/backup-cipher-key", "target=/run/secrets/backup-s3-access-key",
          "target=/run/secrets/backup-s3-secret-key", "target=/run/secrets/inside-ca",
        ])
      #expect(secrets.allSatisfy { $0.hasSuffix("uid=999,gid=999,mode=0400") })
      #expect(words.contains("node.hostname==data-1"))
      #expect(words.contains("registry.example.com/postgres@\(manager.digest("a"))"))
      // What it runs is the generated job, to the letter.
      let text = try manager.folder.read("generated/prod/scripts/jobs/backup.sh")
      #expect(try manager.folder.read("world/jobs/backup").contains(text.dropLast()))
    }
  }

  @Test(arguments: ["", "{\"bytes\":0}", "{\"bytes\":5}", "not even JSON"])
  func `a backup that says nothing of itself is none`(result: String) async throws {
    try await Manager.released { manager in
      try FileManager.default.removeItem(atPath: manager.folder.path(of: "metrics"))
      let before = try manager.folder.read("state/last-backup.json")
      try manager.folder.write("result \(result)\n", to: "world/said/backup")
      let run = try await manager.run("backup")
      #expect(run.status == 1)
      let reason =
        result.contains("5")
        ? "the logical backup has no digest, so it counts as none"
        : "the logical backup says nothing about itself, so it counts as none"
      #expect(run.said.last == "failure: \(reason)", "\(run)")
      #expect(
        try manager.order() == [
          "job backup", "end backup", "tell [Flowrex prod] failure: \(reason)",
        ])
      #expect(try manager.folder.read("state/last-backup.json") == before)
    }
  }

  @Test func `a server that could not be copied is told, and the dump is kept`() async throws {
    try await Manager.released { manager in
      try manager.fault(.base, "failed")
      let run = try await manager.run("backup")
      #expect(run.status == 1)
      #expect(
        run.said.last?.wholeMatch(
          of: /failure: the server was not copied; the dump 'daily-\d{8}T\d{6}Z' was taken/)
          != nil, "\(run)")
    }
  }

  @Test func `a name that means more than a name is no name of a backup`() async throws {
    try await Manager.released { manager in
      for name in ["../x", "a b", "x;rm", "-x", "A"] {
        let run = try await manager.run("backup", [name])
        #expect(run.status == 1)
        #expect(run.said.first?.hasSuffix("' is no name of a backup") == true, "\(run)")
      }
      let run = try await manager.run("verify-backup", ["latest"])
      #expect(run.said == ["error: 'latest' is no name of a backup"])
      #expect(try manager.calls().isEmpty)
    }
  }

  @Test(.covers("S17-CL-DB-03", "S18-HS-04"))
  func `a backup counts after it was restored and compared`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("tables 2\nverified \(Self.backup)\n", to: "world/said/verify")
      try manager.forgetMetric("flowrex_backup_last_verified_timestamp_seconds-backupphysical")
      let run = try await manager.run("verify-backup", [Self.backup])
      #expect(run.status == 0, "\(run)")
      #expect(run.said == ["backup '\(Self.backup)' was restored and compared"])
      #expect(
        try manager.metric("flowrex_backup_last_verified_timestamp_seconds-backuplogical") != nil)
      #expect(
        try manager.metric("flowrex_backup_last_verified_timestamp_seconds-backupphysical") == nil)
      try manager.expectSilence(run)
    }
  }

  @Test func `without a name the newest one that was taken here is verified`() async throws {
    try await Manager.released { manager in
      try manager.folder.write(#"{"name":"\#(Self.backup)"}"#, to: "state/last-backup.json")
      try manager.folder.write("verified \(Self.backup)\n", to: "world/said/verify")
      try manager.forgetMetric("flowrex_backup_last_verified_timestamp_seconds-backupphysical")
      let run = try await manager.run("verify-backup")
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.metric("flowrex_backup_last_verified_timestamp_seconds-backupphysical") != nil)
      try FileManager.default.removeItem(
        atPath: manager.folder.path(of: "state/last-backup.json"))
      let none = try await manager.run("verify-backup")
      #expect(none.status == 1)
      #expect(none.said == ["error: no backup was taken here yet"])
    }
  }

  /// A job that fails, and one that ends well without having said what it verified.
  @Test(arguments: ["failed", "complete"])
  func `a backup that does not restore is none, and somebody is told`(end: String) async throws {
    try await Manager.released { manager in
      try manager.fault(.verify, end)
      try manager.folder.write(
        "what was restored is not what was dumped\n", to: "world/said/verify")
      let metric = "flowrex_backup_last_verified_timestamp_seconds-backuplogical"
      // Of the first release, whose backup was restored.
      try FileManager.default.removeItem(atPath: manager.folder.path(of: "metrics/\(metric).prom"))
      let run = try await manager.run("verify-backup", [Self.backup])
      #expect(run.status == 1)
      #expect(run.said.contains("what was restored is not what was dumped"))
      let text = "backup '\(Self.backup)' could not be restored: it is none"
      #expect(run.said.last == "failure: \(text)")
      #expect(try manager.order().last == "tell [Flowrex prod] failure: \(text)")
      #expect(try manager.metric(metric) == nil)
    }
  }

  /// A job that fails, and one that ends well without having said what it verified.
  @Test(arguments: ["failed", "complete"])
  func `copies of the server that are not whole count for nothing`(end: String) async throws {
    try await Manager.released { manager in
      try manager.folder.write(#"{"name":"\#(Self.backup)"}"#, to: "state/last-backup.json")
      try manager.folder.write("verified \(Self.backup)\n", to: "world/said/verify")
      try manager.folder.write("nothing\n", to: "world/said/verify-copy")
      try manager.forgetMetric("flowrex_backup_last_verified_timestamp_seconds-backupphysical")
      try manager.fault(.verifyCopy, end)
      let run = try await manager.run("verify-backup")
      #expect(run.status == 1)
      #expect(
        run.said.last == """
          failure: the copies of the server or their log are not whole: no moment can be restored
          """)
      #expect(
        try manager.metric("flowrex_backup_last_verified_timestamp_seconds-backupphysical") == nil)
    }
  }

  @Test(.covers("S18-BKP-07", "S04-RBK-05", "C-52"))
  func `nothing is restored until it is said which writes are lost`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run(
        "restore", [Self.backup, Self.consent[0], "2026-01-01T03:00Z"])
      #expect(run.status == 1)
      #expect(
        run.said == [
          """
          error: that backup is from 2026-01-01T02:00Z: every write since then is lost; \
          say so to go on
          """
        ])
      #expect(try manager.calls().isEmpty)
    }
  }

  @Test(.covers("S18-BKP-10", "S18-BKP-12"))
  func `a restore stops all writers after a backup and starts them again`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 0, "\(run)")
      let text = "restored '\(Self.backup)'; the database before it is kept beside it"
      var order = try manager.order()
      // Bash walks a map as it likes.
      order[10...11].sort()
      #expect(
        order == [
          "job backup", "end backup", "scale flowrex-prod_backend=0",
          "scale flowrex-prod_worker=0", "job restore", "end restore", "job settle-schema",
          "end settle-schema", "job settle", "end settle",
          "scale flowrex-prod_backend=5", "scale flowrex-prod_worker=2",
          "tell [Flowrex prod] success: \(text)",
        ])
      #expect(run.said.contains("success: \(text)"))
      // With the words and the image of the release that runs, and what those words read.
      let settling = try manager.folder.read("world/jobs/settle")
      let image = "registry.example.com/backend@\(manager.digest("a"))"
      #expect(settling.contains("\(image)\nuser\nend-sessions\n"))
      #expect(settling.contains("/run/secrets/database-password"))
      #expect(!settling.contains("jwt-secret-key") && !settling.contains("redis"))
      try manager.expectSilence(run)
    }
  }

  /// Whoever was signed out since the backup would be in again.
  @Test(.covers("C-52"), arguments: [Manager.Fault.settle, .settleSchema])
  func `that sessions of the backup live is said loudly`(fault: Manager.Fault) async throws {
    try await Manager.released { manager in
      try manager.fault(fault, "failed")
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 1)
      #expect(
        run.said.contains(
          "error: who was signed in when '\(Self.backup)' was taken is so again: end it by hand"))
      #expect(try manager.order().contains("scale flowrex-prod_backend=5"))
    }
  }

  @Test func `writers come back after a restore that failed`() async throws {
    try await Manager.released { manager in
      try manager.fault(.restore, "failed")
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 1)
      let order = try manager.order()
      #expect(order.contains("scale flowrex-prod_backend=5"))
      #expect(order.contains("scale flowrex-prod_worker=2"))
      #expect(
        order.last == """
          tell [Flowrex prod] failure: the restore of '\(Self.backup)' did not end well; see its log
          """)
    }
  }

  @Test func `a writer that does not start again is named`() async throws {
    try await Manager.released { manager in
      try manager.fault(.scale, "flowrex-prod_backend=5")
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 1)
      #expect(run.said.contains("error: 'backend' must be started by hand: 5 replicas"), "\(run)")
      #expect(try manager.order().contains("scale flowrex-prod_worker=2"))
    }
  }

  @Test func `without a backup of what is there, nothing is restored`() async throws {
    try await Manager.released { manager in
      try manager.fault(.backup, "failed")
      let run = try await manager.run("restore", [Self.backup] + Self.consent)
      #expect(run.status == 1)
      #expect(run.said.last == "error: no backup, no restore")
      #expect(try !manager.order().contains { $0.hasPrefix("scale") || $0 == "job restore" })
    }
  }
}
