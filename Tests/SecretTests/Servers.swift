import Foundation
import TestSupport

/// Servers of other people, on free ports of this machine, ended by their own process ids.
enum Servers {
  struct NotReady: Error { let said: String }

  /// OpenBao in memory, unsealed, with a key-value store at `secret/`.
  static func openBao(
    _ folder: TemporaryFolder, _ body: (_ address: String, _ token: String) async throws -> Void
  ) async throws {
    let token = "root-of-this-test"
    try await serve(
      folder, "bao",
      { port in
        [
          "server", "-dev", "-dev-no-store-token", "-dev-root-token-id=\(token)",
          "-dev-listen-address=127.0.0.1:\(port)",
        ]
      }, path: "/v1/sys/health"
    ) { try await body($0, token) }
  }

  static func moto(
    _ folder: TemporaryFolder, _ body: (_ address: String) async throws -> Void
  ) async throws {
    try await serve(
      folder, "moto_server", { ["--host", "127.0.0.1", "--port", "\($0)"] }, path: "/moto-api/",
      body)
  }

  private static func serve(
    _ folder: TemporaryFolder, _ name: String, _ arguments: (Int) -> [String], path: String,
    _ body: (String) async throws -> Void
  ) async throws {
    let port = try BoundPort.free(1)[0]
    let said = try folder.write("", to: "said-\(name)")
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: said))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(packageRoot)/.tools/bin/\(name)")
    process.arguments = arguments(port)
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8"]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let address = "http://127.0.0.1:\(port)"
    for _ in 0..<600 {
      let asked = try await Tool.run("curl", ["--silent", "--fail", address + path])
      if asked.status == 0 { return try await body(address) }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw NotReady(said: try folder.read("said-\(name)"))
  }
}
