/// Looks at the whole audit log, row by row, for anything that was changed, taken out, added or
/// put elsewhere. (S18-AUD-02)
///
/// Whoever may write the database can write the whole log anew, with new hashes: that is seen by
/// a head that was kept elsewhere.
package struct AuditVerifier: Sendable {
  private let store: any Store

  package init(_ store: any Store) { self.store = store }

  package enum Verdict: Hashable, Sendable {
    case whole(AuditHead)
    /// The first row that is wrong, and how.
    case broken(String)
  }

  private static let batch = 500

  /// - Parameter kept: a head that was exported earlier; the log must still lead through it.
  package func verify(against kept: AuditHead? = nil) async throws -> Verdict {
    // What is added meanwhile is not looked at.
    guard let extent = try await store.transact({ try $0.auditExtent() }) else {
      return .broken("the audit log has no head")
    }
    let head = extent.head
    if let first = extent.first, first < 1 {
      return .broken("audit row \(first) stands before the first")
    }
    if let last = extent.last, last > head.number {
      return .broken("audit row \(last) stands behind the last, which is \(head.number)")
    }
    var chain = AuditChain(kept: kept)
    while chain.number < head.number {
      let number = chain.number
      let rows = try await store.transact { try $0.auditRows(after: number, limit: Self.batch) }
      for row in rows where chain.number < head.number {
        if let fault = chain.fault(of: row) { return .broken(fault) }
      }
      if rows.isEmpty {
        return .broken(
          "audit row \(chain.number + 1) is missing: the log went on to row \(head.number)")
      }
    }
    let (number, hash) = (chain.number, chain.hash)
    if extent.rows != number {
      return .broken("the audit log has \(extent.rows) rows, and its head says \(number)")
    }
    if hash != head.hash {
      return .broken("audit row \(number) is not the one that was added last")
    }
    if let kept, kept.number > number {
      return .broken("audit row \(number + 1) is missing: the head that was kept is \(kept.number)")
    }
    return .whole(AuditHead(number: number, hash: hash))
  }
}

/// The chain as far as it was looked at.
struct AuditChain {
  private(set) var number: Int64 = 0
  private(set) var hash = ""
  let kept: AuditHead?

  init(kept: AuditHead?) { self.kept = kept }

  /// What is wrong with the next row; `nil` when the chain goes on with it.
  mutating func fault(of row: AuditRow) -> String? {
    let next = number + 1
    guard row.number == String(next) else { return "audit row \(next) is missing" }
    guard row.previous == hash else { return "audit row \(next) does not follow the one before" }
    let computed = AuditRow.hash(number: row.number, fields: row.fields, previous: row.previous)
    guard row.hash == computed else { return "audit row \(next) was changed" }
    if let kept, kept.number == next, kept.hash != row.hash {
      return "audit row \(next) is not the one whose head was kept"
    }
    number = next
    hash = row.hash
    return nil
  }
}
