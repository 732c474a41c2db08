import Foundation
import Glibc
import Synchronization
import TestSupport

/// A real server of one test, on this machine's loopback, with a password that is new each time.
package final class RedisProcess: Sendable {
  package enum Kind: String, Sendable { case plain, tls }

  package let host: String
  package let port: Int
  package let password: String
  private let folder: TemporaryFolder
  private let kind: Kind
  private let process: Mutex<pid_t>

  /// Runs `body` with a server, and ends it.
  package static func run(
    _ kind: Kind = .plain, _ body: (RedisProcess) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let server = try await start(kind, at: "127.0.0.1", nil, folder)
      defer { server.signal(SIGKILL) }
      try await body(server)
    }
  }

  /// Two servers with one port, at two addresses: what may be forgotten, and what may not.
  package static func runTwo(
    _ body: (_ cache: RedisProcess, _ state: RedisProcess) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      try await withTemporaryFolder { other in
        let cache = try await start(.plain, at: "127.0.0.1", nil, folder)
        defer { cache.signal(SIGKILL) }
        let state = try await start(.plain, at: "127.0.0.2", cache, other)
        defer { state.signal(SIGKILL) }
        try await body(cache, state)
      }
    }
  }

  private static func start(
    _ kind: Kind, at host: String, _ beside: RedisProcess?, _ folder: TemporaryFolder
  ) async throws -> RedisProcess {
    let password =
      beside?.password
      ?? (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
    try folder.write(password, to: "password")
    var fault: any Error = Tool.Failure.notStarted(path: "serve-redis", reason: "no port")
    for _ in 0..<5 {
      let port = try beside?.port ?? BoundPort.free(1)[0]
      do {
        let process = try await serve(host, port, folder, kind)
        return RedisProcess(host, port, password, folder, kind, process)
      } catch {
        fault = error
      }
    }
    throw fault
  }

  private static func serve(
    _ host: String, _ port: Int, _ folder: TemporaryFolder, _ kind: Kind
  ) async throws -> pid_t {
    let output = try await Tool.script(
      "../Tests/FlowrexSupport/stand-ins/serve-redis",
      [
        String(ProcessInfo.processInfo.processIdentifier), host, String(port), folder.path,
        kind.rawValue,
      ])
    guard output.status == 0,
      let process = pid_t(output.stdout.trimmingCharacters(in: .whitespacesAndNewlines))
    else { throw Tool.Failure.notStarted(path: "serve-redis", reason: output.description) }
    return process
  }

  private init(
    _ host: String, _ port: Int, _ password: String, _ folder: TemporaryFolder, _ kind: Kind,
    _ process: pid_t
  ) {
    self.host = host
    self.port = port
    self.password = password
    self.folder = folder
    self.kind = kind
    self.process = Mutex(process)
  }

  package var authorityFile: String { folder.path(of: "authority.pem") }
  /// Who signed nothing of it.
  package var otherAuthorityFile: String { folder.path(of: "other.pem") }

  /// Stands still: it is connected to and says nothing.
  package func freeze() { signal(SIGSTOP) }
  package func thaw() { signal(SIGCONT) }

  /// Ends without a word; `start` starts it again where it was, with what it kept.
  package func kill() async throws {
    signal(SIGKILL)
    let process = process.withLock { $0 }
    // It is nobody's child here: it is gone when nobody has its number.
    while Glibc.kill(process, 0) == 0 {
      if state(of: process) == "Z" { break }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  package func start() async throws {
    let process = try await Self.serve(host, port, folder, kind)
    self.process.withLock { $0 = process }
  }

  private func signal(_ number: Int32) { Glibc.kill(process.withLock { $0 }, number) }

  private func state(of process: pid_t) -> Character? {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return nil }
    return stat[end...].dropFirst(2).first
  }
}
