import Foundation
import TestSupport
import Testing

/// Only `slipway-gate` opens sockets. (design §3)
struct NetworkTests {
  private static let trap = "\(packageRoot)/Tests/EvidenceTests/stand-ins/without-sockets.py"

  private func trapped(_ words: [String], in folder: String) async throws -> Tool.Output {
    try await Tool.run("python3", [Self.trap] + words, in: folder)
  }

  @Test func `the trap ends what opens a socket`() async throws {
    let result = try await trapped(
      ["\(packageRoot)/.tools/bin/python3", "-c", "import socket; socket.socket()"],
      in: packageRoot)
    #expect(result.status == 128 + SIGSYS, "\(result)")
  }

  @Test(arguments: [
    ["generate"], ["check"], ["list"], ["explain", "generated/prod/docker-compose.yml:1"],
    ["explain", "network/datastores-stay-private"],
  ])
  func `no command of slipway itself opens a socket`(words: [String]) async throws {
    try await withTemporaryFolder { folder in
      let lock = try String(
        contentsOfFile: "\(packageRoot)/environments/Lock.json", encoding: .utf8)
      try folder.write(lock, to: "environments/Lock.json")
      let program = "\(buildFolder)/slipway"
      if words == ["check"] {
        let made = try await trapped([program, "generate"], in: folder.path)
        #expect(made.status == 0, "\(made)")
      }
      let result = try await trapped([program] + words, in: folder.path)
      #expect(result.status == 0, "\(result)")
    }
  }

  @Test func `slipway is not even linked with what speaks to servers`() async throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(buildFolder)/slipway"))
    #expect(bytes.range(of: Data("FoundationNetworking".utf8)) == nil)
    let gate = try Data(contentsOf: URL(fileURLWithPath: "\(buildFolder)/slipway-gate"))
    #expect(gate.range(of: Data("FoundationNetworking".utf8)) != nil)
  }
}
