import Crypto
import FlowrexAuth
import Ledger

/// A row of the audit log as it stands in the database: text, for it may hold anything.
package struct AuditRow: Hashable, Sendable {
  package let number: String
  /// Moment, action, actor, subject, request, address, was, became; of a row that knows its request
  /// also method, path, user agent, status.
  package let fields: [String?]
  package let previous: String
  package let hash: String

  init(number: String, fields: [String?], previous: String, hash: String) {
    self.number = number
    self.fields = fields
    self.previous = previous
    self.hash = hash
  }

  /// So many fields every row has; the others came later.
  static let firstFields = 8

  /// SHA-256 of everything in the row and of the hash before it. Every part has its length before
  /// it, so that no two rows have one text.
  ///
  /// A row without any of the later fields has the hash that it had before they were there.
  static func hash(number: String, fields: [String?], previous: String) -> String {
    var hasher = SHA256()
    let isFirst = fields.dropFirst(firstFields).allSatisfy { $0 == nil }
    let form = isFirst ? "flowrex audit 1" : "flowrex audit 2"
    for part in [form, previous, number] + (isFirst ? Array(fields.prefix(firstFields)) : fields) {
      guard let part else {
        hasher.update(data: Array("-".utf8))
        continue
      }
      let bytes = Array(part.utf8)
      hasher.update(data: Array("\(bytes.count):".utf8) + bytes)
    }
    return hasher.finalize().map { byte in
      String(String(UInt16(byte) | 0x100, radix: 16).dropFirst())
    }.joined()
  }
}

extension SQLTransaction {
  package func append(_ entry: AuditEntry) throws(StoreFault) {
    let head = try head(connection.dialect.holding)
    let number = head.number + 1
    let occasion = entry.occasion
    let status = entry.status.map { String($0) }
    let fields: [String?] = [
      String(entry.at.microseconds), entry.action.rawValue, entry.actor, entry.subject,
      occasion.requestID, occasion.address, entry.was, entry.became, occasion.method,
      occasion.path, occasion.userAgent, status,
    ]
    let hash = AuditRow.hash(number: String(number), fields: fields, previous: head.hash)
    _ = try run(
      """
      INSERT INTO audit_logs (number, at, action, actor, subject, request_id, address, was,
        became, method, path, user_agent, status, previous, hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      """,
      .integer(number), .time(entry.at), .word(entry.action), .text(entry.actor),
      .text(entry.subject), .text(occasion.requestID), .text(occasion.address),
      .text(entry.was), .text(entry.became), .text(occasion.method), .text(occasion.path),
      .text(occasion.userAgent), .integer(entry.status.map(Int64.init)), .text(head.hash),
      .text(hash))
    _ = try run(
      "UPDATE audit_head SET number = $1, hash = $2 WHERE id = 1", .integer(number), .text(hash))
  }

  package func auditHead() throws(StoreFault) -> AuditHead { try head("") }

  private func head(_ lock: String) throws(StoreFault) -> AuditHead {
    let rows = try run("SELECT number, hash FROM audit_head WHERE id = 1" + lock)
    guard let row = rows.first else { throw .unreadable(column: "audit_head", value: "no row") }
    return try row.read(of: "audit_head") { row throws(StoreFault) in
      try AuditHead(number: row.integer(), hash: row.text())
    }
  }

  package func auditExtent() throws(StoreFault) -> AuditExtent? {
    // One statement: all of it is of one moment.
    let rows = try run(
      """
      SELECT number, hash, (SELECT count(*) FROM audit_logs), (SELECT min(number) FROM audit_logs),
        (SELECT max(number) FROM audit_logs)
      FROM audit_head WHERE id = 1
      """)
    return try rows.first?.read(of: "audit_head") { row throws(StoreFault) in
      let head = try AuditHead(number: row.integer(), hash: row.text())
      return try AuditExtent(
        head: head, rows: row.integer(), first: row.optionalInteger(), last: row.optionalInteger())
    }
  }

  package func auditRows(after number: Int64, limit: Int) throws(StoreFault) -> [AuditRow] {
    try run(
      """
      SELECT number, at, action, actor, subject, request_id, address, was, became, method, path,
        user_agent, status, previous, hash
      FROM audit_logs WHERE number > $1 ORDER BY number LIMIT $2
      """, .integer(number), .count(limit)
    ).read(of: "audit_logs") { row throws(StoreFault) in
      let number = try row.text()
      var fields: [String?] = []
      for _ in 0..<12 { fields.append(row.optionalText()) }
      return AuditRow(
        number: number, fields: fields, previous: row.optionalText() ?? "",
        hash: row.optionalText() ?? "")
    }
  }
}
