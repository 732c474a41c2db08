import FlowrexAPI
import FlowrexContract
import FlowrexSupport
import Foundation
import ServiceContract
import TestSupport
import Testing

/// Schemathesis reads the document that the service publishes of itself and asks whatever the
/// document allows, and much that it does not. Nothing may be answered with 5xx, with a status, a
/// type or a body that the document does not know; what breaks the document is refused. (goal R-1)
@Suite(.serialized, .covers("S04-DOC-05", "S04-ERR-03"))
struct AnyRequestTests {
  /// What ends the session or trading for all who are asked after it: last, and by itself.
  private static let ending = [
    Route.logout, .emergencyStop, .emergencyRelease, .closeAll, .setMaintenance,
  ]

  @Test func `whatever is asked, the answer is one that the document says`() async throws {
    try await withTemporaryFolder { folder in
      let laptop = [
        "RATE_LIMIT_ENABLED": "false", "EXECUTION_MODE": "guide",
        "OUTBOX_INTERVAL_SECONDS": "0.05", "DATABASE_PATH": folder.path(of: "flowrex.sqlite"),
      ]
      try await RunningService.run(laptop) { service in
        let asker = try await Asker(service, folder)
        let all = Program.backend.routes.filter { $0.method != .webSocket }
        let usual = all.filter { route in !Self.ending.contains { $0.text == route.text } }
        try await asker.ask(usual, examples: 8)
        // The same where there is something to be found.
        let named = usual.filter { $0.path.contains("{id}") }
        #expect(named.count >= 12)
        try await asker.ask(named, examples: 4, Subjects(service, asker.bearer))
        try await asker.ask(Self.ending, examples: 4)

        let counts = try await service.metrics().split(separator: "\n").filter {
          $0.hasPrefix("http_requests_total{")
        }
        let answered = counts.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(answered.reduce(0, +) > 1_000)
        #expect(counts.filter { $0.contains(#"status="5xx""#) && !$0.hasSuffix(" 0") } == [])
      }
    }
  }

  /// Who asks must be able to say no.
  @Test(arguments: [
    [#""was_ready":{"type":"boolean"}"#, #""was_ready":{"type":"integer"}"#],
    [#""status","timestamp","was_ready""#, #""status","moment","was_ready""#],
    [
      #""timestamp":{"format":"date-time","type":"string"},"was_ready""#, #""was_ready""#,
      #""status","timestamp","was_ready""#, #""status","was_ready""#,
    ],
  ])
  func `an answer that the document does not know is noticed`(change: [String]) async throws {
    try await withTemporaryFolder { folder in
      try await RunningService.run { service in
        let asker = try await Asker(service, folder) { document in
          stride(from: 0, to: change.count, by: 2).reduce(document) { text, place in
            #expect(text.contains(change[place]))
            return text.replacing(change[place], with: change[place + 1])
          }
        }
        let said = try await asker.run([.healthLive], examples: 1)
        #expect(said.status == 1 && said.stdout.contains("Response violates schema"), "\(said)")
      }
    }
  }
}

/// Schemathesis before one running service.
private struct Asker {
  let bearer: String
  private let service: RunningService
  private let folder: TemporaryFolder

  /// - Parameter changed: what is done to the document, before it is believed.
  init(
    _ service: RunningService, _ folder: TemporaryFolder, changed: (String) -> String = { $0 }
  ) async throws {
    self.service = service
    self.folder = folder
    bearer = try await service.signedIn().bearer
    let answer = try #require(await service.ask("GET", "/api/v1/openapi.json"))
    // Clients ignore fields that they do not know, so the published document allows them. Here
    // one that the document does not name is a fault.
    let document = answer.body.replacing(
      #""additionalProperties":true"#, with: #""additionalProperties":false"#)
    #expect(document != answer.body)
    try folder.write(changed(document), to: "openapi.json")
  }

  /// Asks, and expects that nothing was wrong and nothing left out.
  func ask(_ routes: [Route], examples: Int, _ subjects: Subjects? = nil) async throws {
    let said = try await run(routes, examples: examples, subjects)
    #expect(said.status == 0, "\(said)")
    #expect(said.stdout.contains("Tested: \(routes.count)\n"), "\(said)")
  }

  /// - Parameter examples: drawn for each route, beside those that every limit of its own brings.
  func run(
    _ routes: [Route], examples: Int, _ subjects: Subjects? = nil
  ) async throws -> Tool.Output {
    // A field may have a value that its schema allows and the rules of trading do not: 422 then.
    let settings = """
      [checks.positive_data_acceptance]
      expected-statuses = ["2xx", "401", "403", "404", "409", "422"]

      """
    try folder.write(settings + (subjects?.settings ?? ""), to: "schemathesis.toml")
    return try await Tool.run(
      "schemathesis",
      [
        "run", "openapi.json", "--url", "http://127.0.0.1:\(service.port)", "--header", bearer,
        "--generation-deterministic", "--max-examples", "\(examples)", "--phases",
        "coverage,fuzzing", "--warnings", "off", "--no-color", "--suppress-health-check", "all",
      ]
        + routes.flatMap { ["--include-operation-id", Self.operation($0)] },
      in: folder.path)
  }

  /// As the document names it.
  private static func operation(_ route: Route) -> String {
    let words = route.path.split(separator: "/").map { part in
      String(part.filter { $0.isLetter || $0.isNumber || $0 == "_" })
    }
    return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
  }
}

/// One of each that a path can name, of whoever asks.
private struct Subjects {
  /// By the beginning of the path.
  private var names: [String: String] = [:]

  var settings: String {
    names.sorted { $0.key < $1.key }.map { path, id in
      """
      [[operations]]
      include-path-regex = "^/api/v1/\(path)/"
      parameters = { "path.id" = "\(id)" }

      """
    }.joined()
  }

  init(_ service: RunningService, _ bearer: String) async throws {
    func ask(_ method: String, _ path: String, _ body: String = "") async throws -> JSONValue {
      let answer = try #require(
        await service.ask(method, "/api/v1" + path, [bearer], body: body))
      #expect([200, 201].contains(answer.status), "\(path) \(answer)")
      return try JSONValue(answer.body)
    }
    func order(_ key: String) async throws -> String {
      let answer = try await ask(
        "POST", "/orders",
        #"{"client_order_id":"\#(key)","symbol":"EURUSD","side":"buy","quantity":"0.1","#
          + #""type":"market"}"#)
      return try #require(answer["order_id"].text)
    }
    let done = try await order("done")
    _ = try await ask("POST", "/approvals/\(done)/approve")
    for _ in 0..<600 where names["trades"] == nil {
      names["trades"] = try await ask("GET", "/trades")["items"].items.first?["id"].text
      try await Task.sleep(for: .milliseconds(50))
    }
    _ = try #require(names["trades"])
    names["orders"] = try await order("open")
    names["approvals"] = try await order("waiting")
    names["positions"] = "EURUSD"
    let strategy = try #require(
      try await ask(
        "POST", "/strategies", #"{"client_strategy_id":"s","name":"by hand","kind":"manual"}"#)[
          "id"
        ].text)
    names["strategies"] = strategy
    _ = try await ask("POST", "/strategies/\(strategy)/activate")
    names["signals"] =
      try await ask(
        "POST", "/signals",
        #"{"client_signal_id":"s","strategy_id":"\#(strategy)","signal_type":"enter_long","#
          + #""symbol":"EURUSD","quantity":"0.1"}"#)["id"].text
    names["journal"] =
      try await ask("POST", "/journal", #"{"client_entry_id":"j","text":"seen"}"#)["id"].text
    #expect(names.count == 7)
  }
}
