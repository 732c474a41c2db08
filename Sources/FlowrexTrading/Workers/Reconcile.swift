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
    let name = broker.name
    var last: OrderID?
    var (checked, settled, unanswered) = (0, 0, 0)
    while true {
      let after = last
      let ids = try await store.transact {
        try $0.orderIDs(in: states, after: after, limit: batch)
      }
      for id in ids {
        if isEnding() { throw CancellationError() }
        checked += 1
        do {
          // One by one: an order that cannot be read hides none of the others.
          let (record, epoch) = try await store.transact {
            try ($0.order(id), $0.heard(of: name).epoch)
          }
          guard let record, states.contains(record.order.state) else { continue }
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
  /// any more what it had acknowledged: the order ends, and is not sent again.
  ///
  /// - Throws: ``TradingFault/stillOnItsWay(_:)`` while the venue may still take it.
  package func settleAsAbsent(_ order: OrderID, of account: AccountID) async throws -> OrderRecord {
    let desk = self
    return try await withAccount(account) { session in
      var record = try session.order(order)
      guard desk.isLost(record, at: session.now) else {
        throw TradingFault.stillOnItsWay(order)
      }
      if record.order.state.isAtVenue, !record.order.cancelRequested {
        try session.move(&record, .cancelRequested)
      }
      // What was traded in part cannot have been absent.
      if record.order.filled.isZero,
        record.order.state == .submitted || record.order.state == .working
      {
        try session.move(&record, .answerLost)
      }
      try session.move(&record, record.order.state == .unknown ? .provedAbsent : .cancelled)
      // Nobody will tell of a late fill.
      session.risk.release(order)
      try session.rows.remove(order, .submit)
      try session.rows.remove(order, .cancel)
      try session.rows.settle(.orderMissingThere, of: order.description, at: session.now)
      return record
    }
  }
}

extension AccountSession {
  /// Takes over what a look-up found.
  fileprivate mutating func adopt(
    _ there: VenueOrder, of epoch: Int64, _ record: inout OrderRecord
  ) throws -> Bool {
    let before = record
    for fill in there.fills { try hear(.filled(fill), of: there.order) }
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
