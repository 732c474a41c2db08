import Ledger
package import Risk

extension SQLTransaction {
  package func control(_ lock: RowLock) throws(StoreFault) -> TradingControl {
    try hold(lock)
    // Read by a statement of its own: what was committed while this one waited is seen.
    return try viewOfControl()
  }

  package func viewOfControl() throws(StoreFault) -> TradingControl {
    let rows = try run(
      "SELECT state, kill_switch, person, at FROM trading_control WHERE id = 1")
    guard let row = rows.first else {
      throw .unreadable(column: "trading_control", value: "no row")
    }
    return try row.read(of: "trading_control") { row throws(StoreFault) in
      try TradingControl(state: row.word(), killSwitch: Self.killSwitch(&row))
    }
  }

  /// "control" in ASCII: the number of the lock of the desk's control.
  private static let lock: Int64 = 0x63_6f6e_7472_6f6c

  /// Who waits for this lock stands in a line: a change waits for decisions that are being made,
  /// and those that come after it wait for the change. A lock of the row would let them pass, so
  /// that the stop never had its turn. In SQLite writers follow one another anyway.
  private func hold(_ lock: RowLock) throws(StoreFault) {
    guard connection.dialect == .postgresql else { return }
    switch lock {
    case .shared: _ = try run("SELECT pg_advisory_xact_lock_shared($1)::text", .integer(Self.lock))
    case .exclusive: _ = try run("SELECT pg_advisory_xact_lock($1)::text", .integer(Self.lock))
    }
  }

  private static func killSwitch(
    _ row: inout RowReader
  ) throws(StoreFault) -> TradingControl.KillSwitch {
    let word = try row.text()
    let person: PersonID? = try row.optionalID()
    let at = try row.optionalTime() ?? Timestamp(microseconds: 0)
    switch (word, person) {
    case ("released", _): return .released
    case ("engaged", let person?): return .engaged(by: .person(person), at: at)
    case ("engaged", nil): return .engaged(by: .riskGuard, at: at)
    case ("release_proposed", let person?): return .releaseProposed(by: person, at: at)
    default: throw row.unreadable(word)
    }
  }

  package func save(_ control: TradingControl) throws(StoreFault) {
    let (word, person, at): (String, PersonID?, Timestamp?) =
      switch control.killSwitch {
      case .released: ("released", nil, nil)
      case .engaged(.person(let person), let at): ("engaged", person, at)
      case .engaged(.riskGuard, let at): ("engaged", nil, at)
      case .releaseProposed(let person, let at): ("release_proposed", person, at)
      }
    _ = try run(
      """
      UPDATE trading_control SET state = $1, kill_switch = $2, person = $3, at = $4
      WHERE id = 1
      """, .word(control.state), .text(word), .id(person), .time(at))
  }
}
