import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func hold(_ key: ClientKey, of account: AccountID) throws(StoreFault) -> Bool {
    // In SQLite no other transaction that writes is there to hold it.
    guard connection.dialect == .postgresql else { return true }
    let rows = try run(
      "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))::int",
      .text("order \(account) \(key)"))
    return try rows.first?.read(of: "lock") { row throws(StoreFault) in try row.flag() } ?? false
  }

  package func answer(to key: ClientKey, of account: AccountID) throws(StoreFault) -> KeptAnswer? {
    let rows = try run(
      """
      SELECT question, order_id, code, sentence, expires_at FROM idempotency_keys
      WHERE account = $1 AND client_key = $2
      """, .id(account), .text(key.text))
    return try rows.first?.read(of: "idempotency_keys") { row throws(StoreFault) in
      let question = try row.text()
      let order: OrderID? = try row.optionalID()
      let outcome: KeptAnswer.Outcome
      if let order {
        outcome = .accepted(order)
        _ = (row.optionalText(), row.optionalText())
      } else {
        outcome = try .denied(row.word(), sentence: row.text())
      }
      return try KeptAnswer(
        to: key, of: account, question: question, outcome: outcome, expiresAt: row.time())
    }
  }

  package func keep(_ answer: KeptAnswer) throws(StoreFault) {
    let (order, code, sentence): (OrderID?, DenialCode?, String?) =
      switch answer.outcome {
      case .accepted(let order): (order, nil, nil)
      case .denied(let code, let sentence): (nil, code, sentence)
      }
    _ = try run(
      """
      INSERT INTO idempotency_keys (account, client_key, question, order_id, code, sentence,
        expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (account, client_key) DO UPDATE SET question = excluded.question,
        order_id = excluded.order_id, code = excluded.code, sentence = excluded.sentence,
        expires_at = excluded.expires_at
      """,
      .id(answer.account), .text(answer.key.text), .text(answer.question), .id(order),
      .text(code?.rawValue), .text(sentence), .time(answer.expiresAt))
  }

  package func forgetAnswers(
    expiredAt now: Timestamp, limit: Int
  ) throws(StoreFault) -> Int {
    try run(
      """
      DELETE FROM idempotency_keys WHERE (account, client_key) IN (
        SELECT account, client_key FROM idempotency_keys WHERE expires_at <= $1
        ORDER BY expires_at LIMIT $2)
      RETURNING account
      """, .time(now), .count(limit)
    ).count
  }
}
