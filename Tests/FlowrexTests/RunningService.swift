import Foundation
import Glibc
import TestSupport
import Testing

/// The real program, on free ports of this machine, ended by its own process id.
final class RunningService: Sendable {
  struct NotStarted: Error { let said: String }

  static let email = "admin@localhost"
  static let password = "correct horse battery"

  let port: Int
  let metricsPort: Int
  private let log: String
  private let process: ServiceProcess

  private struct ServiceProcess: @unchecked Sendable {
    // `Process` is used by one task at a time.
    let process: Process
  }

  /// Starts the service, runs `body`, ends the service.
  ///
  /// - Parameter wasReady: false for one that lives and is not ready before something is done.
  static func run(
    _ variables: [String: String] = [:], wasReady: Bool = true,
    _ body: (RunningService) async throws -> Void
  ) async throws {
    for attempt in 1... {
      do {
        return try await withTemporaryFolder { folder in
          let service = try RunningService(folder, variables)
          defer { service.kill() }
          try await service.awaitHealth(wasReady)
          try await body(service)
        }
      } catch let error as NotStarted where attempt < 5 && error.said.contains("in use") {
        // Somebody else took the port between our look and the start.
      }
    }
  }

  private init(_ folder: TemporaryFolder, _ variables: [String: String]) throws {
    let ports = try BoundPort.free(2)
    (port, metricsPort) = (ports[0], ports[1])
    log = try folder.write("", to: "log")
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(buildFolder)/flowrex")
    process.arguments = ["serve"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LLVM_PROFILE_FILE": "/dev/null",
      "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1", "BACKEND_PORT": "\(port)",
      "METRICS_PORT": "\(metricsPort)", "LOG_FORMAT": "json", "LOG_LEVEL": "info",
      "ADMIN_PASSWORD_HASH": Self.passwordHash,
    ].merging(variables) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    self.process = ServiceProcess(process: process)
  }

  /// bcrypt of ``password``, made with `flowrex user hash`.
  private static let passwordHash = "$2b$12$FFhhC27DdN4R4W0IwoqbMODNc3VVQQP1F7OMvncfYPZmbzQB4imMS"

  func awaitHealth(_ wasReady: Bool = true) async throws {
    for _ in 0..<1_200 {
      // Both ports: they open one after the other.
      if let answer = await ask("GET", "/health/live"),
        answer.body.contains("\"was_ready\":\(wasReady)"),
        await RawClient.ask("GET", "/metrics", port: metricsPort) != nil
      {
        return
      }
      guard process.process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotStarted(said: logText)
  }

  var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

  func ask(
    _ method: String, _ path: String, _ headers: [String] = [], body: String = "",
    host: String? = "localhost"
  ) async -> RawAnswer? {
    await RawClient.ask(method, path, port: port, headers, body: body, host: host)
  }

  func metrics() async throws -> String {
    try #require(await RawClient.ask("GET", "/metrics", port: metricsPort)).body
  }

  /// The value of one series.
  func metric(_ series: String) async throws -> Int? {
    try await metrics().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Int($0.dropFirst(series.count + 1)) }
  }

  struct SignedIn: Sendable {
    let access: String
    /// `name=value` of the refresh cookie.
    let cookie: String
    var bearer: String { "Authorization: Bearer \(access)" }
  }

  static func signIn(_ email: String = email, _ password: String = password) -> String {
    #"{"email":"\#(email)","password":"\#(password)"}"#
  }

  func signedIn() async throws -> SignedIn {
    let answer = try #require(
      await ask("POST", "/api/v1/auth/login", body: Self.signIn()))
    #expect(answer.status == 200, "\(answer)")
    return try signedIn(answer)
  }

  func signedIn(_ answer: RawAnswer) throws -> SignedIn {
    struct Tokens: Decodable { let access_token: String }
    let tokens = try JSONDecoder().decode(Tokens.self, from: Data(answer.body.utf8))
    let cookie = try #require(answer["set-cookie"]?.split(separator: ";").first)
    return SignedIn(access: tokens.access_token, cookie: String(cookie))
  }

  func signal(_ number: Int32) { Glibc.kill(process.process.processIdentifier, number) }

  var isRunning: Bool { process.process.isRunning }

  /// The exit status, after the end.
  func awaitEnd() async throws -> Int32 {
    for _ in 0..<1_200 where process.process.isRunning {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(!process.process.isRunning)
    return process.process.isRunning ? -1 : process.process.terminationStatus
  }

  /// The inodes of the sockets on which this process, and no child of it, listens; by port.
  func listeningPorts() throws -> Set<Int> {
    try Self.listeningPorts(of: process.process.processIdentifier)
  }

  static func listeningPorts(of id: Int32) throws -> Set<Int> {
    let folder = "/proc/\(id)/fd"
    let links = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    }
    let inodes = Set(links.filter { $0.hasPrefix("socket:[") }.map { $0.dropFirst(8).dropLast() })
    var ports: Set<Int> = []
    for file in ["tcp", "tcp6"] {
      let lines = try String(contentsOfFile: "/proc/\(id)/net/\(file)", encoding: .utf8)
        .split(separator: "\n").dropFirst()
      for line in lines {
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", inodes.contains(fields[9]),
          let port = fields[1].split(separator: ":").last.flatMap({ Int($0, radix: 16) })
        else { continue }
        ports.insert(port)
      }
    }
    return ports
  }

  private func kill() {
    guard process.process.isRunning else { return }
    Glibc.kill(process.process.processIdentifier, SIGKILL)
    process.process.waitUntilExit()
  }
}
