import FlowrexContract
import FlowrexSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// The stream of the real program, over real sockets.
@Suite(.serialized) struct StreamServiceTests {
  private static let subscribe = #"{"type":"subscribe"}"#

  private func refused(_ body: () async throws -> RawSocket) async -> RawAnswer? {
    do {
      _ = try await body()
      return nil
    } catch RawSocket.Failure.refused(let answer) { return answer } catch { return nil }
  }

  @Test(.covers("S04-TEST-08", "S17-VAR-37", "S17-MET-06", "S17-VAR-39"))
  func `a client is greeted, heard and counted, with its token in either place`() async throws {
    try await RunningService.run { service in
      let someone = try await service.signedIn()
      let page = try await RawSocket.open(
        port: service.port, [someone.protocols, "Origin: http://localhost:3000"])
      #expect(page.answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      #expect(page.answer["sec-websocket-protocol"] == "flowrex.v1")
      #expect(page.answer["sec-websocket-extensions"] == nil)
      #expect(page.answer["connection"] == "Upgrade" && page.answer["content-length"] == nil)
      #expect(page.answer["x-request-id"] != nil)
      let hello = try await page.text(with: "hello")
      #expect(hello.contains(#""heartbeat_seconds":30"#))
      // A program has a header, and may send before it is asked.
      let program = try await RawSocket.open(
        port: service.port, [someone.bearer],
        behind: RawSocket.frame(1, Array(Self.subscribe.utf8)))
      #expect(program.answer["sec-websocket-protocol"] == nil)
      _ = try await program.text(with: "subscribed")
      #expect(try await service.metric("websocket_connections") == 2)
      try await page.send(RawSocket.frame(9, Array("you there?".utf8)))
      let pong = try await page.next()
      #expect(pong.opcode == 10 && pong.text == "you there?")
      try await page.send(RawSocket.frame(8, [0x03, 0xE8]))
      let farewell = try await page.farewell()
      #expect(farewell.code == 1_000)
      #expect(await page.ends())
      for _ in 0..<200 where try await service.metric("websocket_connections") != 1 {
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(try await service.metric("websocket_connections") == 1)
      #expect(try await service.metric("websocket_messages_sent_total") == 3)
      let answered =
        #"http_requests_total{method="GET",endpoint="/ws",status="1xx"}"#
      #expect(try await service.metric(answered) == 2)
      // The token stands nowhere.
      #expect(!service.logText.contains(someone.access))
    }
  }

  @Test(.covers("S04-AUTH-10", "S04-RL-06"))
  func `nobody gets in without a token, from another page, or past the places`() async throws {
    try await RunningService.run(["WS_MAX_CONNECTIONS_PER_USER": "2"]) { service in
      let someone = try await service.signedIn()
      let port = service.port
      let none = await refused { try await RawSocket.open(port: port) }
      #expect(none?.status == 401 && none?.code == "unauthenticated")
      let query = await refused {
        try await RawSocket.open(port: port, path: "/ws?token=\(someone.access)")
      }
      #expect(query?.status == 401)
      let forged = await refused {
        try await RawSocket.open(port: port, [someone.protocols + "x"])
      }
      #expect(forged?.status == 401)
      for origin in Self.origins {
        let other = await refused {
          try await RawSocket.open(port: port, [someone.protocols, "Origin: \(origin)"])
        }
        #expect(other?.status == 403 && other?.code == "origin_not_allowed", "\(origin)")
      }
      let cookie = await refused {
        try await RawSocket.open(port: port, ["Cookie: \(someone.cookie)"])
      }
      #expect(cookie?.status == 401)
      let one = try await RawSocket.open(port: port, [someone.bearer])
      let two = try await RawSocket.open(port: port, [someone.bearer])
      let three = await refused { try await RawSocket.open(port: port, [someone.bearer]) }
      #expect(three?.status == 429 && three?.code == "too_many_streams")
      try await one.send(RawSocket.frame(8, []))
      #expect(await one.ends())
      var again: RawSocket?
      for _ in 0..<100 where again == nil {
        again = try? await RawSocket.open(port: port, [someone.bearer])
      }
      #expect(again != nil)
      _ = try await two.text(with: "hello")
      #expect(
        try await service.metric(#"websocket_refusals_total{reason="unauthenticated"}"#) == 4)
      #expect(
        try await service.metric(#"websocket_refusals_total{reason="origin"}"#)
          == Self.origins.count)
    }
  }

  /// Ours is `http://localhost:3000`.
  static let origins = [
    "http://localhost.evil.test", "null", "https://localhost:3000", "http://localhost:3000.",
    "http://evil.test", "", "http://localhost:30000", "http://localhost:3000/", "http://localhost",
    "http://LOCALHOST:3000", "http://127.0.0.1:3000", "http://localhost@evil.test",
    "http://localhost:3000 http://evil.test", "file://", "*",
  ]

  /// Each is refused with an answer, and the service goes on.
  static let handshakes: [(String, [String], Int)] = [
    ("another version", ["Sec-WebSocket-Version: 8"], 426),
    ("two versions", ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"], 426),
    ("no upgrade", ["Upgrade: h2c"], 426),
    ("a connection that stays", ["Connection: keep-alive"], 426),
    ("a key that is short", ["Sec-WebSocket-Key: c2hvcnQ="], 400),
    ("a key that is no key", ["Sec-WebSocket-Key: $$$$"], 400),
    (
      "two keys",
      [
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ], 400
    ),
    ("a body", ["Content-Length: 5"], 400),
    ("a protocol that is not ours", ["Sec-WebSocket-Protocol: soap"], 400),
  ]

  @Test(.covers("S04-RL-06"))
  func `a handshake that is none is answered as HTTP`() async throws {
    try await RunningService.run { service in
      let someone = try await service.signedIn()
      for (name, headers, status) in Self.handshakes {
        let named = Set(headers.map { $0.prefix { $0 != ":" } })
        let kept = RawSocket.handshake.filter { !named.contains($0.prefix { $0 != ":" }) }
        let lines = ["GET /ws HTTP/1.1", "Host: localhost", someone.bearer] + kept + headers
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        // Where the connection stays, its end is asked for by a second request.
        let second = Array("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n".utf8)
        let answer = await RawClient.send(
          bytes + (headers == ["Content-Length: 5"] ? [] : second), port: service.port)
        #expect(answer?.status == status, "\(name): \(String(describing: answer))")
      }
      let both = await refused {
        try await RawSocket.open(port: service.port, [someone.bearer, someone.protocols])
      }
      #expect(both?.status == 400)
      let plain = await service.ask("GET", "/ws", [someone.bearer])
      #expect(plain?.status == 426 && plain?["upgrade"] == "websocket")
      #expect(plain?["sec-websocket-version"] == "13")
      #expect(try await service.metric("websocket_connections") == 0)
    }
  }

  static let attacks: [(String, [UInt8], Int)] = [
    ("a frame that is not masked", RawSocket.frame(1, [0x7B], isMasked: false), 1_002),
    ("a compressed frame", RawSocket.frame(1, [0x7B], reserved: 4), 1_002),
    ("an opcode that is none", RawSocket.frame(3, []), 1_002),
    ("a control frame that is none", RawSocket.frame(11, []), 1_002),
    ("the middle of nothing", RawSocket.frame(0, [0x7B]), 1_002),
    ("a ping in parts", RawSocket.frame(9, [], isFinal: false), 1_002),
    ("a ping that is too long", RawSocket.frame(9, Array(repeating: 1, count: 126)), 1_002),
    ("bytes", RawSocket.frame(2, [1, 2, 3]), 1_003),
    ("text that is none", RawSocket.frame(1, [0xFF]), 1_007),
    ("words", RawSocket.frame(1, Array("hello".utf8)), 1_008),
    ("a deep message", RawSocket.frame(1, Array(repeating: 0x5B, count: 60_000)), 1_008),
    ("a large message", RawSocket.frame(1, Array(repeating: 0x20, count: 65_537)), 1_009),
    (
      "the head of a message of four gigabytes",
      [0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4], 1_009
    ),
    (
      "the head of a message of more than there is",
      [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], 1_009
    ),
    (
      "a large message in parts",
      RawSocket.frame(1, Array(repeating: 0x20, count: 60_000), isFinal: false)
        + RawSocket.frame(0, Array(repeating: 0x20, count: 60_000), isFinal: false), 1_009
    ),
    (
      "parts without an end",
      RawSocket.frame(1, [], isFinal: false)
        + Array(repeating: RawSocket.frame(0, [], isFinal: false), count: 100).flatMap { $0 },
      4_429
    ),
    (
      "pings without an end",
      Array(repeating: RawSocket.frame(9, []), count: 100).flatMap { $0 }, 4_429
    ),
    ("a code that nobody may send", RawSocket.frame(8, [0x03, 0xED]), 1_002),
  ]

  @Test(.covers("S04-RL-06", "S04-RES-11"))
  func `whoever breaks the protocol is sent away, and nobody else`() async throws {
    try await RunningService.run { service in
      let someone = try await service.signedIn()
      let well = try await RawSocket.open(port: service.port, [someone.bearer])
      try await well.say(Self.subscribe)
      _ = try await well.text(with: "subscribed")
      for (name, bytes, code) in Self.attacks {
        let socket = try await RawSocket.open(port: service.port, [someone.bearer])
        try? await socket.send(bytes)
        guard let farewell = try? await socket.farewell() else {
          Issue.record("\(name): no farewell")
          continue
        }
        #expect(farewell.code == code, "\(name): \(farewell.reason)")
        #expect(await socket.ends(), "\(name)")
      }
      try await well.say(#"{"type":"ping"}"#)
      _ = try await well.text(with: "pong")
      #expect(await service.ask("GET", "/health/live")?.status == 200)
    }
  }

  @Test(.covers("S04-AUTH-10"))
  func `who signs out loses the streams of that session, and keeps those of others`() async throws {
    try await RunningService.run { service in
      let (one, other) = (try await service.signedIn(), try await service.signedIn())
      let lost = try await RawSocket.open(port: service.port, [one.bearer])
      let kept = try await RawSocket.open(port: service.port, [other.bearer])
      #expect(await service.ask("POST", "/api/v1/auth/logout", [one.bearer])?.status == 204)
      let farewell = try await lost.farewell()
      #expect(farewell.code == 4_401 && farewell.reason == "session_ended")
      try await kept.say(#"{"type":"ping"}"#)
      _ = try await kept.text(with: "pong")
    }
  }

  /// A process with the schema; on a file alone with its market, venue and worker.
  private func desk(
    on engine: String, _ body: (RunningService, Command) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var variables = [
        "ENVIRONMENT": "development", "EXECUTION_MODE": "autonomous",
        "DATABASE_PATH": folder.path(of: "flowrex.sqlite"),
      ]
      if engine == "postgresql" {
        let server = try await TCPPostgres.server()
        variables["DATABASE_ENGINE"] = engine
        variables["DATABASE_PASSWORD"] = "vR7kTq2mXw9Lb4Nz6HcY8Jd"
        variables["DATABASE_PORT"] = "\(server.port)"
        variables["DATABASE_NAME"] = try await server.emptyDatabase()
      }
      let flowrex = Command(variables: variables)
      let up = try await flowrex.run("migrate", "up")
      #expect(up.status == 0, "\(up)")
      for name in ["ann", "bob"] {
        let made = try await flowrex.run(
          "user", "create", "\(name)@example.com", input: RunningService.password + "\n")
        #expect(made.status == 0, "\(made)")
      }
      guard engine == "postgresql" else {
        return try await RunningService.run(variables) { try await body($0, flowrex) }
      }
      // Here somebody else talks to the venue.
      try await RunningWorker.run(variables) { _ in
        try await RunningService.run(variables) { try await body($0, flowrex) }
      }
    }
  }

  private func signedIn(
    _ name: String, _ service: RunningService
  ) async throws -> RunningService.SignedIn {
    let body = RunningService.signIn("\(name)@example.com", RunningService.password)
    return try service.signedIn(
      try #require(await service.ask("POST", "/api/v1/auth/login", body: body)))
  }

  private struct Told: Decodable {
    struct Order: Decodable {
      let client_order_id: String
      let state: String
    }
    struct Event: Decodable { let event: String }
    struct Fill: Decodable { let quantity: String }
    let type: String
    let seq: Int64?
    let account: String?
    let order: Order?
    let event: Event?
    let fill: Fill?
    let position: Fill?

    init(_ text: String) throws {
      self = try JSONDecoder().decode(Told.self, from: Data(text.utf8))
    }
  }

  @Test(.covers("S17-VAR-39", "S18-NGX-17"), arguments: ["sqlite", "postgresql"])
  func `an order's way is told to its owner, from any number on, and to nobody else`(
    engine: String
  ) async throws {
    try await desk(on: engine) { service, flowrex in
      let (ann, bob) = (try await signedIn("ann", service), try await signedIn("bob", service))
      // The first request opens an account: the streams begin before anything happens to it.
      for someone in [ann, bob] {
        #expect(await service.ask("GET", "/api/v1/portfolio", [someone.bearer])?.status == 200)
      }
      let mine = try await RawSocket.open(port: service.port, [ann.bearer])
      let other = try await RawSocket.open(port: service.port, [bob.bearer])
      try await mine.say(#"{"type":"subscribe","quotes":["EURUSD"]}"#)
      try await other.say(Self.subscribe)
      // There is a price by now, and orders can be placed.
      let quote = try await mine.text(with: #""type":"quote""#)
      #expect(quote.contains(#""symbol":"EURUSD""#) && !quote.contains("GBPUSD"))
      let order =
        #"{"client_order_id":"s-1","symbol":"EURUSD","side":"buy","quantity":"0.1","#
        + #""type":"market"}"#
      let placed = try #require(
        await service.ask("POST", "/api/v1/orders", [ann.bearer], body: order))
      #expect(placed.body.contains(#""outcome":"accepted""#), "\(placed)")
      var told: [Told] = []
      while told.last?.type != "fill", told.count < 50 {
        let text = try await mine.text(with: #""account""#)
        told.append(try Told(text))
      }
      let account = try #require(told.first?.account)
      #expect(told.allSatisfy { $0.account == account })
      let last = try #require(told.last)
      #expect(last.fill?.quantity == "0.1" && last.position?.quantity == "0.1")
      // What was told before, for who comes back: by numbers, without a gap.
      let again = try await RawSocket.open(port: service.port, [ann.bearer])
      try await again.say(#"{"type":"subscribe","after":{"\#(account)":0}}"#)
      var numbers: [Int64] = []
      var events: [String] = []
      while numbers.last ?? 0 < last.seq ?? 0 {
        let next = try Told(try await again.text(with: #""account""#))
        numbers += [next.seq ?? -1]
        events += next.event.map { [$0.event] } ?? []
        #expect(next.order?.client_order_id == "s-1")
      }
      #expect(numbers == Array(1...Int64(numbers.count)))
      #expect(events.starts(with: ["placed", "submitted"]))
      // Bob hears an answer, and nothing before it but his own beginning.
      try await other.say(#"{"type":"ping"}"#)
      var heard: [String] = []
      while !(heard.last?.contains("pong") ?? false) { heard.append(try await other.next().text) }
      #expect(heard.allSatisfy { !$0.contains(account) && !$0.contains("s-1") }, "\(heard)")
      // Who is kept out by another process is out here.
      #expect(try await flowrex.run("user", "disable", "ann@example.com").status == 0)
      #expect(try await mine.farewell().reason == "session_ended")
    }
  }

  @Test(.covers("C-33"))
  func `the drain says 1001, and the process ends although clients do not`() async throws {
    try await RunningService.run(["DRAIN_ACCEPT_SECONDS": "1"]) { service in
      let someone = try await service.signedIn()
      let polite = try await RawSocket.open(port: service.port, [someone.bearer])
      let deaf = try await RawSocket.open(port: service.port, [someone.bearer])
      service.signal(SIGTERM)
      for _ in 0..<100 where !service.logText.contains("draining") {
        try await Task.sleep(for: .milliseconds(20))
      }
      let late = await refused { try await RawSocket.open(port: service.port, [someone.bearer]) }
      #expect(late?.status == 503 && late?.code == "not_ready")
      let farewell = try await polite.farewell()
      #expect(farewell.code == 1_001 && farewell.reason == "draining")
      #expect(try await service.awaitEnd() == 0)
      #expect(deaf.descriptor > 0)
    }
  }
}
