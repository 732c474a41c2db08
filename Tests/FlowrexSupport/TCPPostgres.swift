import Foundation
import Glibc
import TestSupport

/// A real server that is reached as in a deployment: at localhost, with or without TLS. It ends
/// with this process.
package struct TCPPostgres: Sendable {
  package let port: Int
  /// Who signed its certificate.
  package let authorityFile: String
  /// Who signed nothing of it.
  package let otherAuthorityFile: String

  private static let started = Task { try await start() }

  /// The one server of this process.
  package static func server() async throws -> TCPPostgres { try await started.value }

  private static func start() async throws -> TCPPostgres {
    for _ in 0..<5 {
      let port = try BoundPort.free(1)[0]
      let output = try await Tool.script(
        "../Tests/FlowrexSupport/stand-ins/serve-postgres",
        [String(ProcessInfo.processInfo.processIdentifier), String(port)])
      guard output.status == 0 else { continue }
      let folder = output.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
      return TCPPostgres(
        port: port, authorityFile: "\(folder)/authority.pem",
        otherAuthorityFile: "\(folder)/other.pem")
    }
    throw Tool.Failure.notStarted(path: "serve-postgres", reason: "no port")
  }

  /// A database that nobody else knows.
  package func emptyDatabase() async throws -> String {
    let name = "test_\(UInt64.random(in: .min ... .max))"
    try await say("CREATE DATABASE \(name);\n")
    return name
  }

  /// Says SQL as the owner, from another database or in one.
  package func say(_ sql: String, in database: String = "postgres") async throws {
    let output = try await Tool.run(
      "psql",
      [
        "--no-psqlrc", "--host", "127.0.0.1", "--port", String(port), "--username", "flowrex",
        "--set", "ON_ERROR_STOP=1", database,
      ], input: sql)
    guard output.status == 0 else {
      throw Tool.Failure.notStarted(path: "psql", reason: output.description)
    }
  }
}
