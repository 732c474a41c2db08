import FlowrexContract
package import FlowrexStore
import Ledger
import Risk
import Synchronization

extension Desk {
  /// Says to the venue what is due, all of it at the same time. (C-39, S04-RES-07)
  ///
  /// Messages are taken by a transaction that pushes their time ahead, said, and concluded by
  /// further transactions. Whoever dies in between leaves them due again, and what then happens
  /// follows from the adapter's ``SubmitGuarantee``. A message that cannot be worked on keeps no
  /// other waiting: it is put off and noted.
  ///
  /// - Parameter kind: one kind only, so that what is said of one kind waits for no answer to the
  ///   other.
  /// - Returns: how many were said.
  @discardableResult
  package func deliver(_ kind: OutboxKind? = nil, limit: Int) async throws -> Int {
    let (name, now) = (broker.name, clock.now())
    let desk = self
    let (due, heard) = try await store.transact { rows in
      try desk.checkClock(rows)
      return try (
        rows.dueMessages(kind, of: name, at: now, limit: limit), rows.heard(of: name)
      )
    }
    for message in due.unreadable { try await putOff(message) }
    guard !due.messages.isEmpty else { return 0 }
    try await learnJournal(heard)
    let gathering = Gathering<Answer> { [self] answers in
      try await eachAlone(
        answers, of: \.errand.message.account, { try await putOff($0.errand.message, $1) },
        conclude)
    }
    let said = Mutex(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      try await eachAlone(due.messages, of: \.account, putOff) { messages, isPatient in
        let errands = try await take(messages, isPatient)
        said.withLock { $0 += errands.count }
        // Said as soon as they are taken: a lease waits for nobody's lock.
        for errand in errands {
          group.addTask { await gathering.add(await say(errand)) }
        }
      }
    }
    try gathering.throwFirstError()
    return said.withLock { $0 }
  }

  /// Asks which journal the venue keeps, if that is not known: what is sent may be taken in that
  /// one only, and as long as nobody knows, nothing is sent.
  private func learnJournal(_ heard: VenueCursor) async throws {
    guard heard == .beginning else { return }
    let news = await asked { () throws(BrokerFault) in
      try await broker.events(after: 0, of: 0, limit: 1)
    }
    guard case .success(let news) = news else { return }
    _ = try await begin(news.epoch, after: heard)
  }

  /// What a message comes to.
  private enum Delivery: Sendable {
    /// - isFirst: nothing was sent before that may still arrive.
    case submit(Submission, isFirst: Bool)
    case lookUp
    case cancel
  }

  private enum Step: Sendable {
    case say(Delivery)
    /// Nothing can be said yet: the message stays due.
    case wait
    /// Nothing is to be said any more.
    case drop
  }

  /// Something to be said, by whoever holds the message's lease.
  private struct Errand: Sendable {
    let message: OutboxMessage
    let delivery: Delivery
  }

  private struct Answer: Sendable {
    enum Content: Sendable {
      case submitted(Submission, isFirst: Bool, Result<SubmitReceipt, BrokerFault>)
      case found(Result<LookUp, BrokerFault>, askedAt: Timestamp)
      case cancelled(Result<CancelReceipt, BrokerFault>, askedAt: Timestamp)
    }

    let errand: Errand
    let content: Content
  }

  /// What is read again by the transaction that takes messages.
  private struct Circumstances {
    let control: TradingControl
    /// The venue's journal, as far as it was heard.
    let epoch: Int64

    var isJournalKnown: Bool { epoch != VenueCursor.beginning.epoch }
  }

  private func take(_ messages: [OutboxMessage], _ isPatient: Bool) async throws -> [Errand] {
    let desk = self
    return try await store.transact { rows in
      // Who holds an account for long delays no other's messages.
      if !isPatient { try rows.limitWaits(to: desk.times.longestWait) }
      let circumstances = Circumstances(
        control: try rows.control(.shared), epoch: try rows.heard(of: desk.broker.name).epoch)
      return try desk.withAccounts(messages.map(\.account), rows) { accounts in
        try messages.compactMap { message in
          try accounts.with(message.account) { try desk.take(message, &$0, circumstances) }
        }
      }
    }
  }

