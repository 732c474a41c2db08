package import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

/// What a client asks for.
package struct OrderRequest: Hashable, Sendable {
  package let account: AccountID
  package let person: PersonID
  /// The client's own name for the order. (S04-RES-07)
  package let key: ClientKey
  package let terms: OrderTerms
  package let mode: ExecutionMode

  package init(
    _ terms: OrderTerms, of account: AccountID, by person: PersonID, key: ClientKey,
    mode: ExecutionMode
  ) {
    self.account = account
    self.person = person
    self.key = key
    self.terms = terms
    self.mode = mode
  }

  /// In one spelling: two requests are the same when this is.
  var question: String {
    let price =
      switch terms.pricing {
      case .market: "market"
      case .limit(let price): "limit \(price)"
      }
    return [
      terms.side.rawValue, terms.quantity.description, terms.instrument.rawValue, price,
      terms.life.rawValue, terms.purpose.rawValue, mode.rawValue,
    ].joined(separator: " ")
  }
}

/// What a client is told. The same key gets the same answer as long as keys are kept.
package struct OrderAnswer: Hashable, Sendable {
  package let outcome: KeptAnswer.Outcome
  /// It was asked before, and nothing was done this time.
  package let isReplay: Bool

  package var order: OrderID? {
    if case .accepted(let id) = outcome { id } else { nil }
  }

  package var denial: DenialCode? {
    if case .denied(let code, _) = outcome { code } else { nil }
  }
}

extension Desk {
  /// Places an order, once. What is answered as accepted is durable: the order, its room under
  /// the caps and what has to be said to the venue were committed together.
  /// (S04-TRD-05, S04-RES-07, S18-HS-10)
  ///
  /// - Throws: ``TradingFault`` or ``StoreFault``. After ``StoreFault/outcomeUnknown(_:)`` the
  ///   same request tells what became of it.
  package func place(_ request: OrderRequest) async throws -> OrderAnswer {
    try await inFlight.holding(request.key, of: request.account) {
      let id = OrderID(ids.next())
      let desk = self
      return try await store.transact { try desk.place(request, as: id, $0) }
    }
  }

  private func place(
    _ request: OrderRequest, as id: OrderID, _ rows: any StoreTransaction
  ) throws -> OrderAnswer {
    guard try rows.hold(request.key, of: request.account) else {
      throw TradingFault.keyInFlight(request.key)
    }
    if let kept = try rows.answer(to: request.key, of: request.account),
      kept.expiresAt > clock.now()
    {
      guard kept.question == request.question else {
        throw TradingFault.keyUsedForAnother(request.key)
      }
      return OrderAnswer(outcome: kept.outcome, isReplay: true)
    }
    // The stop is held before the account, here and everywhere: no two transactions wait for each
    // other, and no order is accepted after a stop was committed.
    let control = try rows.control(.shared)
    // The time is read when the account is held: decisions about it are in its order.
    var session = try AccountSession(request.account, rows, at: clock.now())
    let decision: Decision
    do {
      decision = try session.risk.admit(
        id, request.terms, in: market.market(), policy, control, at: session.now)
    } catch {
      throw TradingFault.account(error)
    }
    let outcome: KeptAnswer.Outcome
    if let denial = decision.denial {
      outcome = .denied(denial.code, sentence: denial.description)
    } else {
      outcome = .accepted(id)
      try open(request, as: id, session)
    }
    try rows.keep(
      KeptAnswer(
        to: request.key, of: request.account, question: request.question, outcome: outcome,
        expiresAt: session.now.adding(times.keyLife)))
    try session.save()
    return OrderAnswer(outcome: outcome, isReplay: false)
  }

  private func open(
    _ request: OrderRequest, as id: OrderID, _ session: AccountSession
  ) throws {
    let order = Order(id, request.terms, mode: request.mode, placedAt: session.now)
    try session.rows.insert(
      OrderRecord(order, of: request.account, by: request.person, key: request.key))
    if order.state == .awaitingApproval {
      try session.rows.insert(
        ApprovalRecord(
          Approval(of: id, requestedAt: session.now, life: times.approvalLife),
          of: request.account))
    } else {
      try session.send(.submit, id)
    }
  }
}

extension AccountSession {
  /// Has something said to the venue as soon as this is committed.
  func send(_ kind: OutboxKind, _ order: OrderID) throws {
    try rows.put(OutboxMessage(kind, order, of: id, dueAt: now, createdAt: now))
  }
}
