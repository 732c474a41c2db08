import Foundation
import TestSupport
import Testing

/// `slipway secrets` on a real engine, under the names that production's files refer to. (F6, F8)
struct EngineTests {
  private struct Said {
    let folder: TemporaryFolder
    subscript(_ name: String) -> String {
      get throws { try folder.read("said/\(name)") }
    }
    func lines(_ name: String) throws -> [String] {
      try self[name].split(separator: "\n").map(String.init)
    }
    func verb(_ name: String) throws -> (status: String, out: String, err: String) {
      (
        try self["\(name).status"].trimmingCharacters(in: .newlines), try self["\(name).out"],
        try self["\(name).err"]
      )
    }
  }

  @Test(.covers("S04-AUTH-06", "S18-HS-07", "S18-CL-SEC-05"), .timeLimit(.minutes(8)))
  func `secrets come to the engine, are rotated, taken back and retired`() async throws {
    try await withTemporaryFolder { folder in
      let script = "\(packageRoot)/Tests/SecretTests/rehearsals/engine.sh"
      let output = try await Tool.script(
        "engine",
        [
          "run", "--swarm", "--timeout", "400", "--", script, packageRoot, folder.path,
          "\(buildFolder)/slipway",
        ], timeout: .seconds(430))
      try #require(output.status == 0, "\(output)")
      let said = Said(folder: folder)
      try expectSynced(said)
      try expectRotated(said)
      try expectTakenBack(said)
      try expectHidden(said, folder)
    }
  }

  private func expectSynced(_ said: Said) throws {
    let issued = try said.verb("issue")
    #expect(issued.status == "0", "\(issued)")
    #expect(try said.verb("status-before").status == "1")
    let weak = try said.verb("sync-weak")
    #expect(weak.status == "1" && weak.err.contains("JWT_SECRET_KEY has at most"), "\(weak)")
    #expect(try said["sync-weak.secrets"].isEmpty)
    let synced = try said.verb("sync")
    let names = try String(
      contentsOfFile: "\(packageRoot)/generated/prod/docker-compose.yml", encoding: .utf8
    ).components(separatedBy: "\nsecrets:\n")[1].components(separatedBy: "\nconfigs:\n")[0]
    .split(separator: "\n").filter { $0.contains(" name: ") }
    .map { String($0.drop { $0 == " " }.dropFirst("name: ".count)) }
    #expect(synced.out == "prod: \(names.count) secrets created\n", "\(synced)")
    // The verb, the stack's file and the generated check name the same secrets.
    #expect(try said.lines("first.secrets") == names.sorted())
    #expect(try said.verb("sync-again").out == "prod: 0 secrets created\n")
    let running = try said.verb("status-running")
    #expect(running.status == "0", "\(running)")
    #expect(running.out.contains("jwt-secret-key v1: fine\n"))
  }

  private func expectRotated(_ said: Said) throws {
    let nothing = try said.verb("rotate-nothing")
    #expect(
      nothing.status == "1"
        && nothing.err.hasPrefix("error: JWT_SECRET_KEY is at version 1 in 'prod'"), "\(nothing)")
    let same = try said.verb("rotate-same")
    #expect(same.status == "1" && same.err.contains("still has the value"), "\(same)")
    let rotated = try said.verb("rotate")
    #expect(rotated.status == "0", "\(rotated)")
    #expect(
      rotated.err == """
        created flowrex-prod_jwt-secret-key_v2
        'backend' runs with flowrex-prod_jwt-secret-key_v2
        retired flowrex-prod_jwt-secret-key_v1

        """)
    let (old, new) = (try said.lines("first.read"), try said.lines("second.read"))
    #expect(old.count == 2 && new.count == 2 && Set(new).count == 1, "\(new)")
    #expect(old.first != new.first)
    #expect(
      try said.lines("second.mounts") == [
        "flowrex-prod_backend flowrex-prod_jwt-secret-key_v2 1000:1000:256",
        "flowrex-prod_redis-cache flowrex-prod_redis-password_v1 999:999:256",
      ])
  }

  private func expectTakenBack(_ said: Said) throws {
    let sick = try said.verb("rotate-sick")
    #expect(sick.status == "1", "\(sick)")
    #expect(sick.err.contains("error: the engine took 'backend' back: rollback_"), "\(sick)")
    #expect(sick.err.contains("all readers have the version before it"), "\(sick)")
    #expect(try said["sick.mounts"] == (try said["second.mounts"]))
    #expect(try said.lines("sick.read").first == (try said.lines("second.read").first))
    #expect(try said.lines("sick.secrets").contains("flowrex-prod_jwt-secret-key_v2"))
    let locked = try said.verb("rotate-locked")
    #expect(
      locked.err == "refused: another script works on prod; wait for it to end\n", "\(locked)")
    let mended = try said.verb("rotate-mended")
    #expect(mended.status == "0", "\(mended)")
    let left = try said.lines("mended.secrets").filter { $0.contains("_jwt-secret-key_") }
    #expect(left == ["flowrex-prod_jwt-secret-key_v4"])
    #expect(try said.lines("mended.read").count == 2)
  }

  /// No value is in an argument or a variable of the client, or in what was said.
  private func expectHidden(_ said: Said, _ folder: TemporaryFolder) throws {
    let canaries = try folder.read("canaries").split(separator: "\n").map(String.init)
    #expect(canaries.count > 20)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "said"))
    #expect(names.contains("given"))
    for name in names where !name.hasSuffix(".read") {
      let text = try said[name]
      #expect(!canaries.contains(where: text.contains), "\(name)")
    }
  }
}
