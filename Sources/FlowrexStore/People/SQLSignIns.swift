package import FlowrexAuth
import FlowrexContract

extension SQLTransaction {
  package func attempt(
    account: String, address: String, now: Int64
  ) throws(StoreFault) -> SignInAttempt {
    try holdAttempts(of: account)
    var (pair, all) = try failures(account, address)
    let attempt = SignInFailures.attempt(pair: &pair, account: &all, at: now)
    guard attempt != .locked, let pair, let all else { return .locked }
    try keep(pair, all, account, address)
    return attempt
  }

  package func succeeded(account: String, address: String) throws(StoreFault) {
    try holdAttempts(of: account)
    var (_, all) = try failures(account, address)
    SignInFailures.takeBack(from: &all)
    try replace(nil, all, account, address)
  }

  package func takeBack(account: String, address: String) throws(StoreFault) {
    try holdAttempts(of: account)
    var (pair, all) = try failures(account, address)
    SignInFailures.takeBack(pair: &pair, account: &all)
    try replace(pair, all, account, address)
  }

  private func replace(
    _ pair: SignInFailures?, _ all: SignInFailures?, _ account: String, _ address: String
  ) throws(StoreFault) {
    _ = try run(
      """
      DELETE FROM sign_in_failures
      WHERE account = $1 AND (scope = 'pair' AND address = $2 OR scope = 'account')
      """, .text(account), .text(address))
    if pair != nil || all != nil { try keep(pair, all, account, address) }
  }

  /// Attempts at one account follow one another, also where there is no row to hold yet. In
  /// SQLite transactions that write do anyway.
  private func holdAttempts(of account: String) throws(StoreFault) {
    guard connection.dialect == .postgresql else { return }
    _ = try run(
      "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text", .text("sign-in \(account)"))
  }

  /// Those of an address, and those from everywhere.
  private func failures(
    _ account: String, _ address: String
  ) throws(StoreFault) -> (pair: SignInFailures?, all: SignInFailures?) {
    let rows = try run(
      """
      SELECT scope, failures, since, locked_until FROM sign_in_failures
      WHERE account = $1 AND (scope = 'pair' AND address = $2 OR scope = 'account')
      """, .text(account), .text(address))
    var found: (pair: SignInFailures?, all: SignInFailures?)
    for row in rows {
      try row.read(of: "sign_in_failures") { row throws(StoreFault) in
        let scope: LockOutScope = try row.word()
        let failures = try SignInFailures(
          count: row.count(), since: row.seconds(), lockedUntil: row.optionalSeconds())
        switch scope {
        case .pair: found.pair = failures
        case .account: found.all = failures
        }
      }
    }
    return found
  }

  private func keep(
    _ pair: SignInFailures?, _ all: SignInFailures?, _ account: String, _ address: String
  ) throws(StoreFault) {
    let rows: [(LockOutScope, String, SignInFailures)] =
      (pair.map { [(.pair, address, $0)] } ?? []) + (all.map { [(.account, "", $0)] } ?? [])
    var values: [SQLValue] = [.text(account)]
    let places = rows.map { scope, address, failures in
      let first = values.count + 1
      values += [
        .word(scope), .text(address), .count(failures.count), .seconds(failures.since),
        .seconds(failures.lockedUntil),
      ]
      return "($1, " + (first..<first + 5).map { "$\($0)" }.joined(separator: ", ") + ")"
    }
    _ = try connection.execute(
      """
      INSERT INTO sign_in_failures (account, scope, address, failures, since, locked_until)
      VALUES \(places.joined(separator: ", "))
      ON CONFLICT (account, scope, address) DO UPDATE SET failures = excluded.failures,
        since = excluded.since, locked_until = excluded.locked_until
      """, values)
  }

  package func removeFailures(overAt now: Int64, limit: Int) throws(StoreFault) -> Int {
    // What is locked was counted within the window before: nothing that matters is older.
    try run(
      """
      DELETE FROM sign_in_failures WHERE (account, scope, address) IN (
        SELECT account, scope, address FROM sign_in_failures
        WHERE since <= $1 AND (locked_until IS NULL OR locked_until <= $2)
        ORDER BY since LIMIT $3)
      AND since <= $1 AND (locked_until IS NULL OR locked_until <= $2)
      RETURNING account
      """, .seconds(now - SignInFailures.window), .seconds(now), .count(limit)
    ).count
  }
}
