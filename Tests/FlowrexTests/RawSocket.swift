import FlowrexSupport
import Foundation
import Glibc

/// A WebSocket's client that sends exactly the frames that it is told, on a thread that may wait.
final class RawSocket: Sendable {
  struct Frame: Sendable {
    let opcode: UInt8
    let payload: [UInt8]

    var text: String { String(decoding: payload, as: UTF8.self) }
    /// Of a farewell.
    var code: Int? { payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
    var reason: String { String(decoding: payload.dropFirst(2), as: UTF8.self) }
  }

  enum Failure: Error { case notConnected, refused(RawAnswer?), ended, notInTime(String) }

  let descriptor: Int32
  let answer: RawAnswer

  /// Connects and changes the protocol.
  ///
  /// - Parameter limit: seconds that any wait may take.
  static func open(
    port: Int, _ headers: [String] = [], path: String = "/ws", behind early: [UInt8] = [],
    limit: Int = 30
  ) async throws -> RawSocket {
    try await off {
      guard let descriptor = RawClient.connected(to: port, limit: limit) else {
        throw Failure.notConnected
      }
      let request = Self.request(path, headers)
      let bytes = Array(request.utf8) + early
      _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      var head: [UInt8] = []
      // Byte by byte: what comes behind the head are frames.
      while !head.ends(with: Array("\r\n\r\n".utf8)) {
        var byte: UInt8 = 0
        guard recv(descriptor, &byte, 1, 0) == 1 else { break }
        head.append(byte)
      }
      guard let answer = RawClient.answer(head), answer.status == 101 else {
        let rest = RawClient.received(descriptor)
        close(descriptor)
        throw Failure.refused(RawClient.answer(head + rest))
      }
      return RawSocket(descriptor, answer)
    }
  }

  static let handshake = [
    "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    // RFC 6455's own.
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]

  static func request(_ path: String, _ headers: [String]) -> String {
    (["GET \(path) HTTP/1.1", "Host: localhost"] + handshake + headers)
      .joined(separator: "\r\n") + "\r\n\r\n"
  }

  private init(_ descriptor: Int32, _ answer: RawAnswer) {
    self.descriptor = descriptor
    self.answer = answer
  }

  deinit { Glibc.close(descriptor) }

  private static func off<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }

  /// A frame's bytes.
  static func frame(
    _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true,
    reserved: UInt8 = 0
  ) -> [UInt8] {
    var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
    let mask: UInt8 = isMasked ? 0x80 : 0
    switch payload.count {
    case ..<126: bytes.append(mask | UInt8(payload.count))
    case ..<65_536:
      bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
      bytes.append(mask | 127)
      bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
    }
    guard isMasked else { return bytes + payload }
    let key: [UInt8] = [0x12, 0x34, 0x56, 0x78]
    return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
  }

  func send(_ bytes: [UInt8]) async throws {
    let descriptor = descriptor
    try await Self.off {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw Failure.ended }
        rest = rest.dropFirst(count)
      }
    }
  }

  func say(_ text: String) async throws { try await send(Self.frame(1, Array(text.utf8))) }

  /// The next frame; the server masks nothing and cuts nothing.
  func next() async throws -> Frame {
    let descriptor = descriptor
    return try await Self.off {
      func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
          let got = bytes[filled...].withUnsafeMutableBytes {
            recv(descriptor, $0.baseAddress, $0.count, 0)
          }
          guard got > 0 else { throw Failure.ended }
          filled += got
        }
        return bytes
      }
      let head = try read(2)
      guard head[0] & 0xF0 == 0x80, head[1] < 0x80 else { throw Failure.notInTime("\(head)") }
      var count = Int(head[1])
      if count == 126 { count = try read(2).reduce(0) { $0 << 8 | Int($1) } }
      if count == 127 { count = try read(8).reduce(0) { $0 << 8 | Int($1) } }
      return Frame(opcode: head[0] & 0xF, payload: try read(count))
    }
  }

  /// The first text with this in it; pings are answered on the way. Prices come all the time: the
  /// bound is for what never comes.
  func text(with part: String) async throws -> String {
    for _ in 0..<400 {
      let frame = try await next()
      switch frame.opcode {
      case 1 where frame.text.contains(part): return frame.text
      case 8: throw Failure.notInTime("closed \(frame.code ?? 0) \(frame.reason)")
      case 9: try await send(Self.frame(10, frame.payload))
      default: break
      }
    }
    throw Failure.notInTime(part)
  }

  /// The farewell, whatever comes before it.
  func farewell() async throws -> Frame {
    for _ in 0..<400 {
      let frame = try await next()
      if frame.opcode == 8 { return frame }
    }
    throw Failure.notInTime("farewell")
  }

  /// Whether the connection ends; frames before that are skipped.
  func ends() async -> Bool {
    do {
      while true { _ = try await next() }
    } catch Failure.ended { return errno != EAGAIN } catch { return false }
  }
}

extension [UInt8] {
  fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}

extension RunningService.SignedIn {
  /// The token as the name of a protocol.
  var protocols: String {
    "Sec-WebSocket-Protocol: flowrex.v1, flowrex.bearer.\(access)"
  }
}
