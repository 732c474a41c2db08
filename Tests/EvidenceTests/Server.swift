import Foundation
import Synchronization
import TestSupport

/// A server on a free port of this machine, for as long as the closure of `with…` runs; ended by
/// its own process id.
struct Server {
  let port: Int
  let log: String

  /// The value of `--registry-map` that sends a registry here.
  func map(_ registry: String = "registry.example", _ prefix: String = "") -> [String] {
    ["--registry-map", "\(registry)=http://127.0.0.1:\(port)\(prefix)", "--insecure-loopback"]
  }

  /// The requests that came, in their order.
  func requests() throws -> [String] {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  struct NotReady: Error { let said: String }

  /// The stand-in that misbehaves in one way.
  static func with<Result>(
    _ mode: String, certificate: String? = nil, in folder: TemporaryFolder,
    _ body: (Server) async throws -> Result
  ) async throws -> Result {
    let script = "\(packageRoot)/Tests/EvidenceTests/stand-ins/registry.py"
    let log = try folder.write("", to: "requests-\(mode).txt")
    return try await run(
      "python3", [script, mode, log] + (certificate.map { [$0] } ?? []), log: log, in: folder, body)
  }

  /// The real one, with an empty store.
  static func withRegistry<Result>(
    in folder: TemporaryFolder, _ body: (Server) async throws -> Result
  ) async throws -> Result {
    let configuration = try folder.write(
      """
      version: 0.1
      log: {level: info, formatter: text}
      storage:
        filesystem: {rootdirectory: \(folder.path(of: "store"))}
      http: {addr: "127.0.0.1:0"}

      """, to: "registry.yml")
    return try await run(
      "docker-registry", ["serve", configuration], log: folder.path(of: "said.txt"), in: folder,
      body)
  }

  private static func run<Result>(
    _ tool: String, _ arguments: [String], log: String, in folder: TemporaryFolder,
    _ body: (Server) async throws -> Result
  ) async throws -> Result {
    let said = try folder.write("", to: "said.txt")
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: said))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(packageRoot)/.tools/bin/\(tool)")
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "OTEL_TRACES_EXPORTER": "none"]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    // A minute: the interpreter starts late on a machine that is busy with other tests.
    for _ in 0..<3000 {
      let text = try String(contentsOfFile: said, encoding: .utf8)
      if let match = text.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/),
        let port = Int(match.output.1)
      {
        return try await body(Server(port: port, log: log))
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw NotReady(said: try String(contentsOfFile: said, encoding: .utf8))
  }
}
