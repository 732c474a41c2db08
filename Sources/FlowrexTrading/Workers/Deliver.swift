import FlowrexContract
import FlowrexStore
import Ledger
import Risk

extension Desk {
  /// Says to the venue what is due, one message after another. (C-39, S04-RES-07)
  ///
  /// A message is taken by a transaction that pushes its time ahead, said, and concluded by a
  /// second transaction. Whoever dies in between leaves it due again, and what then happens follows
  /// from the adapter's ``SubmitGuarantee``.
  ///
  /// - Returns: how many were said.
  @discardableResult
  package func deliver(limit: Int) async throws -> Int {
    let now = clock.now()
    let due = try await store.transact { try $0.dueMessages(at: now, limit: limit) }
    var said = 0
    for message in due {
      switch try await take(message) {
      case .nothing: continue
      case .submit(let submission, let isFirst): try await submit(submission, isFirst)
      case .lookUp(let order): try await ask(for: order, of: message.account)
      case .cancel(let order): try await end(order, of: message.account)
      }
      said += 1
    }
    return said
  }

  /// What a message comes to.
  enum Delivery: Hashable, Sendable {
    case nothing
    /// - isFirst: nothing was sent before that may still arrive.
    case submit(Submission, isFirst: Bool)
    case lookUp(OrderID)
    case cancel(OrderID)
  }

  private func take(_ message: OutboxMessage) async throws -> Delivery {
    let desk = self
    return try await store.transact { rows in
      let control = try rows.control(.shared)
      var session = try AccountSession(message.account, rows, at: desk.clock.now())
      guard var message = try rows.message(message.order, message.kind),
        message.dueAt <= session.now
      else { return .nothing }
      var record = try session.order(message.order)
      let delivery =
        switch message.kind {
        case .submit: try desk.submission(&record, message, &session, control)
        case .cancel: record.order.state.isFinal ? Delivery.nothing : .cancel(record.order.id)
        }
      if delivery == .nothing {
        try rows.remove(message.order, message.kind)
      } else {
        message.attempts += 1
        message.dueAt = session.now.adding(desk.times.lease)
        try rows.put(message)
      }
      try session.save()
      return delivery
    }
  }

  private func submission(
    _ record: inout OrderRecord, _ message: OutboxMessage, _ session: inout AccountSession,
    _ control: TradingControl
  ) throws -> Delivery {
    let order = record.order
    // Read again in this transaction: what was accepted before a stop is not sent after it.
    let state = control.state.stricter(session.risk.state)
    let mustNotGo = order.terms.purpose == .trade && state == .halted
    switch order.state {
    case .accepted:
      guard !mustNotGo, session.now.since(message.createdAt) < times.sendWithin else {
        try session.move(&record, .refused)
        return .nothing
      }
      try session.take(.submitted, &record)
      return try .submit(send(&record, session), isFirst: true)
    case .submitted, .unknown:
      switch broker.guarantee {
      case .lookUpAble: return .lookUp(order.id)
      case .idempotent where mustNotGo || order.cancelRequested:
        // It is not sent again; asking for its end tells whether the venue has it.
        try session.cancel(&record)
        try session.send(.cancel, order.id)
        return .nothing
      case .idempotent: return try .submit(send(&record, session), isFirst: false)
      case .neither:
        if order.state == .submitted { try session.move(&record, .answerLost) }
        try session.rows.note(.missingThere(record, at: session.now))
        return .nothing
      }
    default: return .nothing
    }
  }

  private func send(
    _ record: inout OrderRecord, _ session: AccountSession
  ) throws -> Submission {
    let goodUntil = session.now.adding(times.sendLife)
    record.goodUntil = goodUntil
    try session.rows.save(record)
    return Submission(
      record.order.id, of: record.account, record.order.terms, goodUntil: goodUntil)
  }

