import TestSupport
import Testing

/// The log that the database keeps is proved every night, against a head that is kept outside of
/// it. (S18-AUD-02)
@Suite(.covers("S18-AUD-02")) struct LogTests {
  private static let one = "7:" + String(repeating: "a", count: 64)
  private static let other = "9:" + String(repeating: "b", count: 64)

  private func say(_ head: String, _ manager: Manager) throws {
    try manager.folder.write(
      "the audit log is whole\n\(head)\n", to: "world/said/verify-log")
  }

  private func heads(_ manager: Manager) throws -> [String] {
    try manager.folder.read("state/log-heads").split(separator: "\n").map {
      String($0.split(separator: " ")[1])
    }
  }

  @Test func `each night's head is kept, and told the next night`() async throws {
    try await Manager.released { manager in
      try say(Self.one, manager)
      let first = try await manager.run("verify-log")
      #expect(first.status == 0, "\(first)")
      #expect(first.said.last == "the log of the database is whole, its head is \(Self.one)")
      let asked = try manager.folder.read("world/jobs/verify-log")
      #expect(
        asked.contains(
          "registry.example.com/backend@\(manager.digest("a"))\naudit\nverify\n--report\n"))
      #expect(!asked.contains("--head") && !asked.contains("jwt-secret-key"))
      #expect(try heads(manager) == [Self.one])
      try say(Self.other, manager)
      let second = try await manager.run("verify-log")
      #expect(second.status == 0, "\(second)")
      #expect(
        try manager.folder.read("world/jobs/verify-log").contains("--head\n\(Self.one)\n"))
      // All of them stay: a log that was whole once was whole then.
      #expect(try heads(manager) == [Self.one, Self.other])
      try manager.expectSilence(second)
    }
  }

  @Test func `a log that is not whole is told, and nothing is forgotten`() async throws {
    try await Manager.released { manager in
      try say(Self.one, manager)
      _ = try await manager.run("verify-log")
      try manager.folder.write("audit row 3 was changed\n", to: "world/said/verify-log")
      try manager.fault(.verifyLog, "failed")
      let run = try await manager.run("verify-log")
      #expect(run.status == 1)
      #expect(run.said.contains("audit row 3 was changed"), "\(run)")
      #expect(
        try manager.order().last == """
          tell [Flowrex prod] failure: the log of the database is not proved whole: keep \
          everything as it is, and look
          """)
      #expect(try heads(manager) == [Self.one])
    }
  }

  @Test func `a log that was something and is nothing is told`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("the audit log is empty\n", to: "world/said/verify-log")
      let empty = try await manager.run("verify-log")
      #expect(empty.status == 0 && empty.said.last == "the log of the database is empty")
      try say(Self.one, manager)
      _ = try await manager.run("verify-log")
      try manager.folder.write("the audit log is empty\n", to: "world/said/verify-log")
      let run = try await manager.run("verify-log")
      #expect(run.status == 1)
      #expect(try manager.order().last?.contains("said no head") == true, "\(run)")
    }
  }

  @Test func `heads that somebody changed are no heads`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("2026-01-01T05:00:00Z 7:x\n", to: "state/log-heads")
      let run = try await manager.run("verify-log")
      #expect(run.status == 1)
      #expect(run.said.last?.contains("ends in no head: who changed it?") == true, "\(run)")
      #expect(try !manager.order().contains("job verify-log"))
    }
  }

  @Test(arguments: ["staging", "prod"])
  func `it runs every night`(environment: String) throws {
    let scripts = try GeneratedScripts(environment)
    #expect(scripts.texts["verify-log"]?.hasPrefix("#!") == true)
    let units = "\(environment)/systemd/flowrex-\(environment)-verify-log"
    let timer = try GeneratedScripts.read(units + ".timer")
    #expect(timer.contains("\nOnCalendar=*-*-* 05:00:00 UTC\n"))
    let service = try GeneratedScripts.read(units + ".service")
    #expect(service.contains("/current/scripts/verify-log\n"))
  }
}
