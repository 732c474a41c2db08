import FlowrexStore
package import FlowrexTrading

/// Faults that a careless change could bring. Each is planted at a seam (a statement, the line to
/// the venue, the names, the caps), never in the product's code, and the simulation has to find
/// it. (goal R-1)
package enum PlantedBug: String, CaseIterable, Sendable {
  // Statements.
  case answersAreNotKept, answersAreNotRead, reservationsAreNotKept, reservationsStay
  case messagesAreNotKept, cancelMessagesAreNotKept, placeInEventsIsNotKept
  case fillsAreBookedAgain, fillsAreNotKept, stopIsNotRead, ordersAreNotSaved
  case positionsAreNotSaved, accountsAreNotSaved
  case approvalsAreNeverDue, eventsAreNotKept, messagesAreNeverDue, commitsAreLost
  case attemptsAreNotKept, haltsAreNotKept, messagesAreTakenBack
  case movementsAreBookedAgain, turnoverIsNotKept, rateIsNotKept, lossIsNotKept
  case gapsAreNotKept, haltsAreNotReadWhenSending, leasesAreNotKept, roomIsGivenBackAtOnce
  case daysNeverEnd, highestValueIsNotKept
  // The line to the venue.
  case takesSilenceForRefusal, takesSilenceForSuccess, takesSilenceForNotSent
  case claimsToBeIdempotent, provesTooEarly, findsNothing, skipsEvents, losesFills
  case doesNotCancel, endOfSubmissionIsNotSaid, epochIsNotSaid
  case submissionsGoToAnyJournal, lookUpsNameTheFirstJournal
  // The rest.
  case namesRepeat, capsAreLooser, withdrawalsAreLooser
}

extension PlantedBug {
  /// Some are about venues of one kind only.
  package func concerns(_ guarantee: SubmitGuarantee) -> Bool {
    switch self {
    case .claimsToBeIdempotent, .provesTooEarly, .endOfSubmissionIsNotSaid, .findsNothing,
      .lookUpsNameTheFirstJournal:
      guarantee == .lookUpAble
    case .submissionsGoToAnyJournal, .leasesAreNotKept: guarantee == .idempotent
    default: guarantee == .idempotent || guarantee == .lookUpAble
    }
  }

  /// The worlds in which it can show; `nil` for any.
  private var kind: WorldKind? {
    switch self {
    case .roomIsGivenBackAtOnce: .hurried
    case .daysNeverEnd: .midnight
    case .highestValueIsNotKept, .withdrawalsAreLooser: .falling
    default: nil
    }
  }

  /// The first seeds whose worlds are of that kind.
  package func seeds(_ count: Int) -> [UInt64] {
    let all = (1...UInt64(count * 12)).lazy
    return Array(all.filter { kind == nil || WorldKind(seed: $0) == kind }.prefix(count))
  }
}

/// Stands between the desks and the database: it plants the bug, and notes which orders a
/// transaction has written. The auditor's own statements pass it by.
///
/// Safe to send: a world runs on one thread.
final class Tap: @unchecked Sendable {
  let bug: PlantedBug?
  var isOn = true
  private(set) var orders: [String] = []
  private(set) var accounts: [String] = []
  private(set) var hasChangedControl = false
  private var last = ""
  /// A transaction that takes messages reads control and journal, then accounts, then messages.
  private(set) var isTaking = false

  init(_ bug: PlantedBug?) { self.bug = bug }

  func note(_ sql: String, _ values: [SQLValue]) {
    if sql.hasPrefix("SELECT epoch, sequence"), last.hasPrefix("SELECT state, kill_switch") {
      isTaking = true
    }
    if sql.hasPrefix("SELECT order_id, kind") { isTaking = false }
    last = sql
    if sql.hasPrefix("UPDATE trading_control") { hasChangedControl = true }
    if sql.hasPrefix("INSERT INTO cash_movements"), case .text(let id) = values[1] {
      accounts.append(id)
    }
    guard
      sql.hasPrefix("INSERT INTO orders") || sql.hasPrefix("UPDATE orders")
        || sql.hasPrefix("DELETE FROM outbox"),
      case .text(let id)? = values.first, !orders.contains(id)
    else { return }
    orders.append(id)
  }

  func forget() {
    orders = []
    accounts = []
    hasChangedControl = false
  }
}

/// A connection on which a bug is planted.
struct TappedConnection: SQLConnection {
  let inner: any SQLConnection
  let tap: Tap