  private func submit(_ submission: Submission, _ isFirst: Bool) async throws {
    let answer: Result<SubmitReceipt, BrokerFault>
    do { answer = .success(try await broker.submit(submission)) } catch { answer = .failure(error) }
    let desk = self
    try await withAccount(submission.account) { session in
      try desk.conclude(submission.order, answer, isFirst, &session)
    }
  }

  private func conclude(
    _ order: OrderID, _ answer: Result<SubmitReceipt, BrokerFault>, _ isFirst: Bool,
    _ session: inout AccountSession
  ) throws {
    var record = try session.order(order)
    let isOpen = record.order.state == .submitted || record.order.state == .unknown
    switch answer {
    case .success(.acknowledged):
      if isOpen { try session.move(&record, .acknowledged) }
      try session.rows.remove(order, .submit)
    case .success(.refused):
      if isOpen { try session.move(&record, .rejected) }
      try session.rows.remove(order, .submit)
      if record.order.state != .rejected {
        try session.rows.note(.state(record, "rejected", at: session.now))
      }
    case .failure(.notSent) where isFirst && isOpen:
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      try session.proveAbsent(&record)
      try session.postpone(order, .submit, times)
    case .failure:
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      try session.postpone(order, .submit, times)
    }
  }

  private func end(_ order: OrderID, of account: AccountID) async throws {
    let askedAt = clock.now()
    let answer: Result<CancelReceipt, BrokerFault>
    do { answer = .success(try await broker.cancel(order)) } catch { answer = .failure(error) }
    let desk = self
    try await withAccount(account) { session in
      var record = try session.order(order)
      switch answer {
      case .success(.taken), .success(.over):
        try session.rows.remove(order, .cancel)
      case .success(.unknown)
      where desk.broker.guarantee != .neither && desk.isLost(record, at: askedAt):
        if record.order.state == .submitted { try session.move(&record, .answerLost) }
        try session.proveAbsent(&record)
        try session.rows.remove(order, .cancel)
      case .success(.unknown), .failure:
        try session.postpone(order, .cancel, desk.times)
      }
    }
  }

  /// Whether what was sent of an order can no longer be taken by the venue, if it did not have it
  /// when it was asked at that time.
  func isLost(_ record: OrderRecord, at askedAt: Timestamp) -> Bool {
    guard let goodUntil = record.goodUntil else { return true }
    return askedAt > goodUntil.adding(broker.clockTolerance)
  }
}

extension AccountSession {
  /// The venue never had it: it may be sent again, unless somebody wants its end.
  mutating func proveAbsent(_ record: inout OrderRecord) throws {
    guard record.order.state == .unknown else { return }
    try move(&record, .provedAbsent)
    if record.order.state.isFinal { try rows.remove(record.order.id, .submit) }
  }

  /// Has a message said again later, or now when there is none.
  func postpone(_ order: OrderID, _ kind: OutboxKind, _ times: DeskTimes) throws {
    guard var message = try rows.message(order, kind) else { return }
    message.dueAt = now.adding(times.pause(after: message.attempts))
    try rows.put(message)
  }
}

extension DeskTimes {
  /// How long is waited after so many attempts.
  func pause(after attempts: Int) -> Span {
    var pause = firstPause
    for _ in 1..<max(2, min(attempts, 32)) where pause < longestPause {
      pause = Span(microseconds: pause.microseconds * 2)
    }
    return min(pause, longestPause)
  }
}

extension Divergence {
  static func missingThere(_ record: OrderRecord, at now: Timestamp) -> Self {
    Divergence(
      .orderMissingThere, of: record.order.id.description,
      "the answer to order \(record.order.id) was lost, and the venue cannot be asked",
      foundAt: now)
  }

  static func state(_ record: OrderRecord, _ there: String, at now: Timestamp) -> Self {
    Divergence(
      .stateDiffers, of: record.order.id.description,
      "order \(record.order.id) is '\(record.order.state.rawValue)' here and '\(there)' there",
      foundAt: now)
  }
}
