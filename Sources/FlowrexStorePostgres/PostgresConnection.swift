import CLibPQ
import Dispatch
import FlowrexStore
import Foundation
import Ledger

/// One connection of libpq, used by one transaction at a time, on a thread of its own queue.
///
/// Every wait has an end of its own: a server that is frozen, or a network that swallows what is
/// sent, holds a caller no longer than it was told. No cancellation is sent then: the server ends
/// its statements by itself before, and asking a frozen one to would be one more wait.
/// (C-35, S03-VAR-13)
final class PostgresConnection: @unchecked Sendable {
  // Safe to send: the pool hands it to one user at a time, who works on `queue`.
  private let handle: OpaquePointer
  private var prepared: [String: String] = [:]
  private let patience: Span
  private var isCut = false
  /// What the running transaction tells listeners.
  private var announced = Announced()
  let queue = DispatchQueue(label: "postgres")
  let openedAt = ContinuousClock.now

  /// - Parameters:
  ///   - limit: how long opening may take.
  ///   - patience: how long any answer may take; more than the server's own limits.
  init(
    _ parameters: [(String, String)], within limit: Span, patience: Span
  ) throws(StoreFault) {
    let names = parameters.map { strdup($0.0) } + [nil]
    let values = parameters.map { strdup($0.1) } + [nil]
    defer { (names + values).forEach { free($0) } }
    let connection = names.map { UnsafePointer($0) }.withUnsafeBufferPointer { names in
      values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
        PQconnectStartParams(names.baseAddress, values.baseAddress, 0)
      }
    }
    guard let connection else { throw .unreachable("libpq has no memory") }
    do throws(StoreFault) {
      try Self.open(connection, within: limit)
    } catch {
      PQfinish(connection)
      throw error
    }
    handle = connection
    self.patience = patience
  }

  deinit {
    // It may say farewell to a server that does not listen: not on the thread of whoever let go.
    let handle = Handle(pointer: handle)
    DispatchQueue.global().async { PQfinish(handle.pointer) }
  }

  private struct Handle: @unchecked Sendable {
    // Safe to send: nobody else has it any more.
    let pointer: OpaquePointer
  }

  /// Whether nothing may be said on it any more.
  var isBroken: Bool { isCut || PQstatus(handle) != CONNECTION_OK }
  var isIdle: Bool { PQtransactionStatus(handle) == PQTRANS_IDLE }

  /// Runs `body` on this connection's own thread.
  func perform<Value: Sendable>(
    _ body: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body(self) }) }
    }
  }

  /// A transaction: `body`'s writes are kept, or nothing is.
  ///
  /// - Throws: ``StaleConnection`` when the connection was dead already: nothing was done on it.
  func transaction<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
    announced = Announced()
    do throws(StoreFault) {
      try command("BEGIN ISOLATION LEVEL READ COMMITTED")
    } catch {
      if isBroken, !isCut { throw StaleConnection(fault: error) }
      throw error
    }
    do {
      let value = try body(self)
      try commit()
      notify()
      return value
    } catch {
      if !isBroken { _ = try? command("ROLLBACK") }
      throw error
    }
  }

  private func commit() throws(StoreFault) {
    let tag: String
    do {
      tag = try command("COMMIT")
    } catch .unreachable(let why) {
      throw .outcomeUnknown(why)
    } catch {
      throw error
    }
    // The server answers a COMMIT after a failed statement with ROLLBACK, and no error.
    guard tag == "COMMIT" else {
      throw .unable(state: "25P02", message: "a failed transaction cannot be committed")
    }
  }

  /// Tells listeners what was committed. After the commit and not inside of it: a transaction that
  /// notifies holds a lock of the whole server until its commit is on the disk, so that all of
  /// them would follow one another. What is lost here is found by whoever looks.
  private func notify() {
    let notices = PostgresBell.notices(of: announced.changes)
    guard !notices.isEmpty else { return }
    // All in one question.
    let calls = notices.indices.map { "pg_notify($\($0 * 2 + 1), $\($0 * 2 + 2))" }
    _ = try? execute(
      "SELECT " + calls.joined(separator: ", "),
      notices.flatMap { [.text($0.channel.rawValue), .text($0.text)] })
  }

  /// Runs a statement without values; returns its tag.
  @discardableResult
  func command(_ sql: String) throws(StoreFault) -> String {
    let result = try answer(to: PQsendQuery(handle, sql))
    defer { PQclear(result) }
    return String(cString: PQcmdStatus(result))
  }
}

/// A connection that died while nobody used it.
struct StaleConnection: Error {
  let fault: StoreFault
}

extension PostgresConnection: SQLConnection {
  var dialect: SQLDialect { .postgresql }

