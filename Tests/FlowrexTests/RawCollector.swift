import Foundation
import Glibc
import Synchronization
import TestSupport

/// A collector of traces: takes one request on each connection, on a thread of its own.
final class RawCollector: Sendable {
  struct Request: Sendable {
    let line: String
    let head: String
    let body: [UInt8]
  }

  let port: Int
  private let descriptor: Int32
  private let taken = Mutex<[Request]>([])

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard status else { throw Tool.Failure.notStarted(path: "collector", reason: "no port") }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        if let request = Self.read(connection) { self?.take(request) }
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
        close(connection)
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  private func take(_ request: Request) { taken.withLock { $0.append(request) } }

  var requests: [Request] { taken.withLock { $0 } }
  var spans: [OTLPSpan] { get throws { try requests.flatMap { try OTLPSpan.read($0.body) } } }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = String(text[..<end.lowerBound])
        let length = head.split(separator: "\r\n").first {
          $0.lowercased().hasPrefix("content-length:")
        }.flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        let start = head.utf8.count + 4
        if let length, bytes.count >= start + length {
          return Request(
            line: String(head.prefix { $0 != "\r" && $0 != "\r\n" }), head: head,
            body: Array(bytes[start..<start + length]))
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }
}
