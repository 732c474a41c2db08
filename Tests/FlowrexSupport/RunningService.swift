import Foundation
import TestSupport
import Testing

/// The real program, on free ports of this machine, ended by its own process id.
package final class RunningService: Sendable {
  package struct NotStarted: Error { package let said: String }

  package static let email = "admin@localhost"
  package static let password = "correct horse battery"

  package let port: Int
  package let metricsPort: Int
  private let process: RunningProcess

  /// Starts the service, runs `body`, ends the service.
  ///
  /// - Parameter wasReady: false for one that lives and is not ready before something is done.
  package static func run(
    _ variables: [String: String] = [:], wasReady: Bool = true,
    _ body: (RunningService) async throws -> Void
  ) async throws {
    for attempt in 1... {
      do {
        return try await withTemporaryFolder { folder in
          let service = try RunningService(folder, variables)
          defer { service.process.kill() }
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
    process = try RunningProcess(
      "flowrex", ["serve"], in: folder,
      [
        "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1", "BACKEND_PORT": "\(port)",
        "METRICS_PORT": "\(metricsPort)", "LOG_FORMAT": "json", "LOG_LEVEL": "info",
        "ADMIN_PASSWORD_HASH": Self.passwordHash,
      ].merging(variables) { $1 })
  }

  /// bcrypt of ``password``, made with `flowrex user hash`.
  private static let passwordHash = "$2b$12$FFhhC27DdN4R4W0IwoqbMODNc3VVQQP1F7OMvncfYPZmbzQB4imMS"

  package func awaitHealth(_ wasReady: Bool = true) async throws {
    for _ in 0..<1_200 {
      // Both ports: they open one after the other.
      if let answer = await ask("GET", "/health/live"),
        answer.body.contains("\"was_ready\":\(wasReady)"),
        await RawClient.ask("GET", "/metrics", port: metricsPort) != nil
      {
        return
      }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotStarted(said: logText)
  }

  package var logText: String { process.logText }

  package func ask(
    _ method: String, _ path: String, _ headers: [String] = [], body: String = "",
    host: String? = "localhost"
  ) async -> RawAnswer? {
    await RawClient.ask(method, path, port: port, headers, body: body, host: host)
  }

  package func metrics() async throws -> String {
    try #require(await RawClient.ask("GET", "/metrics", port: metricsPort)).body
  }

  /// The value of one series.
  package func metric(_ series: String) async throws -> Int? {
    try await metrics().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Int($0.dropFirst(series.count + 1)) }
  }

  package struct SignedIn: Sendable {
    package let access: String
    /// `name=value` of the refresh cookie.
    package let cookie: String
    package var bearer: String { "Authorization: Bearer \(access)" }
  }

  package static func signIn(_ email: String = email, _ password: String = password) -> String {
    #"{"email":"\#(email)","password":"\#(password)"}"#
  }

  package func signedIn() async throws -> SignedIn {
    let answer = try #require(
      await ask("POST", "/api/v1/auth/login", body: Self.signIn()))
    #expect(answer.status == 200, "\(answer)")
    return try signedIn(answer)
  }

  package func signedIn(_ answer: RawAnswer) throws -> SignedIn {
    struct Tokens: Decodable { let access_token: String }
    let tokens = try JSONDecoder().decode(Tokens.self, from: Data(answer.body.utf8))
    let cookie = try #require(answer["set-cookie"]?.split(separator: ";").first)
    return SignedIn(access: tokens.access_token, cookie: String(cookie))
  }

  package func signal(_ number: Int32) { process.signal(number) }

  package var isRunning: Bool { process.isRunning }

  package func awaitEnd() async throws -> Int32 { try await process.awaitEnd() }

  package func listeningPorts() throws -> Set<Int> { try process.listeningPorts() }
}