  var dialect: SQLDialect { inner.dialect }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    tap.note(sql, values)
    switch tap.bug {
    case .answersAreNotKept: return try skip("INSERT INTO idempotency_keys", sql, values)
    case .answersAreNotRead:
      return try skip("SELECT question, order_id, code", sql, values)
    case .reservationsAreNotKept: return try skip("INSERT INTO risk_reservations", sql, values)
    case .gapsAreNotKept: return try skip("INSERT INTO event_gaps", sql, values)
    case .reservationsStay: return try skip("DELETE FROM risk_reservations", sql, values)
    case .messagesAreNotKept:
      return try skip("INSERT INTO outbox", sql, values) { values in
        values[1] == .text("submit") && values[4] == .integer(0)
      }
    case .cancelMessagesAreNotKept:
      return try skip("INSERT INTO outbox", sql, values) { $0[1] == .text("cancel") }
    case .messagesAreNeverDue: return try skip("SELECT outbox.order_id, outbox.kind", sql, values)
    case .placeInEventsIsNotKept: return try skip("UPDATE broker_cursors", sql, values)
    case .fillsAreBookedAgain:
      if sql.hasSuffix("WHERE broker = $1 AND id = $2") { return [] }
      guard sql.hasPrefix("INSERT INTO fills") else { break }
      do { return try inner.execute(sql, values) } catch .duplicate { return [] }
    case .movementsAreBookedAgain: return try pretend("INSERT INTO cash_movements", sql, values)
    case .fillsAreNotKept: return try skip("INSERT INTO fills", sql, values)
    case .haltsAreNotReadWhenSending:
      guard tap.isTaking, sql.hasPrefix("SELECT owner, cash, state") else { break }
      return try inner.execute(sql, values).map { row in
        var values = row.values
        values[2] = .text("active")
        return SQLRow(values)
      }
    case .stopIsNotRead:
      guard sql.hasPrefix("SELECT state, kill_switch") else { break }
      return [SQLRow([.text("active"), .text("released"), .null, .null])]
    case .ordersAreNotSaved: return try skip("UPDATE orders", sql, values)
    case .positionsAreNotSaved: return try skip("INSERT INTO positions", sql, values)
    case .attemptsAreNotKept: return try put(.null, at: 5, of: "UPDATE orders", sql, values)
    case .haltsAreNotKept: return try put(.text("active"), at: 2, sql, values)
    case .messagesAreTakenBack:
      // A message goes although its order was only proved absent.
      let rows = try inner.execute(sql, values)
      if sql.hasPrefix("UPDATE outbox"), values[1] == .text("submit") {
        _ = try inner.execute(
          "DELETE FROM outbox WHERE order_id = $1 AND kind = $2", Array(values.prefix(2)))
      }
      return rows
    case .turnoverIsNotKept: return try put(.integer(0), at: 4, sql, values)
    case .rateIsNotKept: return try put(.text(""), at: 3, sql, values)
    case .lossIsNotKept: return try put(.integer(0), at: 6, sql, values)
    case .accountsAreNotSaved: return try skip("UPDATE accounts", sql, values)
    case .approvalsAreNeverDue:
      return try skip("SELECT order_id FROM approvals", sql, values)
    case .eventsAreNotKept: return try skip("INSERT INTO order_events", sql, values)
    default: return try executeOther(sql, values)
    }
    return try inner.execute(sql, values)
  }

  /// Those of the worlds that have something of their own, and of leases.
  private func executeOther(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    switch tap.bug {
    case .highestValueIsNotKept: return try put(.integer(0), at: 8, sql, values)
    case .daysNeverEnd: return try put(.integer(1_000_000), at: 5, sql, values)
    case .leasesAreNotKept:
      // Whoever takes a message pushes its time ahead.
      guard sql.hasPrefix("INSERT INTO outbox"), values[4] != .integer(0) else { break }
      var values = values
      values[3] = values[5]
      return try inner.execute(sql, values)
    case .roomIsGivenBackAtOnce:
      guard sql.hasPrefix("INSERT INTO risk_reservations"), values.last != .null else { break }
      return try inner.execute(
        "DELETE FROM risk_reservations WHERE order_id = $1", Array(values.prefix(1)))
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

  /// Keeps another value in a column.
  private func put(
    _ value: SQLValue, at place: Int, of start: String = "UPDATE accounts", _ sql: String,
    _ values: [SQLValue]
  ) throws(StoreFault) -> [SQLRow] {
    var values = values
    if sql.hasPrefix(start) { values[place] = value }
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
