import FlowrexSupport
import Foundation
import TestSupport
import Testing

/// The real console, on free ports of this machine, before an API.
final class RunningConsole: Sendable {
  struct NotStarted: Error { let said: String }

  let port: Int
  let metricsPort: Int
  private let process: RunningProcess

  /// As a browser names it: forms are believed from here.
  var home: String { "http://localhost:\(port)" }

  /// Starts the console, runs `body`, ends the console.
  ///
  /// - Parameters:
  ///   - api: The port of the API.
  ///   - port: Its own, when the API has to know it before.
  static func run(
    api: Int, _ variables: [String: String] = [:], port: Int? = nil, wasReady: Bool = true,
    _ body: (RunningConsole) async throws -> Void
  ) async throws {
    for attempt in 1... {
      do {
        return try await withTemporaryFolder { folder in
          let console = try RunningConsole(folder, api, variables, port)
          defer { console.process.kill() }
          try await console.awaitHealth(wasReady)
          try await body(console)
        }
      } catch let error as NotStarted where attempt < 5 && error.said.contains("in use") {
        // Somebody else took the port between our look and the start.
      }
    }
  }

  /// The console before the real service.
  ///
  /// - Parameter service: The service's own variables.
  static func runWithService(
    _ variables: [String: String] = [:], service: [String: String] = [:], port: Int? = nil,
    _ body: (RunningConsole, RunningService) async throws -> Void
  ) async throws {
    try await RunningService.run(service) { service in
      try await run(api: service.port, variables, port: port) { console in
        try await body(console, service)
      }
    }
  }

  private init(
    _ folder: TemporaryFolder, _ api: Int, _ variables: [String: String], _ port: Int?
  ) throws {
    let ports = try BoundPort.free(2)
    (self.port, metricsPort) = (port ?? ports[0], ports[1])
    let port = self.port
    process = try RunningProcess(
      "flowrex-console", [], in: folder,
      [
        "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1", "CONSOLE_PORT": "\(port)",
        "METRICS_PORT": "\(metricsPort)", "LOG_FORMAT": "json", "LOG_LEVEL": "info",
        "API_INSIDE_URL": "http://127.0.0.1:\(api)", "APP_URL": "http://localhost:\(port)",
        "WS_URL": "ws://localhost:\(api)/ws",
      ].merging(variables) { $1 })
  }

  func awaitHealth(_ wasReady: Bool = true) async throws {
    for _ in 0..<1_200 {
      if let answer = await ask("GET", "/api/health"),
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

  var logText: String { process.logText }
  var isRunning: Bool { process.isRunning }
  func signal(_ number: Int32) { process.signal(number) }
  func awaitEnd() async throws -> Int32 { try await process.awaitEnd() }
  func listeningPorts() throws -> Set<Int> { try process.listeningPorts() }

  func ask(
    _ method: String, _ path: String, _ headers: [String] = [], body: String = "",
    host: String? = "localhost"
  ) async -> RawAnswer? {
    await RawClient.ask(method, path, port: port, headers, body: body, host: host)
  }

  /// Sends a form as a browser does, from a page of ours.
  func post(
    _ path: String, _ fields: [(String, String)], cookie: String?, _ headers: [String]? = nil
  ) async throws -> RawAnswer {
    var lines = ["Content-Type: application/x-www-form-urlencoded"]
    lines += headers ?? ["Origin: \(home)", "Sec-Fetch-Site: same-origin"]
    if let cookie { lines.append("Cookie: \(cookie)") }
    let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }
      .joined(separator: "&")
    return try #require(await ask("POST", path, lines, body: body))
  }

  func get(_ path: String, cookie: String? = nil) async throws -> RawAnswer {
    try #require(await ask("GET", path, cookie.map { ["Cookie: \($0)"] } ?? []))
  }

  func metric(_ series: String) async throws -> Int? {
    try await metrics().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Int($0.dropFirst(series.count + 1)) }
  }

  func metrics() async throws -> String {
    try #require(await RawClient.ask("GET", "/metrics", port: metricsPort)).body
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  // MARK: People

  struct SignedIn {
    /// `name=value` of the session's cookie.
    let cookie: String
    /// What the forms of this session carry.
    let token: String
  }

  /// The form of the sign-in: its cookie and its token.
  func signInForm() async throws -> SignedIn {
    let page = try await get("/sign-in")
    #expect(page.status == 200)
    return SignedIn(cookie: try page.cookie(), token: try page.formToken())
  }

  func signIn(
    _ email: String = RunningService.email, _ password: String = RunningService.password,
    next: String? = nil
  ) async throws -> RawAnswer {
    let form = try await signInForm()
    var fields = [("email", email), ("password", password), ("form_token", form.token)]
    if let next { fields.append(("next", next)) }
    return try await post("/sign-in", fields, cookie: form.cookie)
  }

  func signedIn(
    _ email: String = RunningService.email, _ password: String = RunningService.password
  ) async throws -> SignedIn {
    let answer = try await signIn(email, password)
    try #require(answer.status == 303, "\(answer)")
    let cookie = try answer.cookie()
    return SignedIn(cookie: cookie, token: try await get("/orders", cookie: cookie).formToken())
  }
}

extension RawAnswer {
  /// All that an answer sets, each as `name=value; …`.
  var setCookies: [String] { headers.filter { $0.name == "set-cookie" }.map(\.value) }

  /// `name=value` of the first cookie that is set and not cleared.
  func cookie() throws -> String {
    let set = setCookies.first { !$0.contains("Max-Age=0") }
    return String(try #require(set?.split(separator: ";").first, "\(self)"))
  }

  func formToken() throws -> String {
    String(
      try #require(
        body.firstMatch(of: /name="form_token" value="([0-9a-f]{64})"/)?.1, "\(self)"))
  }
}
