import Foundation
import Glibc
import Synchronization
import TestSupport

/// A port in front of another one, on which a test holds what is said at a point that it names:
/// the question before it arrives, or the answer before it is heard. Whoever is killed then dies
/// exactly there, and no program needs to know of points.
package final class TrapLine: Sendable {
  package enum Moment: Sendable { case question, answer }

  /// Names what is asked in what a client sends; one for each connection.
  package protocol Reader {
    /// - Returns: what is asked by these bytes, if they end a question that a test may name.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> String?
  }

  private struct Trap {
    let moment: Moment
    let isMeant: @Sendable (String) -> Bool
    /// So many are let pass before.
    var passes: Int
  }

  private struct State {
    var trap: Trap?
    var hasSprung = false
    /// Connections of an older number end.
    var generation = 0
    var isOver = false
  }

  package let port: Int
  private let upstream: Int
  private let listener: Int32
  private let state = Mutex(State())
  private let reader: @Sendable () -> any Reader

  package init(to upstream: Int, _ reader: @escaping @Sendable () -> any Reader) throws {
    self.upstream = upstream
    self.reader = reader
    (listener, port) = try Loopback.listening()
    Thread.detachNewThread { [self] in accept() }
  }

  /// Holds the next question that is meant, or its answer.
  package func arm(
    _ moment: Moment, passing passes: Int = 0, _ isMeant: @escaping @Sendable (String) -> Bool
  ) {
    state.withLock {
      $0.trap = Trap(moment: moment, isMeant: isMeant, passes: passes)
      $0.hasSprung = false
    }
  }

  /// Whether something is held now; a bound for hanging is all that this waits for.
  package func hasSprung() async throws -> Bool {
    for _ in 0..<6_000 {
      if state.withLock({ $0.hasSprung }) { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  /// Ends all connections; what was held is never said.
  package func cut() {
    state.withLock {
      $0.generation += 1
      $0.trap = nil
      $0.hasSprung = false
    }
  }

  package func close() {
    state.withLock {
      $0.generation += 1
      $0.isOver = true
    }
    // Whoever waits for a connection wakes up.
    if let own = RawClient.connected(to: port) { Glibc.close(own) }
  }

  private func accept() {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      let (generation, isOver) = state.withLock { ($0.generation, $0.isOver) }
      guard client >= 0, !isOver else { break }
      Thread.detachNewThread { [self] in
        if let server = RawClient.connected(to: upstream) {
          carry(client, server, generation)
          Glibc.close(server)
        }
        Glibc.close(client)
      }
    }
    Glibc.close(listener)
  }

  /// Whether the trap is for this question; if so it is sprung, and no other.
  private func springs(_ question: String, _ moment: Moment) -> Bool {
    state.withLock { state in
      guard let trap = state.trap, trap.moment == moment, trap.isMeant(question) else {
        return false
      }
      guard trap.passes == 0 else {
        state.trap?.passes -= 1
        return false
      }
      state.trap = nil
      state.hasSprung = moment == .question
      return true
    }
  }

  private func carry(_ client: Int32, _ server: Int32, _ generation: Int) {
    var (bytes, reader) = ([UInt8](repeating: 0, count: 65_536), reader())
    // What comes on a side is held from here on.
    var (holdsQuestion, holdsAnswer) = (false, false)
    while state.withLock({ $0.generation == generation }) {
      var sides = [
        pollfd(fd: holdsQuestion ? -1 : client, events: Int16(POLLIN), revents: 0),
        pollfd(fd: server, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&sides, 2, 10) > 0 else { continue }
      if sides[0].revents != 0 {
        let count = read(client, &bytes, bytes.count)
        guard count > 0 else { return }
        let question = reader.read(bytes[..<count])
        if let question, springs(question, .question) {
          holdsQuestion = true
          continue
        }
        if let question, springs(question, .answer) { holdsAnswer = true }
        guard Loopback.sendAll(server, bytes[..<count]) else { return }
      }
      if sides[1].revents != 0 {
        let count = read(server, &bytes, bytes.count)
        if holdsAnswer {
          // It came: who asked has done what it asked for.
          state.withLock { $0.hasSprung = true }
          if count <= 0 { usleep(5_000) }
          continue
        }
        guard count > 0, Loopback.sendAll(client, bytes[..<count]) else { return }
      }
    }
  }
}

/// Sockets of this machine.
enum Loopback {
  static func listening() throws -> (descriptor: Int32, port: Int) {
    let own = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(own, $0, length) == 0 && listen(own, 128) == 0 && getsockname(own, $0, &length) == 0
      }
    }
    guard isOpen else {
      throw Tool.Failure.notStarted(path: "socket", reason: String(cString: strerror(errno)))
    }
    return (own, Int(UInt16(bigEndian: address.sin_port)))
  }

  static func sendAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// Names requests by their first line, without what follows a `?`.
package struct RequestReader: TrapLine.Reader {
  package init() {}

  package mutating func read(_ bytes: ArraySlice<UInt8>) -> String? {
    let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    guard line.hasSuffix(" HTTP/1.1") else { return nil }
    return String(line.dropLast(9).prefix { $0 != "?" })
  }
}

/// Names each COMMIT by the statements of its transaction, one a line, as PostgreSQL's protocol 3
/// carries them without TLS.
package struct CommitReader: TrapLine.Reader {
  private var rest: [UInt8] = []
  private var hasStarted = false
  private var statements: [String: String] = [:]
  private var said: [String] = []

  package init() {}

  package mutating func read(_ bytes: ArraySlice<UInt8>) -> String? {
    rest += bytes
    var commit: String?
    while let (type, body) = message() {
      let texts = body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      switch type {
      case UInt8(ascii: "P") where texts.count > 1: statements[texts[0]] = texts[1]
      case UInt8(ascii: "B") where texts.count > 1: said.append(statements[texts[1]] ?? "")
      case UInt8(ascii: "Q") where texts.first?.hasPrefix("BEGIN") == true: said = []
      case UInt8(ascii: "Q") where texts.first == "COMMIT":
        commit = said.joined(separator: "\n")
      default: break
      }
    }
    return commit
  }

  /// The next whole message. Before the start messages have no type.
  private mutating func message() -> (type: UInt8, body: ArraySlice<UInt8>)? {
    let head = hasStarted ? 1 : 0
    guard rest.count >= head + 4 else { return nil }
    let length = rest[head..<head + 4].reduce(0) { $0 << 8 | Int($1) }
    guard rest.count >= head + length else { return nil }
    let type = hasStarted ? rest[0] : 0
    let body = rest[head + 4..<head + length]
    // Version 3.0, unless it asks whether there is encryption.
    if !hasStarted { hasStarted = body.prefix(4).elementsEqual([0, 3, 0, 0]) }
    rest.removeFirst(head + length)
    return (type, body)
  }
}
