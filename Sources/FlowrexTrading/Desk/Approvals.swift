import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

/// What became of an order that a person let go.
package struct ApprovalAnswer: Hashable, Sendable {
  package let order: OrderRecord
  /// Why risk did not let it go.
  package let denial: Refusal?
}

extension Desk {
  /// Lets an order go, if risk still allows it at the prices of this moment. (C-65)
  ///
  /// The same person may say it again, and gets the same answer.
  ///
  /// - Returns: the order; `rejected` when risk said no, with the sentence.
  package func approve(
    _ order: OrderID, of account: AccountID, by person: PersonID
  ) async throws -> ApprovalAnswer {
    let desk = self
    return try await store.transact { rows in
      let control = try rows.control(.shared)
      var session = try AccountSession(account, rows, desk)
      let answer = try desk.approve(order, by: person, &session, control)
      try session.save()
      return answer
    }
  }

  /// The same inside a transaction that holds the control and the account.
  func approve(
    _ order: OrderID, by person: PersonID, _ session: inout AccountSession,
    _ control: TradingControl
  ) throws -> ApprovalAnswer {
    var (record, approval) = try session.waiting(order)
    if approval.approval.state.was(.approved, by: person) {
      return ApprovalAnswer(order: record, denial: approval.refusal)
    }
    let now = session.now
    try approval.decide { approval throws(ApprovalFault) in
      try approval.approve(by: person, at: now)
    }
    let market = market.market()
    let decision: Decision
    do throws(RiskAccountFault) {
      decision = try watch.timing { () throws(RiskAccountFault) in
        try session.risk.readmit(order, record.order.terms, in: market, policy, control, at: now)
      }
    } catch {
      throw TradingFault.account(error)
    }
    approval.refusal = decision.denial.map { Refusal($0.code, $0.description) }
    try session.rows.save(approval)
    if decision.denial == nil {
      try session.move(&record, .approved)
      try session.send(.submit, order)
    } else {
      try session.move(&record, .refused)
    }
    return ApprovalAnswer(order: record, denial: approval.refusal)
  }

  /// Ends an order that waits. (C-65)
  package func reject(
    _ order: OrderID, of account: AccountID, by person: PersonID
  ) async throws -> OrderRecord {
    try await withAccount(account) { session in
      var (record, approval) = try session.waiting(order)
      if approval.approval.state.was(.rejected, by: person) { return record }
      let now = session.now
      try approval.decide { approval throws(ApprovalFault) in
        try approval.reject(by: person, at: now)
      }
      try session.rows.save(approval)
      try session.move(&record, .refused)
      return record
    }
  }

  /// Notes the end of approvals that nobody gave in time, and gives their room back. (C-65)
  ///
  /// - Parameter batch: so many are read at once.
  /// - Returns: how many.
  package func expireApprovals(batch: Int) async throws -> Int {
    let now = clock.now()
    var last: OrderID?
    var expired = 0
    while true {
      let after = last
      let due = try await store.transact {
        try $0.dueApprovals(at: now, after: after, limit: batch)
      }
      for order in due {
        do {
          if try await expire(order) { expired += 1 }
        } catch let error where Self.isOwn(error) {
          try await noteUnworkable(order, error)
        }
      }
      guard due.count == batch else { return expired }
      last = due.last
    }
  }

  private func expire(_ order: OrderID) async throws -> Bool {
    guard let account = try await store.transact({ try $0.order(order)?.account }) else {
      return false
    }
    return try await withAccount(account) { session in
      // Somebody may have decided since.
      guard var approval = try session.rows.approval(of: order),
        approval.approval.isDue(at: session.now)
      else { return false }
      var record = try session.order(order)
      let now = session.now
      try approval.decide { approval throws(ApprovalFault) in try approval.expire(at: now) }
      try session.rows.save(approval)
      try session.move(&record, .approvalExpired)
      return true
    }
  }
}

extension Approval.State {
  fileprivate func was(_ decision: ApprovalDecision, by person: PersonID) -> Bool {
    if case .decided(decision, by: person, _) = self { true } else { false }
  }
}

extension AccountSession {
  fileprivate func waiting(_ order: OrderID) throws -> (OrderRecord, ApprovalRecord) {
    let record = try self.order(order)
    guard let approval = try rows.approval(of: order) else {
      throw TradingFault.approvalUnknown(order)
    }
    return (record, approval)
  }
}

extension ApprovalRecord {
  fileprivate mutating func decide(
    _ decision: (inout Approval) throws(ApprovalFault) -> Void
  ) throws {
    do { try decision(&approval) } catch { throw TradingFault.approval(error) }
  }
}
