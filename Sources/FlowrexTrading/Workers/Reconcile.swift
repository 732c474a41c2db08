import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

extension Desk {
  /// Compares the orders that the venue may hold with the venue, and decides: what it has and we
  /// lack is booked, what it never had may be sent again, what cannot be decided is a divergence
  /// for people. (S03-ARCH-05, S04-RES-07)
  @discardableResult
  package func reconcile(batch: Int) async throws -> ReconciliationRun {
    try await compare(batch: batch, until: { false }).run
  }

  /// The same, and whether everything was compared.
  ///
  /// - Parameter isEnding: asked between two orders.
  /// - Throws: `CancellationError` when it was to end before it was done.
  package func compare(
    batch: Int, until isEnding: @Sendable () -> Bool
  ) async throws -> Comparison {
    let states = OrderState.allCases.filter { $0.isAtVenue || $0 == .accepted }
    let (name, desk) = (broker.name, self)
    try await store.transact { try desk.checkClock($0) }
    var last: OrderID?
    var (checked, settled, unanswered) = (0, 0, 0)
    while true {
      let after = last
      let ids = try await store.transact {
        try $0.orderIDs(in: states, of: name, after: after, limit: batch)
      }
      for id in ids {
        if isEnding() { throw CancellationError() }
        checked += 1
        do {
          // One by one: an order that cannot be read hides none of the others.
          let (record, epoch, isDoubted) = try await store.transact { rows in
            let (record, epoch) = try (rows.order(id), rows.heard(of: name).epoch)
            return try (record, epoch, record.map { try desk.mayBeOver($0, epoch, rows) })
          }
          guard let record, states.contains(record.order.state),
            record.venue == nil || record.venue == name
          else { continue }
          if let isDoubted, isDoubted.now != isDoubted.noted {
            try await noteDoubt(about: record, epoch)
          }
          if let isDecided = try await reconcile(record, epoch) {
            if isDecided { settled += 1 }
          } else {
            (checked, unanswered) = (checked - 1, unanswered + 1)
          }
        } catch let error where Self.isOwn(error) {
          try await noteUnworkable(id, error)
        }
      }
      guard ids.count == batch else { break }
      last = ids.last
    }
    let (counts, id, now) = ((checked, settled), ids.next(), clock.now())
    let run = try await store.transact { rows in
      let run = ReconciliationRun(
        id: id, at: now, checked: counts.0, settled: counts.1,
        open: try rows.countOpenDivergences())
      try rows.append(run)
      return run
    }
    return Comparison(run: run, unanswered: unanswered)
  }

  /// Where nobody can ask the venue about an order, people have to know that its end may have been
  /// left out.
  ///
  /// - Returns: whether it may have been, and whether that is noted.
  private func mayBeOver(
    _ record: OrderRecord, _ epoch: Int64, _ rows: any StoreTransaction
  ) throws -> (now: Bool, noted: Bool) {
    guard broker.guarantee != .lookUpAble, record.order.state.isAtVenue else {
      return (false, false)
    }
    return try (
      gap(around: record, epoch, rows) != nil,
      rows.openDivergence(.eventUnbooked, of: record.order.id.description) != nil
    )
  }

  private func noteDoubt(about record: OrderRecord, _ epoch: Int64) async throws {
    let (desk, id) = (self, record.order.id)
    // Under the account's lock: it may have ended meanwhile.
    try await withAccount(record.account) { session in
      let record = try session.order(id)
      guard record.order.state.isAtVenue else { return }
      if let gap = try desk.gap(around: record, epoch, session.rows) {
        try session.rows.note(.mayBeOver(record, gap, at: session.now))
      } else {
        try session.rows.settle(.eventUnbooked, of: id.description, at: session.now)
      }
    }
  }

  /// The first gap of the journal in which events of an order may lie.
  func gap(
    around record: OrderRecord, _ epoch: Int64, _ rows: any StoreTransaction
  ) throws -> EventGap? {
    let margin = Span(microseconds: -broker.clockTolerance.microseconds)
    return try rows.gaps(
      of: broker.name, in: epoch, foundAfter: record.order.placedAt.adding(margin), limit: 1
    ).first
  }

  /// - Parameter epoch: the venue's journal, as far as it was heard.
  /// - Returns: whether it was decided about; `nil` when the venue did not answer.
  private func reconcile(_ record: OrderRecord, _ epoch: Int64) async throws -> Bool? {
    let order = record.order.id
    if record.order.state == .accepted {
      return try await withAccount(record.account) { session in
        try session.restoreMessage(of: session.order(order))
      }
    }
    if broker.guarantee != .lookUpAble, record.epoch != epoch {
      // Nobody can ask, and the venue forgot.
      try await withAccount(record.account) { session in
        let record = try session.order(order)
        guard record.order.state.isAtVenue, record.epoch != epoch else { return }
        try session.rows.note(.forgottenThere(record, at: session.now))
      }
      return false
    }
    switch broker.guarantee {
    case .lookUpAble:
      let askedAt = clock.now()
      let answer = await asked { () throws(BrokerFault) in try await broker.lookUp(order) }
      guard case .success = answer else { return nil }
      let desk = self
      return try await withAccount(record.account) { session in
        try desk.conclude(answer, askedAt: askedAt, of: order, nil, &session)
      }
    case .idempotent:
      // The outbox sends it again; should its message be missing, it is put back.
      guard record.order.state == .submitted || record.order.state == .unknown else {
        return false
      }
      return try await withAccount(record.account) { session in
        let record = try session.order(order)
        guard record.order.state == .submitted || record.order.state == .unknown,
          try session.rows.message(order, .submit) == nil,
          try session.rows.message(order, .cancel) == nil
        else { return false }
        try session.putBack(record.order)
        return true
      }
    case .neither: return false
    }
  }