  private func take(
    _ message: OutboxMessage, _ session: inout AccountSession, _ circumstances: Circumstances
  ) throws -> Errand? {
    guard var message = try session.rows.message(message.order, message.kind),
      message.dueAt <= session.now
    else { return nil }
    var record = try session.order(message.order)
    // It is another venue's to say.
    guard record.venue == nil || record.venue == broker.name else { return nil }
    let step: Step =
      switch message.kind {
      case .submit: try submission(&record, message, &session, circumstances)
      case .cancel: try session.needsNoCancel(record) ? .drop : .say(.cancel)
      }
    switch step {
    case .wait: return nil
    case .drop:
      try session.rows.remove(message.order, message.kind)
      return nil
    case .say(let delivery):
      message.attempts += 1
      message.dueAt = session.now.adding(times.lease)
      try session.rows.put(message)
      return Errand(message: message, delivery: delivery)
    }
  }

  private func submission(
    _ record: inout OrderRecord, _ message: OutboxMessage, _ session: inout AccountSession,
    _ circumstances: Circumstances
  ) throws -> Step {
    let order = record.order
    // Read again in this transaction: what was accepted before a stop is not sent after it.
    let state = circumstances.control.state.stricter(session.risk.state)
    let isBarred =
      state == .halted || (state == .reducing && !session.risk.isReduction(order.id, order.terms))
    // A decision that is too old is carried out no more, and not once more either.
    let isOld = session.now.since(message.createdAt) >= times.sendWithin
    let mustNotGo = isOld || (order.terms.purpose == .trade && isBarred)
    switch order.state {
    case .accepted:
      guard !mustNotGo else {
        try session.move(&record, .refused)
        return .drop
      }
      guard circumstances.isJournalKnown else { return .wait }
      (record.venue, record.epoch) = (broker.name, circumstances.epoch)
      let submission = send(&record, session)
      try session.move(&record, .submitted)
      return .say(.submit(submission, isFirst: true))
    case .submitted, .unknown:
      switch broker.guarantee {
      case .lookUpAble: return .say(.lookUp)
      case .idempotent where mustNotGo || order.cancelRequested:
        // It is not sent again; asking for its end tells whether the venue has it.
        try session.cancel(&record)
        try session.send(.cancel, order.id)
        return .drop
      case .idempotent where record.epoch != circumstances.epoch:
        // Twice is once only for a venue that remembers the first time.
        try session.giveUp(&record)
        return .drop
      case .idempotent:
        let submission = send(&record, session)
        try session.rows.save(record)
        return .say(.submit(submission, isFirst: false))
      case .neither:
        if order.state == .submitted { try session.move(&record, .answerLost) }
        try session.rows.note(.answerLost(record, at: session.now))
        return .drop
      }
    default: return .drop
    }
  }