  func announce(_ change: Announcement) { announced.note(change) }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    let name = try prepare(sql)
    let texts = values.map { value -> UnsafeMutablePointer<CChar>? in
      switch value {
      case .null: nil
      case .integer(let number): strdup(String(number))
      case .text(let text): strdup(text)
      }
    }
    defer { texts.forEach { free($0) } }
    let sent = texts.map { UnsafePointer($0) }.withUnsafeBufferPointer { texts in
      PQsendQueryPrepared(handle, name, Int32(values.count), texts.baseAddress, nil, nil, 0)
    }
    let result = try answer(to: sent)
    defer { PQclear(result) }
    let columns = PQnfields(result)
    return (0..<PQntuples(result)).map { row in
      SQLRow(
        (0..<columns).map { column in
          PQgetisnull(result, row, column) == 1
            ? .null : .text(String(cString: PQgetvalue(result, row, column)))
        })
    }
  }

  /// A statement is planned once for each connection.
  private func prepare(_ sql: String) throws(StoreFault) -> String {
    if let name = prepared[sql] { return name }
    let name = "s\(prepared.count + 1)"
    PQclear(try answer(to: PQsendPrepare(handle, name, sql, 0, nil)))
    prepared[sql] = name
    return name
  }
}

extension PostgresConnection {
  /// The result of what was sent, or why there is none.
  private func answer(to sent: Int32) throws(StoreFault) -> OpaquePointer {
    guard !isCut else { throw .unreachable("the connection was given up") }
    guard sent == 1 else { throw .unreachable(Self.line(PQerrorMessage(handle))) }
    let end = ContinuousClock.now + .microseconds(patience.microseconds)
    while PQflush(handle) == 1 {
      try wait(Int16(POLLIN | POLLOUT), until: end)
      _ = PQconsumeInput(handle)
    }
    var last: OpaquePointer?
    while true {
      // What cannot be read is told by the result that follows.
      while PQisBusy(handle) == 1 {
        do throws(StoreFault) { try wait(Int16(POLLIN), until: end) } catch {
          PQclear(last)
          throw error
        }
        guard PQconsumeInput(handle) == 1 else { break }
      }
      guard let result = PQgetResult(handle) else { break }
      PQclear(last)
      last = result
    }
    return try check(last)
  }

  /// What was notified, at once or within a time; empty when nothing was.
  func notifications(within span: Duration) throws(StoreFault) -> [String] {
    var heard: [String] = []
    let end = ContinuousClock.now + span
    while heard.isEmpty {
      guard PQconsumeInput(handle) == 1, !isBroken else {
        throw .unreachable(Self.line(PQerrorMessage(handle)))
      }
      while let notice = PQnotifies(handle) {
        heard.append(String(cString: notice.pointee.extra))
        PQfreemem(notice)
      }
      guard heard.isEmpty, Self.isReady(handle, Int16(POLLIN), until: end) else { break }
    }
    return heard
  }

  private func wait(_ events: Int16, until end: ContinuousClock.Instant) throws(StoreFault) {
    guard Self.isReady(handle, events, until: end) else {
      isCut = true
      throw .unreachable("the server did not answer within \(patience)")
    }
  }

  private func check(_ result: OpaquePointer?) throws(StoreFault) -> OpaquePointer {
    guard let result else { throw .unreachable(Self.line(PQerrorMessage(handle))) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
    default:
      defer { PQclear(result) }
      // SQLSTATE.
      let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
      let message = Self.line(PQresultErrorMessage(result))
      // A server that only reads has become a replica: another one writes now.
      if state == "25006" { isCut = true }
      throw Self.fault(state, message, isBroken: isBroken)
    }
  }

  private static func fault(_ state: String?, _ message: String, isBroken: Bool) -> StoreFault {
    switch state {
    case "57014": .statementTimeout
    case "40001", "40P01", "55P03": .conflict(message)
    case "23505": .duplicate(message)
    // Shut down, crashed, starting, idle for too long, no more connections, or read-only.
    case "57P01", "57P02", "57P03", "57P05", "53300", "25006": .unreachable(message)
    // This session alone stood still for too long, and what it did is undone.
    case "25P03": .conflict(message)
    case _ where isBroken: .unreachable(message)
    // What a row holds: data, and what must hold of it. All else is about the server.
    case let state? where state.hasPrefix("22") || state.hasPrefix("23"):
      .refused(state: state, message: message)
    case let state?: .unable(state: state, message: message)
    case nil: .unreachable(message)
    }
  }

  private static func line(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "no message" }
    return String(cString: text).split(separator: "\n").joined(separator: " ")
  }

  private static func open(_ connection: OpaquePointer, within limit: Span) throws(StoreFault) {
    guard PQstatus(connection) != CONNECTION_BAD else {
      throw .unreachable(line(PQerrorMessage(connection)))
    }
    let end = ContinuousClock.now + .microseconds(limit.microseconds)
    var next = PGRES_POLLING_WRITING
    while next != PGRES_POLLING_OK {
      guard next != PGRES_POLLING_FAILED else {
        throw .unreachable(line(PQerrorMessage(connection)))
      }
      let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
      guard isReady(connection, Int16(events), until: end) else {
        throw .unreachable("the server did not take the connection within \(limit)")
      }
      next = PQconnectPoll(connection)
    }
    // Nothing that is sent may wait for room.
    PQsetnonblocking(connection, 1)
  }

  private static func isReady(
    _ connection: OpaquePointer, _ events: Int16, until end: ContinuousClock.Instant
  ) -> Bool {
    var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
    while true {
      let left = (end - .now).components
      guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
      let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000 + 1
      let count = poll(&descriptor, 1, Int32(clamping: milliseconds))
      if count > 0 { return true }
      // Nothing came in time; a signal is nothing that came.
      guard count == 0 || errno == EINTR else { return true }
    }
  }
}
