import Foundation
import Glibc

/// One connection that asks and waits, over and over.
final class Wire {
  private let port: Int
  private var descriptor: Int32 = -1
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  init(port: Int) { self.port = port }

  deinit { if descriptor >= 0 { close(descriptor) } }

  struct Answer {
    let status: Int
    let body: String
  }

  /// `nil` when nobody answers.
  func ask(
    _ method: String, _ path: String, token: String? = nil, body: String = ""
  ) -> Answer? {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    if !body.isEmpty {
      head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
    }
    if descriptor < 0, !open() { return nil }
    guard send(Array((head + "\r\n" + body).utf8)), let answer = receive() else {
      shut()
      return nil
    }
    return answer
  }

  private func open() -> Bool {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var (address, on) = (sockaddr_in(loopback: port), Int32(1))
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
    var patience = timeval(tv_sec: 15, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code != 0 { shut() }
    return code == 0
  }

  private func shut() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Reads one answer with a length, which all of ours have.
  private func receive() -> Answer? {
    var bytes: [UInt8] = []
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      guard let end = Self.endOfHead(bytes) else { continue }
      let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
      let lines = head.split(separator: "\r\n")
      let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      let length =
        lines.first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
      guard bytes.count >= end + 4 + length else { continue }
      let body = String(decoding: bytes[(end + 4)...], as: UTF8.self)
      if lines.contains("connection: close") { shut() }
      return Answer(status: status, body: body)
    }
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (0...bytes.count - 4).first { place in
      bytes[place] == 13 && bytes[place + 1] == 10 && bytes[place + 2] == 13
        && bytes[place + 3] == 10
    }
  }
}
