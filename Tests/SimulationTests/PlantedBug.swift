import FlowrexStore

/// Faults that a careless change could bring. Each is planted at a seam (a statement, the line to
/// the venue, the names, the caps), never in the product's code, and the simulation has to find
/// it. (goal R-1)
enum PlantedBug: String, CaseIterable, Sendable {
  // Statements.
  case answersAreNotKept, answersAreNotRead, reservationsAreNotKept, reservationsStay
  case messagesAreNotKept, cancelMessagesAreNotKept, placeInEventsIsNotKept
  case fillsAreBookedAgain, fillsAreNotKept, stopIsNotRead, ordersAreNotSaved
  case positionsAreNotSaved, accountsAreNotSaved, endOfSubmissionIsNotKept
  case approvalsAreNeverDue, eventsAreNotKept, messagesAreNeverDue, commitsAreLost
  case movementsAreBookedAgain
  // The line to the venue.
  case takesSilenceForRefusal, takesSilenceForSuccess, takesSilenceForNotSent
  case claimsToBeIdempotent, provesTooEarly, findsNothing, skipsEvents, losesFills
  case doesNotCancel
  // The rest.
  case namesRepeat, capsAreLooser
}

/// Whether statements pass the planted bug; the auditor's do not.
final class Plant: @unchecked Sendable {
  var isOn = true
}

/// A connection on which a bug is planted.
struct BuggyConnection: SQLConnection {
  let inner: any SQLConnection
  let bug: PlantedBug

  var dialect: SQLDialect { inner.dialect }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    switch bug {
    case .answersAreNotKept: return try skip("INSERT INTO idempotency_keys", sql, values)
    case .answersAreNotRead:
      return try skip("SELECT question, order_id, code", sql, values)
    case .reservationsAreNotKept: return try skip("INSERT INTO risk_reservations", sql, values)
    case .reservationsStay: return try skip("DELETE FROM risk_reservations", sql, values)
    case .messagesAreNotKept:
      return try skip("INSERT INTO outbox", sql, values) { values in
        values[1] == .text("submit") && values[4] == .integer(0)
      }
    case .cancelMessagesAreNotKept:
      return try skip("INSERT INTO outbox", sql, values) { $0[1] == .text("cancel") }
    case .messagesAreNeverDue: return try skip("SELECT order_id, kind, account", sql, values)
    case .placeInEventsIsNotKept: return try skip("UPDATE broker_cursors", sql, values)
    case .fillsAreBookedAgain: return try pretend("INSERT INTO fills", sql, values)
    case .movementsAreBookedAgain: return try pretend("INSERT INTO cash_movements", sql, values)
    case .fillsAreNotKept:
      guard sql.hasPrefix("INSERT INTO fills") else { break }
      return [SQLRow([values[0]])]
    case .stopIsNotRead:
      guard sql.hasPrefix("SELECT state, kill_switch") else { break }
      return [SQLRow([.text("active"), .text("released"), .null, .null])]
    case .ordersAreNotSaved: return try skip("UPDATE orders", sql, values)
    case .positionsAreNotSaved: return try skip("INSERT INTO positions", sql, values)
    case .accountsAreNotSaved: return try skip("UPDATE accounts", sql, values)
    case .endOfSubmissionIsNotKept:
      guard sql.hasPrefix("UPDATE orders") else { break }
      return try inner.execute(sql, Array(values.dropLast()) + [.null])
    case .approvalsAreNeverDue:
      return try skip("SELECT order_id, account, requested_at", sql, values) {
        $0.count == 2
      }
    case .eventsAreNotKept: return try skip("INSERT INTO order_events", sql, values)
    default: break
    }
    return try inner.execute(sql, values)
  }

  private func skip(
    _ start: String, _ sql: String, _ values: [SQLValue],
    where isMeant: ([SQLValue]) -> Bool = { _ in true }
  ) throws(StoreFault) -> [SQLRow] {
    if sql.hasPrefix(start), isMeant(values) { return [] }
    return try inner.execute(sql, values)
  }

  /// Says that a row was new although it was not.
  private func pretend(
    _ start: String, _ sql: String, _ values: [SQLValue]
  ) throws(StoreFault) -> [SQLRow] {
    let rows = try inner.execute(sql, values)
    return sql.hasPrefix(start) && rows.isEmpty ? [SQLRow([values[0]])] : rows
  }
}
