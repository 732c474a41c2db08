import CLibPQ
import Dispatch
import FlowrexStore
import Foundation

/// One connection of libpq, used by one transaction at a time, on a thread of its own queue.
final class PostgresConnection: @unchecked Sendable {
  // Safe to send: the pool hands it to one user at a time, who works on `queue`.
  private let handle: OpaquePointer
  private var prepared: [String: String] = [:]
  let queue: DispatchQueue
  let openedAt = ContinuousClock.now

  init(_ parameters: [(String, String)]) throws(StoreFault) {
    let names = parameters.map { strdup($0.0) } + [nil]
    let values = parameters.map { strdup($0.1) } + [nil]
    defer { (names + values).forEach { free($0) } }
    let connection = names.map { UnsafePointer($0) }.withUnsafeBufferPointer { names in
      values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
        PQconnectdbParams(names.baseAddress, values.baseAddress, 0)
      }
    }
    guard let connection else { throw .unreachable("libpq has no memory") }
    guard PQstatus(connection) == CONNECTION_OK else {
      defer { PQfinish(connection) }
      throw .unreachable(Self.line(PQerrorMessage(connection)))
    }
    handle = connection
    queue = DispatchQueue(label: "postgres")
  }

  deinit { PQfinish(handle) }

  var isBroken: Bool { PQstatus(handle) != CONNECTION_OK }
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
  func transaction<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
    try command("BEGIN ISOLATION LEVEL READ COMMITTED")
    do {
      let value = try body(self)
      try commit()
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
      throw .refused(state: "25P02", message: "a failed transaction cannot be committed")
    }
  }

  /// Runs a statement without values; returns its tag.
  @discardableResult
  func command(_ sql: String) throws(StoreFault) -> String {
    let result = try check(PQexec(handle, sql))
    defer { PQclear(result) }
    return String(cString: PQcmdStatus(result))
  }

  /// The result, or why there is none.
  private func check(_ result: OpaquePointer?) throws(StoreFault) -> OpaquePointer {
    guard let result else { throw .unreachable(Self.line(PQerrorMessage(handle))) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
    default:
      defer { PQclear(result) }
      // SQLSTATE.
      let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
      let message = Self.line(PQresultErrorMessage(result))
      throw Self.fault(state, message, isBroken: isBroken)
    }
  }

  private static func fault(_ state: String?, _ message: String, isBroken: Bool) -> StoreFault {
    switch state {
    case "57014": .statementTimeout
    case "40001", "40P01", "55P03": .conflict(message)
    case "23505": .duplicate(message)
    // Shut down, crashed, starting, idle for too long, or no more connections.
    case "57P01", "57P02", "57P03", "57P05", "25P03", "53300": .unreachable(message)
    case let state?: isBroken ? .unreachable(message) : .refused(state: state, message: message)
    case nil: .unreachable(message)
    }
  }

  private static func line(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "no message" }
    return String(cString: text).split(separator: "\n").joined(separator: " ")
  }
}

extension PostgresConnection: SQLConnection {
  var dialect: SQLDialect { .postgresql }

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
    let answer = texts.map { UnsafePointer($0) }.withUnsafeBufferPointer { texts in
      PQexecPrepared(handle, name, Int32(values.count), texts.baseAddress, nil, nil, 0)
    }
    let result = try check(answer)
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
    PQclear(try check(PQprepare(handle, name, sql, 0, nil)))
    prepared[sql] = name
    return name
  }
}
