import ArgumentParser
import FlowrexConfiguration
import FlowrexContract
import Foundation
import Glibc
import ServiceContract

/// What the engine asks: a latch. It fails until the process beside it has once been ready, and
/// asks only whether it lives from then on. (engine fact F11)
///
/// Liveness alone would let a release through that never gets ready; readiness would end all
/// replicas at once when Redis fails.
struct Healthcheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exits 0 when the service of this container was once ready and lives.")

  private static let limit = 2

  private struct Answer: Decodable {
    let was_ready: Bool
  }

  func run() throws {
    let port = Self.port(ProcessInfo.processInfo.environment)
    guard let text = Self.ask(Health.liveness.path, port: port) else {
      throw refusal("no answer")
    }
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
    guard text.hasPrefix("HTTP/1.1 200 "), parts.count == 2,
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(parts[1].utf8))
    else { throw refusal("not alive") }
    guard answer.was_ready else { throw refusal("never ready yet") }
  }

  /// The API answers on its own port, a worker on the only one that it has.
  private static func port(_ variables: [String: String]) -> Int {
    var reader = KeyReader(variables)
    let isWorker =
      variables[Stated.backendPort.name] == nil && variables[Stated.metricsPort.name] != nil
    return reader.value(isWorker ? Stated.metricsPort : Stated.backendPort, in: 1...65_535)
  }

  private func refusal(_ why: String) -> ExitCode {
    World.complain("unhealthy: \(why)\n")
    return .failure
  }

  /// One request to this host, with an end: a client library would take longer to start.
  private static func ask(_ path: String, port: Int) -> String? {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return nil }
    defer { close(socket) }
    var span = timeval(tv_sec: limit, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(socket, SOL_SOCKET, option, &span, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    let request = Array(
      "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
    guard connected == 0, send(socket, request, request.count, Int32(MSG_NOSIGNAL)) > 0
    else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while bytes.count < 65_536 {
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