  /// Takes over what a look-up says.
  ///
  /// - Parameter leased: the message that the asker holds the lease of, if it holds one; nobody
  ///   else's is shortened.
  /// - Returns: whether that decided about the order.
  @discardableResult
  func conclude(
    _ answer: Result<LookUp, BrokerFault>, askedAt: Timestamp, of order: OrderID,
    _ leased: OutboxMessage?, _ session: inout AccountSession
  ) throws -> Bool {
    var record = try session.order(order)
    func later() throws -> Bool {
      if let leased { try session.postpone(leased, times) }
      return false
    }
    switch answer {
    case .success(let found):
      if let there = found.order { return try session.adopt(there, of: found.epoch, &record) }
      guard isLost(record, at: askedAt), record.order.state.isAtVenue else { return try later() }
      if record.order.state == .submitted { try session.move(&record, .answerLost) }
      guard record.order.state == .unknown, record.epoch == found.epoch else {
        // It was there, or may have been before the venue forgot.
        try session.rows.note(.forgottenThere(record, at: session.now))
        return try later()
      }
      try session.proveAbsent(&record)
      _ = try later()
      return true
    case .failure: return try later()
    }
  }

  /// A person has found out that the venue has no order whose answer was lost, or does not have
  /// any more what it had acknowledged: the order ends, and is not sent again. What is over stays
  /// as it is.
  ///
  /// - Throws: ``TradingFault/stillOnItsWay(_:)`` while the venue may still take it.
  package func settleAsAbsent(_ order: OrderID, of account: AccountID) async throws -> OrderRecord {
    let desk = self
    return try await withAccount(account) { try desk.settleAsAbsent(order, &$0) }
  }

  /// The same inside a transaction that holds the account.
  func settleAsAbsent(
    _ order: OrderID, _ session: inout AccountSession
  ) throws -> OrderRecord {
    var record = try session.order(order)
    guard !record.order.state.isFinal else { return record }
    guard isLost(record, at: session.now) else { throw TradingFault.stillOnItsWay(order) }
    // Its room goes, too: nobody will tell of a late fill.
    try session.move(&record, .settledAbsent)
    try session.rows.remove(order, .submit)
    try session.rows.remove(order, .cancel)
    try session.rows.settle(
      [.orderMissingThere, .eventUnbooked], of: order.description, at: session.now)
    return record
  }
}

extension Desk {
  /// Fills that look-ups found and that do not fit their orders, the first found first.
  package func foundFills(limit: Int) async throws -> [FoundFill] {
    let name = broker.name
    return try await store.transact { try $0.foundFills(of: name, limit: limit) }
  }

  /// Books a fill that a look-up found, now that a person has mended why it did not fit.
  ///
  /// - Returns: false when it is not left out any more.
  /// - Throws: what keeps it from being booked; it stays left out then.
  package func bookAgain(_ id: FillID, of order: OrderID) async throws -> Bool {
    let (name, desk) = (broker.name, self)
    return try await store.transact { rows in
      guard let found = try rows.foundFill(id, of: order, from: name) else { return false }
      guard let owner = try rows.order(order)?.account else {
        throw TradingFault.orderUnknown(order)
      }
      let isBooked = try desk.withAccounts([owner], rows) { accounts in
        try accounts.with(owner) { try $0.hear(.filled(found.fill), of: order) }
      }
      guard isBooked else { throw TradingFault.misfit(order) }
      try rows.removeFound(id, of: order, from: name)
      try rows.settle(.fillMissingHere, of: id.description, at: desk.clock.now())
      return true
    }
  }
}

extension AccountSession {
  /// Takes over what a look-up found.
  fileprivate mutating func adopt(
    _ there: VenueOrder, of epoch: Int64, _ record: inout OrderRecord
  ) throws -> Bool {
    let before = record
    for fill in there.fills where try !hear(.filled(fill), of: there.order) {
      try rows.keep(FoundFill(from: venue, of: there.order, fill, foundAt: now))
    }
    switch there.state {
    case .working: try hear(.acknowledged, of: there.order)
    case .cancelled: try hear(.cancelled, of: there.order)
    case .expired: try hear(.expired, of: there.order)
    case .rejected: try hear(.rejected, of: there.order)
    case .filled: break
    }
    record = try order(there.order)
    if record.epoch != epoch {
      record.epoch = epoch
      try rows.save(record)
    }
    if record != before {
      try rows.settle(.orderMissingThere, of: there.order.description, at: now)
    }
    return record != before
  }
}
