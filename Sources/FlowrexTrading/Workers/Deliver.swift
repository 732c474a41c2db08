import FlowrexContract
import FlowrexStore
import Ledger
import Risk

extension Desk {
  /// Says to the venue what is due, all of it at the same time. (C-39, S04-RES-07)
  ///
  /// Messages are taken by a transaction that pushes their time ahead, said, and concluded by
  /// further transactions. Whoever dies in between leaves them due again, and what then happens
  /// follows from the adapter's ``SubmitGuarantee``. A message that cannot be worked on keeps no
  /// other waiting: it is put off and noted.
  ///
  /// - Returns: how many were said.
  @discardableResult
  package func deliver(limit: Int) async throws -> Int {
    let now = clock.now()
    let due = try await store.transact { try $0.dueMessages(at: now, limit: limit) }
    let errands = try await eachAlone(due, putOff) { try await take($0) }
    let gathering = Gathering<Answer> { [self] answers in
      _ = try await eachAlone(answers, { try await putOff($0.errand.message, $1) }, conclude)
    }
    await withTaskGroup(of: Void.self) { group in
      for errand in errands {
        group.addTask { await gathering.add(await say(errand)) }
      }
    }
    try gathering.throwFirstError()
    return errands.count
  }

  /// What a message comes to.
  private enum Delivery: Sendable {
    /// - isFirst: nothing was sent before that may still arrive.
    case submit(Submission, isFirst: Bool)
    case lookUp
    case cancel
  }

  /// Something to be said, by whoever holds the message's lease.
  private struct Errand: Sendable {
    let message: OutboxMessage
    let delivery: Delivery
  }

  private struct Answer: Sendable {
    enum Content: Sendable {
      case submitted(Submission, isFirst: Bool, Result<SubmitReceipt, BrokerFault>)
      case found(Result<VenueOrder?, BrokerFault>, askedAt: Timestamp)
      case cancelled(Result<CancelReceipt, BrokerFault>, askedAt: Timestamp)
    }

    let errand: Errand
    let content: Content
  }

  private func take(_ messages: [OutboxMessage]) async throws -> [Errand] {
    let desk = self
    return try await store.transact { rows in
      let control = try rows.control(.shared)
      return try desk.withAccounts(messages.map(\.account), rows) { accounts in
        try messages.compactMap { message in
          try accounts.with(message.account) { try desk.take(message, &$0, control) }
        }
      }
    }
  }

  private func take(
    _ message: OutboxMessage, _ session: inout AccountSession, _ control: TradingControl
  ) throws -> Errand? {
    guard var message = try session.rows.message(message.order, message.kind),
      message.dueAt <= session.now
    else { return nil }
    var record = try session.order(message.order)
    let delivery: Delivery? =
      switch message.kind {
      case .submit: try submission(&record, message, &session, control)
      case .cancel: record.order.state.isFinal ? nil : .cancel
      }
    guard let delivery else {
      try session.rows.remove(message.order, message.kind)
      return nil
    }
    message.attempts += 1
    message.dueAt = session.now.adding(times.lease)
    try session.rows.put(message)
    return Errand(message: message, delivery: delivery)
  }

  private func submission(
    _ record: inout OrderRecord, _ message: OutboxMessage, _ session: inout AccountSession,
    _ control: TradingControl
  ) throws -> Delivery? {
    let order = record.order
    // Read again in this transaction: what was accepted before a stop is not sent after it.
    let state = control.state.stricter(session.risk.state)
    let mustNotGo = order.terms.purpose == .trade && state == .halted
    switch order.state {
    case .accepted:
      guard !mustNotGo, session.now.since(message.createdAt) < times.sendWithin else {
        try session.move(&record, .refused)
        return nil
      }
      let submission = send(&record, session)
      try session.move(&record, .submitted)
      return .submit(submission, isFirst: true)
    case .submitted, .unknown:
      switch broker.guarantee {
      case .lookUpAble: return .lookUp
      case .idempotent where mustNotGo || order.cancelRequested:
        // It is not sent again; asking for its end tells whether the venue has it.
        try session.cancel(&record)
        try session.send(.cancel, order.id)
        return nil
      case .idempotent:
        let submission = send(&record, session)
        try session.rows.save(record)
        return .submit(submission, isFirst: false)
      case .neither:
        if order.state == .submitted { try session.move(&record, .answerLost) }
        try session.rows.note(.answerLost(record, at: session.now))
        return nil
      }
    default: return nil
    }
  }

