import Crypto
import FlowrexConsole
import FlowrexContract
import FlowrexSupport
import Foundation
import Glibc
import Synchronization
import TestSupport

/// An API that answers what a test tells it, over real sockets: what the real one would not say,
/// and not at that moment.
final class StandInAPI: Sendable {
  struct Asked: Sendable {
    let method: String
    let path: String
    /// Names in small letters.
    let headers: [String: String]
    let body: String
  }

  struct Reply: Sendable {
    var status = 200
    var headers: [String] = []
    var json: JSONValue
    /// Nothing is answered at all: the connection ends.
    var isSilent = false

    static func ok(_ json: JSONValue) -> Reply { Reply(json: json) }

    static func problem(_ status: Int, _ code: String, _ title: String) -> Reply {
      Reply(
        status: status,
        json: .object([
          "status": .whole(status), "code": .text(code), "title": .text(title),
          "type": .text("urn:flowrex:problem:\(code)"), "instance": .text("urn:x"),
        ]))
    }
  }

  typealias Answers = @Sendable (Asked) -> Reply

  struct NotListening: Error {}

  let port: Int
  private let listener: Int32
  private let answers: Answers
  private let asked = Mutex<[Asked]>([])
  private let streams = Mutex<[Int32]>([])

  /// Listens, runs `body`, ends.
  static func run(
    _ answers: @escaping Answers, _ body: (StandInAPI) async throws -> Void
  ) async throws {
    let api = try StandInAPI(answers)
    defer { shutdown(api.listener, Int32(SHUT_RDWR)) }
    try await body(api)
  }

  private init(_ answers: @escaping Answers) throws {
    self.answers = answers
    let held = try BoundPort()
    guard listen(held.descriptor, 64) == 0 else { throw NotListening() }
    (listener, port) = (held.descriptor, held.number)
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        Thread.detachNewThread { [self] in serve(connection) }
      }
      close(listener)
    }
  }

  /// What was asked for, health aside.
  var requests: [Asked] { asked.withLock { $0 }.filter { !$0.path.hasPrefix("/health") } }

  /// How many streams were opened.
  var streamCount: Int { streams.withLock { $0.count } }

  /// A message to all who listen: a text of less than 126 bytes in one frame.
  func tell(_ text: String) {
    let frame: [UInt8] = [0x81, UInt8(text.utf8.count)] + Array(text.utf8)
    for stream in streams.withLock({ $0 }) {
      _ = send(stream, frame, frame.count, Int32(MSG_NOSIGNAL))
    }
  }

  private func serve(_ connection: Int32) {
    guard let request = read(connection) else {
      close(connection)
      return
    }
    asked.withLock { $0.append(request) }
    if let key = request.headers["sec-websocket-key"] {
      // The stream stays open until the test's process ends it.
      upgrade(connection, key, request)
      return
    }
    let reply = answers(request)
    if !reply.isSilent {
      let body = (try? reply.json.body) ?? []
      let kind = reply.status < 400 ? "application/json" : "application/problem+json"
      let head =
        ([
          "HTTP/1.1 \(reply.status) X", "Content-Type: \(kind)",
          "Content-Length: \(body.count)", "Connection: close",
        ] + reply.headers).joined(separator: "\r\n") + "\r\n\r\n"
      let bytes = Array(head.utf8) + body
      _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
    close(connection)
  }

  private func upgrade(_ connection: Int32, _ key: String, _ request: Asked) {
    // RFC 6455's own constant.
    let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    let accept = Data(Insecure.SHA1.hash(data: Array(text.utf8))).base64EncodedString()
    let head =
      [
        "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Accept: \(accept)", "Sec-WebSocket-Protocol: \(StreamProtocol.version)",
      ].joined(separator: "\r\n") + "\r\n\r\n"
    _ = send(connection, head, head.utf8.count, Int32(MSG_NOSIGNAL))
    streams.withLock { $0.append(connection) }
  }

  private func read(_ connection: Int32) -> Asked? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1)
          headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let body = String(text[end.upperBound...])
        if body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0 {
          return Asked(
            method: String(words[0]), path: String(words[1]), headers: headers, body: body)
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }
}

extension StandInAPI {
  /// Signs everybody in, as an administrator; everything else is up to the test.
  static func answering(
    _ others: @escaping @Sendable (Asked) -> Reply?
  ) -> Answers {
    { asked in
      if let reply = others(asked) { return reply }
      switch asked.path {
      case "/api/v1/auth/login", "/api/v1/auth/refresh":
        return Reply(
          headers: ["Set-Cookie: flowrex-refresh=r1; Path=/api/v1/auth; Max-Age=604800; HttpOnly"],
          json: .object([
            "access_token": .text("a.b.c"), "token_type": .text("Bearer"),
            "expires_in": .whole(900),
          ]))
      case "/api/v1/auth/me":
        return .ok(
          .object([
            "id": .text("1"), "email": .text("admin@localhost"), "role": .text("admin"),
          ]))
      case "/health/live": return .ok(.object(["status": .text("alive")]))
      default: return .problem(404, "not_found", "There is nothing here.")
      }
    }
  }
}