  /// An attempt is known by the end of its life, which no other attempt of its order shares.
  private func send(_ record: inout OrderRecord, _ session: AccountSession) -> Submission {
    let life = session.now.adding(times.sendLife)
    let goodUntil = record.goodUntil.map { max(life, $0.adding(Span(microseconds: 1))) } ?? life
    record.goodUntil = goodUntil
    return Submission(
      record.order.id, of: record.account, record.order.terms, goodUntil: goodUntil,
      epoch: record.epoch ?? 0)
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

  private func conclude(_ answers: [Answer], isPatient: Bool) async throws {
    let desk = self
    try await store.transact { rows in
      if !isPatient { try rows.limitWaits(to: desk.times.longestWait) }
      try desk.withAccounts(answers.map(\.errand.message.account), rows) { accounts in
        for answer in answers {
          try accounts.with(answer.errand.message.account) { session in
            try desk.conclude(answer, &session)
          }
        }
      }
    }
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
    case .success(.refused) where record.order.state == .accepted:
      // It was proved absent meanwhile, which is what this says too: it is to be sent again.
      return
    case .success(.refused):
      if isOpen { try session.move(&record, .rejected) }
      try session.rows.remove(order, .submit)
      if record.order.state != .rejected {
        try session.rows.note(.state(record, "rejected", at: session.now))
      }
    case .failure(.notSent) where isFirst && isOpen, .success(.tooLate) where isFirst && isOpen,
      .success(.otherJournal) where isFirst && isOpen:
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      try session.proveAbsent(&record)
      try session.postpone(message, times)
    case .success(.otherJournal) where isOpen:
      // An earlier attempt may have been taken, and was forgotten.
      try session.giveUp(&record)
      try session.rows.remove(order, .submit)
    case .failure, .success:
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
    case .success(.over(.rejected)):
      // It is told as an answer and never as an event, and that answer was lost.
      try session.rows.remove(message.order, .cancel)
      try session.hear(.rejected, of: message.order)
    case .success(.over(let there)) where !record.order.state.isFinal:
      // How it ended the venue tells by itself. Should it never, people have to know.
      if session.now.since(message.createdAt) >= times.gapLife {
        try session.rows.note(.overThere(record, there, at: session.now))
      }
      try session.postpone(message, times)
    case .success(.taken), .success(.over):
      try session.rows.remove(message.order, .cancel)
    case .success(.unknown) where record.order.state.isFinal:
      try session.rows.remove(message.order, .cancel)
    case .success(.unknown(let epoch)) where isLost(record, at: askedAt):
      guard record.order.state.isAtVenue else { return try session.postpone(message, times) }
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      guard record.order.state == .unknown else {
        try session.rows.note(.forgottenThere(record, at: session.now))
        return try session.postpone(message, times)
      }
      guard broker.guarantee != .neither, record.epoch == epoch else {
        try session.rows.note(
          record.epoch == epoch
            ? .answerLost(record, at: session.now) : .forgottenThere(record, at: session.now))
        return try session.postpone(message, times)
      }
      try session.proveAbsent(&record)
      try session.rows.remove(message.order, .cancel)
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
    if record.order.state.isFinal {
      try rows.remove(record.order.id, .submit)
    } else {
      try restoreMessage(of: record)
    }
  }

  /// What is accepted has a message, or it would stay so for ever. It is no younger than the
  /// decision to send it.
  ///
  /// - Returns: whether it was missing.
  @discardableResult
  func restoreMessage(of record: OrderRecord) throws -> Bool {
    let order = record.order
    guard order.state == .accepted, try rows.message(order.id, .submit) == nil else {
      return false
    }
    try putBack(order)
    return true
  }

  /// Has an order sent that was decided about before.
  func putBack(_ order: Order) throws {
    var decidedAt = order.placedAt
    if case .decided(_, by: _, let at)? = try rows.approval(of: order.id)?.approval.state {
      decidedAt = at
    }
    try rows.put(OutboxMessage(.submit, order.id, of: id, dueAt: now, createdAt: decidedAt))
  }

  /// Nobody has to ask for the end of an order that is over; unless it was held for absent at the
  /// venue, which may work it.
  func needsNoCancel(_ record: OrderRecord) throws -> Bool {
    try record.order.state.isFinal && !wasHeldForAbsent(record)
  }

  /// Nobody can find out any more whether the venue had it: a person decides.
  mutating func giveUp(_ record: inout OrderRecord) throws {
    if record.order.state == .submitted { try move(&record, .answerLost) }
    try rows.note(.forgottenThere(record, at: now))
  }

  /// Has a message said again later, unless its lease is somebody else's by now.
  func postpone(_ leased: OutboxMessage, _ times: DeskTimes) throws {
    _ = try rows.postpone(
      leased, to: now.adding(times.pause(after: leased.attempts)), attempts: leased.attempts)
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
