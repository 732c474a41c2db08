import Foundation
import Glibc

/// An answer as it came over the wire.
package struct RawAnswer: Sendable, CustomStringConvertible {
  package let status: Int
  /// Names in lower case; of several with one name, all.
  package let headers: [(name: String, value: String)]
  package let body: String

  package subscript(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// The stable code of a problem.
  package var code: String? {
    struct Body: Decodable { let code: String }
    return try? JSONDecoder().decode(Body.self, from: Data(body.utf8)).code
  }

  package var description: String { "\(status) \(headers) \(body)" }
}

/// Sends exactly these bytes, for what no client library would send.
package enum RawClient {
  /// - Returns: `nil` when the connection ended without an answer.
  package static func send(_ bytes: [UInt8], port: Int, limit: Int = 30) async -> RawAnswer? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: exchange(bytes, port, limit).flatMap(answer))
      }
    }
  }

  /// One request whose connection ends with the answer.
  package static func ask(
    _ method: String, _ path: String, port: Int, _ headers: [String] = [], body: String = "",
    host: String? = "localhost"
  ) async -> RawAnswer? {
    var lines = ["\(method) \(path) HTTP/1.1"]
    if let host { lines.append("Host: \(host)") }
    lines += ["Connection: close"] + headers
    if !body.isEmpty {
      if !headers.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
        lines.append("Content-Type: application/json")
      }
      lines.append("Content-Length: \(body.utf8.count)")
    }
    return await send(
      Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8), port: port)
  }

  package static func connected(to port: Int, limit: Int = 30) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var span = timeval(tv_sec: limit, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        descriptor, SOL_SOCKET, option, &span, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// One more exchange on a connection: what comes at once, or nothing at its end.
  package static func again(_ descriptor: Int32, _ text: String) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        if !text.isEmpty {
          _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        continuation.resume(
          returning: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
      }
    }
  }

  private static func exchange(_ bytes: [UInt8], _ port: Int, _ limit: Int) -> [UInt8]? {
    guard let descriptor = connected(to: port, limit: limit) else { return nil }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      // A server that refuses early stops reading: its answer may be there all the same.
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    return received(descriptor)
  }

  package static func received(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }

  package static func answer(_ bytes: [UInt8]) -> RawAnswer? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]) else { return nil }
    let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
    }
    return RawAnswer(status: status, headers: headers, body: String(text[end.upperBound...]))
  }
}