  /// An attempt is known by the end of its life, which no other attempt of its order shares.
  private func send(_ record: inout OrderRecord, _ session: AccountSession) -> Submission {
    let life = session.now.adding(times.sendLife)
    let goodUntil = record.goodUntil.map { max(life, $0.adding(Span(microseconds: 1))) } ?? life
    record.goodUntil = goodUntil
    return Submission(
      record.order.id, of: record.account, record.order.terms, goodUntil: goodUntil)
  }

  private func say(_ errand: Errand) async -> Answer {
    let order = errand.message.order
    switch errand.delivery {
    case .submit(let submission, let isFirst):
      let answer = await asked { () throws(BrokerFault) in try await broker.submit(submission) }
      return Answer(errand: errand, content: .submitted(submission, isFirst: isFirst, answer))
    case .lookUp:
      let askedAt = clock.now()
      let answer = await asked { () throws(BrokerFault) in try await broker.lookUp(order) }
      return Answer(errand: errand, content: .found(answer, askedAt: askedAt))
    case .cancel:
      let askedAt = clock.now()
      let answer = await asked { () throws(BrokerFault) in try await broker.cancel(order) }
      return Answer(errand: errand, content: .cancelled(answer, askedAt: askedAt))
    }
  }

  private func conclude(_ answers: [Answer]) async throws -> [Void] {
    let desk = self
    try await store.transact { rows in
      try desk.withAccounts(answers.map(\.errand.message.account), rows) { accounts in
        for answer in answers {
          try accounts.with(answer.errand.message.account) { session in
            try desk.conclude(answer, &session)
          }
        }
      }
    }
    return []
  }

  private func conclude(_ answer: Answer, _ session: inout AccountSession) throws {
    let message = answer.errand.message
    switch answer.content {
    case .submitted(let submission, let isFirst, let result):
      try conclude(submission, isFirst, result, message, &session)
    case .found(let result, let askedAt):
      try conclude(result, askedAt: askedAt, of: message.order, message, &session)
    case .cancelled(let result, let askedAt):
      try conclude(result, askedAt: askedAt, message, &session)
    }
  }

  private func conclude(
    _ submission: Submission, _ isFirst: Bool, _ answer: Result<SubmitReceipt, BrokerFault>,
    _ message: OutboxMessage, _ session: inout AccountSession
  ) throws {
    let order = submission.order
    if case .success(.acknowledged) = answer {
      // Whichever attempt it was: the venue has the order.
      try session.hear(.acknowledged, of: order)
      return
    }
    var record = try session.order(order)
    // What became of an earlier attempt says nothing about one that is on its way now.
    guard record.goodUntil == submission.goodUntil else { return }
    let isOpen = record.order.state == .submitted || record.order.state == .unknown
    switch answer {
    case .success(.refused):
      if isOpen { try session.move(&record, .rejected) }
      try session.rows.remove(order, .submit)
      if record.order.state != .rejected {
        try session.rows.note(.state(record, "rejected", at: session.now))
      }
    case .failure(.notSent) where isFirst && isOpen:
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      try session.proveAbsent(&record)
      try session.postpone(message, times)
    case .failure, .success(.acknowledged):
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      try session.postpone(message, times)
    }
  }

  private func conclude(
    _ answer: Result<CancelReceipt, BrokerFault>, askedAt: Timestamp, _ message: OutboxMessage,
    _ session: inout AccountSession
  ) throws {
    var record = try session.order(message.order)
    switch answer {
    case .success(.taken), .success(.over):
      try session.rows.remove(message.order, .cancel)
    case .success(.unknown) where isLost(record, at: askedAt):
      switch record.order.state {
      case .submitted, .unknown:
        if record.order.state == .submitted { try session.move(&record, .answerLost) }
        guard broker.guarantee != .neither else {
          try session.rows.note(.answerLost(record, at: session.now))
          return try session.postpone(message, times)
        }
        try session.proveAbsent(&record)
        try session.rows.remove(message.order, .cancel)
      case .working, .partiallyFilled:
        try session.rows.note(.forgottenThere(record, at: session.now))
        try session.postpone(message, times)
      default: try session.postpone(message, times)
      }
    case .success(.unknown), .failure:
      try session.postpone(message, times)
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

  /// Has a message said again later, unless its lease is somebody else's by now.
  func postpone(_ leased: OutboxMessage, _ times: DeskTimes) throws {
    guard var message = try rows.message(leased.order, leased.kind), message == leased else {
      return
    }
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
