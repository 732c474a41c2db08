package import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

/// What a client may say of an order. Why it is placed, and whether a person has to agree, is not
/// the client's to say. (S18-EMG-03, C-65)
package struct ClientOrder: Hashable, Sendable {
  package let side: Side
  /// In lots.
  package let quantity: Quantity
  package let instrument: Instrument
  package let pricing: Pricing
  package let life: OrderLife

  package init(
    _ side: Side, _ quantity: Quantity, of instrument: Instrument, _ pricing: Pricing,
    life: OrderLife = .untilCancelled
  ) {
    self.side = side
    self.quantity = quantity
    self.instrument = instrument
    self.pricing = pricing
    self.life = life
  }
}

/// An order with whose it is, under which name, and how it is carried out.
package struct OrderRequest: Hashable, Sendable {
  package let account: AccountID
  package let person: PersonID
  /// The client's own name for the order. (S04-RES-07)
  package let key: ClientKey
  package let terms: OrderTerms
  package let mode: ExecutionMode

  /// - Parameter mode: the desk's, or a strategy's.
  package init(
    _ order: ClientOrder, of account: AccountID, by person: PersonID, key: ClientKey,
    mode: ExecutionMode
  ) {
    self.init(
      OrderTerms(
        order.side, order.quantity, of: order.instrument, order.pricing, life: order.life,
        purpose: .trade),
      of: account, by: person, key: key, mode: mode)
  }

  init(
    _ terms: OrderTerms, of account: AccountID, by person: PersonID, key: ClientKey,
    mode: ExecutionMode
  ) {
    self.account = account
    self.person = person
    self.key = key
    self.terms = terms
    self.mode = mode
  }

  /// In one spelling: two requests are the same when this is. The mode is the desk's and no part
  /// of what a client asks.
  var question: String {
    let price =
      switch terms.pricing {
      case .market: "market"
      case .limit(let price): "limit \(price)"
      }
    return [
      terms.side.rawValue, terms.quantity.description, terms.instrument.rawValue, price,
      terms.life.rawValue, terms.purpose.rawValue,
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
  /// Places a client's order, in the desk's mode.
  package func place(
    _ order: ClientOrder, of account: AccountID, by person: PersonID, key: ClientKey
  ) async throws -> OrderAnswer {
    try await place(OrderRequest(order, of: account, by: person, key: key, mode: mode))
  }

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
    var session = try AccountSession(request.account, rows, self)
    let outcome = try decide(request, as: id, &session, control)
    try rows.keep(
      KeptAnswer(
        to: request.key, of: request.account, question: request.question, outcome: outcome,
        expiresAt: session.now.adding(times.keyLife)))
    try session.save()
    return OrderAnswer(outcome: outcome, isReplay: false)
  }

  /// Asks risk, and opens the order if it says yes.
  func decide(
    _ request: OrderRequest, as id: OrderID, _ session: inout AccountSession,
    _ control: TradingControl
  ) throws -> KeptAnswer.Outcome {
    let market = market.market()
    let decision: Decision
    do throws(RiskAccountFault) {
      decision = try watch.timing { () throws(RiskAccountFault) in
        try session.risk.admit(id, request.terms, in: market, policy, control, at: session.now)
      }
    } catch {
      throw TradingFault.account(error)
    }
    if let denial = decision.denial {
      return .denied(denial.code, sentence: denial.description)
    }
    try open(request, as: id, session)
    return .accepted(id)
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
