package import FlowrexAuth
import FlowrexContract

extension SQLTransaction {
  package func attempt(
    account: String, address: String, now: Int64
  ) throws(StoreFault) -> SignInAttempt {
    try holdAttempts(of: account)
    var pair = try failures(.pair, account, address)
    var all = try failures(.account, account, "")
    let attempt = SignInFailures.attempt(pair: &pair, account: &all, at: now)
    guard attempt != .locked else { return .locked }
    try keep(pair, .pair, account, address)
    try keep(all, .account, account, "")
    return attempt
  }

  package func succeeded(account: String, address: String) throws(StoreFault) {
    try holdAttempts(of: account)
    try keep(nil, .pair, account, address)
    var all = try failures(.account, account, "")
    SignInFailures.takeBack(from: &all)
    try keep(all, .account, account, "")
  }

  /// Attempts at one account follow one another, also where there is no row to hold yet. In
  /// SQLite transactions that write do anyway.
  private func holdAttempts(of account: String) throws(StoreFault) {
    guard connection.dialect == .postgresql else { return }
    _ = try run(
      "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text", .text("sign-in \(account)"))
  }

  private func failures(
    _ scope: LockOutScope, _ account: String, _ address: String
  ) throws(StoreFault) -> SignInFailures? {
    let rows = try run(
      """
      SELECT failures, since, locked_until FROM sign_in_failures
      WHERE account = $1 AND scope = $2 AND address = $3
      """, .text(account), .word(scope), .text(address))
    return try rows.first?.read(of: "sign_in_failures") { row throws(StoreFault) in
      try SignInFailures(
        count: row.count(), since: row.seconds(), lockedUntil: row.optionalSeconds())
    }
  }

  private func keep(
    _ failures: SignInFailures?, _ scope: LockOutScope, _ account: String, _ address: String
  ) throws(StoreFault) {
    guard let failures else {
      _ = try run(
        "DELETE FROM sign_in_failures WHERE account = $1 AND scope = $2 AND address = $3",
        .text(account), .word(scope), .text(address))
      return
    }
    _ = try run(
      """
      INSERT INTO sign_in_failures (account, scope, address, failures, since, locked_until)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (account, scope, address) DO UPDATE SET failures = excluded.failures,
        since = excluded.since, locked_until = excluded.locked_until
      """,
      .text(account), .word(scope), .text(address), .count(failures.count),
      .seconds(failures.since), .seconds(failures.lockedUntil))
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
