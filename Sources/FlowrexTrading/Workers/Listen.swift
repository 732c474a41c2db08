import FlowrexContract
import FlowrexStore
import Ledger
import Risk

extension Desk {
  /// Books what the venue has told since the last time, each event once: events and the place up
  /// to which was listened are committed together. (S04-TRD-10)
  ///
  /// - Returns: how many events were booked, those among them that the venue had left out before.
  @discardableResult
  package func listen(limit: Int) async throws -> Int {
    let (name, now) = (broker.name, clock.now())
    let (heard, gaps, waiting) = try await store.transact { rows in
      let heard = try rows.heard(of: name)
      return try (
        heard, rows.dueGaps(of: name, in: heard.epoch, at: now, limit: limit),
        rows.waitingAccounts(of: name)
      )
    }
    // What waits was told before.
    let waited = try await bookWaiting(for: waiting, limit: limit)
    let news: VenueNews
    do {
      news = try await broker.events(after: heard.sequence, of: heard.epoch, limit: limit)
    } catch {
      // Nothing was lost: the next question is the same one.
      return waited
    }
    if news.epoch != heard.epoch {
      guard try await begin(news.epoch, after: heard) else { return waited }
    }
    let booked = try await book(news)
    var late = 0
    for gap in gaps where gap.epoch == news.epoch {
      late += try await askAgain(for: gap, limit: limit)
    }
    // All that the venue had told when it was asked is heard.
    if booked == news.events.count, booked < limit {
      try await giveBack(until: now, heardIn: news.epoch, limit: limit)
    }
    return booked + late + waited
  }

  /// - Returns: how many events were heard; fewer when another desk was quicker, or when an event
  ///   is missing.
  private func book(_ news: VenueNews) async throws -> Int {
    guard !news.events.isEmpty else { return 0 }
    do {
      return try await book(news.events, of: news.epoch)
    } catch let error where Self.isOwn(error) {
      // One of them cannot be booked, or somebody stood in the way.
    }
    for (index, event) in news.events.enumerated() {
      do {
        guard try await book([event], of: news.epoch) == 1 else { return index }
      } catch let error where Self.isOwn(error) {
        // Nothing of it was booked, for a reason of its own or of its account's: a database that
        // cannot work is none. One event must not keep all others from being heard.
        guard try await setAside(event, of: news.epoch, error) else { return index }
      }
    }
    return news.events.count
  }

  /// Books the events that follow one another. Who waits for an account while it holds others keeps
  /// them waiting, too: it waits for a moment only.
  private func book(_ events: [VenueEvent], of epoch: Int64) async throws -> Int {
    let desk = self
    return try await store.transact { rows in
      guard let first = events.first?.sequence else { return 0 }
      let place = try desk.place(before: first, of: epoch, rows)
      try desk.noteGaps(among: events, of: epoch, rows)
      guard var heard = place else { return 0 }
      try rows.limitWaits(to: desk.times.longestWait)
      let told = events.enumerated().prefix { $0.element.sequence == first + Int64($0.offset) }
        .map(\.element)
      try desk.settleGaps(before: told, of: epoch, rows)
      try desk.hear(told, of: epoch, rows)
      heard.sequence += Int64(told.count)
      try rows.save(heard, of: desk.broker.name)
      return told.count
    }
  }

  /// Books events of the venue, each for its order. What cannot be booked for what it says is kept
  /// whole.
  func hear(_ told: [VenueEvent], of epoch: Int64, _ rows: any StoreTransaction) throws {
    let (name, now) = (broker.name, clock.now())
    // Whose orders they are, before any account is held.
    var owners: [OrderID: AccountID] = [:]
    for event in told where owners[event.order] == nil {
      owners[event.order] = try rows.order(event.order)?.account
    }
    // Events of an account are booked in their order.
    let waiting = Set(try rows.waitingAccounts(of: name))
    try withAccounts(owners.values.filter { !waiting.contains($0) }, rows) { accounts in
      for event in told {
        guard let owner = owners[event.order] else {
          try rows.keep(UnbookedEvent(event, of: epoch, from: name, at: now))
          try rows.note(.missingHere(event.order, at: now))
          continue
        }
        if waiting.contains(owner) {
          try rows.keep(UnbookedEvent(event, of: epoch, from: name, at: now, waitsFor: owner))
          continue
        }
        let isBooked = try accounts.with(owner) { try $0.hear(event.kind, of: event.order) }
        if !isBooked { try rows.keep(UnbookedEvent(event, of: epoch, from: name, at: now)) }
      }
    }
  }

  /// The venue keeps another journal now: it is heard from its beginning.
  ///
  /// - Returns: false when another desk was quicker.
  func begin(_ epoch: Int64, after heard: VenueCursor) async throws -> Bool {
    let (name, now) = (broker.name, clock.now())
    return try await store.transact { rows in
      guard try rows.cursor(of: name) == heard else { return false }
      try rows.save(VenueCursor(epoch: epoch, sequence: 0), of: name)
      if heard != .beginning {
        try rows.note(.journalBeganAnew(name, after: heard, at: now))
      }
      return true
    }
  }

  /// Leaves an event that cannot be booked to people; one whose account somebody holds waits.
  ///
  /// - Returns: false when it is not the next one.
  private func setAside(
    _ event: VenueEvent, of epoch: Int64, _ error: any Error
  ) async throws -> Bool {
    let desk = self
    return try await store.transact { rows in
      guard var heard = try desk.place(before: event.sequence, of: epoch, rows) else {
        return false
      }
      heard.sequence = event.sequence
      try rows.save(heard, of: desk.broker.name)
      try desk.settleGaps(before: [event], of: epoch, rows)
      if Self.isLasting(error) {
        try desk.keep(event, of: epoch, error, rows)
      } else if let owner = try rows.order(event.order)?.account {
        try rows.keep(
          UnbookedEvent(
            event, of: epoch, from: desk.broker.name, at: desk.clock.now(), waitsFor: owner))
      } else {
        throw error
      }
      return true
    }
  }

  /// Gives back the room of orders whose late fills would have been heard by now. One may lie in a
  /// gap that was found after its order was placed, or wait for its account: then it stays taken.
  private func giveBack(
    until now: Timestamp, heardIn epoch: Int64, limit: Int
  ) async throws {
    let (name, desk, margin) = (broker.name, self, broker.clockTolerance)
    var last: OrderID?
    while true {
      let after = last
      let page = try await store.transact { rows in
        // A clock that is ahead would give back too early.
        try desk.checkClock(rows)
        return try rows.lingering(
          at: name, in: epoch, until: now, margin: margin, after: after, limit: limit)
      }
      try await giveBack(page, heardIn: epoch)
      guard page.count == limit else { return }
      last = page.last?.order
    }
  }

  private func giveBack(
    _ lingering: [(order: OrderID, account: AccountID)], heardIn epoch: Int64
  ) async throws {
    let (name, desk) = (broker.name, self)
    for (order, account) in lingering {
      do {
        try await withAccount(account) { session in
          let record = try session.order(order)
          guard try desk.gap(around: record, epoch, session.rows) == nil,
            try !session.rows.waitingAccounts(of: name).contains(account)
          else { return }
          session.risk.release(order)
        }
      } catch let error where Self.isOwn(error) {
        // It stays taken, which is the safe side, and the next round tries again.
        try await noteUnworkable(order, error)
      }
    }
  }
}

extension AccountSession {
  /// Takes what the venue says of an order. What cannot be is a divergence for people, and no
  /// reason to stop listening.
  ///
  /// - Returns: false for a trade that is not booked, since it does not fit.
  @discardableResult
  mutating func hear(_ kind: VenueEvent.Kind, of order: OrderID) throws -> Bool {
    // Read under the account's lock.
    var record = try self.order(order)
    if let sentTo = record.venue, sentTo != venue {
      try rows.note(.toldByAnother(record, venue, at: now))
      return false
    }
    let before = record.order.state
    if before == .accepted, record.goodUntil != nil {
      // It was sent, and the venue said that it had never come.
      try rows.note(.cameBack(record, at: now))
      try move(&record, .submitted)
    }
    let isOver = before == .cancelled || before == .rejected
    let isStray = try isOver && kind.isOfAnOrderThere && wasHeldForAbsent(record)
    if isStray { try rows.note(.cameBack(record, at: now)) }
    var isBooked = true
    switch kind {
    case .acknowledged: try hear(.acknowledged, "working", &record)
    case .rejected: try hear(.rejected, "rejected", &record)
    case .cancelled: try hear(.cancelled, "cancelled", &record)
    case .expired: try hear(.expired, "expired", &record)
    case .filled(let fill): isBooked = try book(fill, &record)
    }
    let state = record.order.state
    // What was never sent still has to be, and nobody knows of what has had no answer.
    guard state == .working || state == .partiallyFilled || state.isFinal else { return isBooked }
    try rows.remove(order, .submit)
    guard state.isFinal else { return isBooked }
    try rows.remove(order, .cancel)
    // It is over here, and the venue works it.
    if isStray, state != .filled { try send(.cancel, order) }
    if before != state, before != .filled {
      try rows.settle([.orderMissingThere, .eventUnbooked], of: order.description, at: now)
    }
    return isBooked
  }

  /// Whether an order was held for absent at the venue when it ended here: after it was sent for
  /// the last time, and nothing was acknowledged since.
  func wasHeldForAbsent(_ record: OrderRecord) throws -> Bool {
    let events = try rows.events(of: record.order.id).map(\.event)
    let absent = events.lastIndex { $0 == .provedAbsent || $0 == .settledAbsent }
    guard let absent else { return false }
    return !events[absent...].contains { $0 == .submitted || $0 == .acknowledged }
  }

  private mutating func hear(
    _ event: OrderEvent, _ there: String, _ record: inout OrderRecord
  ) throws {
    guard let next = OrderTransitions.next(from: record.order.state, on: event.kind),
      event != .rejected || record.order.filled.isZero
    else {
      try rows.note(.state(record, there, at: now))
      return
    }
    if next != .same { try move(&record, event) }
  }

  /// Books a trade: order, position, cash and turnover in one transaction, once.
  ///
  /// - Returns: false when it does not fit.
  mutating func book(_ fill: Fill, _ record: inout OrderRecord) throws -> Bool {
    if let known = try rows.fill(fill.id, of: venue) {
      guard known.fill != fill else { return true }
      try rows.note(.otherContents(fill, at: now))
      return false
    }
    let terms = record.order.terms
    guard OrderTransitions.next(from: record.order.state, on: .filled) != nil,
      fill.order == record.order.id, fill.quantity.isPositive,
      fill.quantity <= record.order.remaining,
      fill.instrument == terms.instrument, fill.side == terms.side, fill.price.isPositive,
      fill.conversion.fits(InstrumentTerms.of(fill.instrument).quote)
    else {
      try rows.note(.misfit(fill, record, at: now))
      return false
    }
    try rows.insert(FillRecord(fill, of: id, from: venue, at: now))
    let before = risk.cash
    do {
      try risk.receive(fill, unreserved: Self.value(of: fill), at: now)
      try rows.add(Self.result(of: fill, cash: before, then: risk.cash, at: now), of: id)
    } catch let fault as RiskAccountFault {
      throw TradingFault.account(fault)
    }
    try move(&record, .filled(fill.quantity))
    return true
  }

  /// What a fill adds to its day's result: cash changes by its profit without its fee.
  private static func result(
    of fill: Fill, cash before: Amount, then after: Amount, at now: Timestamp
  ) throws(RiskAccountFault) -> DailyResult {
    do {
      return try DailyResult(
        now.day, realised: after.subtracting(before).adding(fill.fee), fees: fill.fee, fills: 1)
    } catch {
      throw .arithmetic(error)
    }
  }

  /// What a fill is worth in dollars, for the turnover of one that came after the order's end.
  private static func value(of fill: Fill) -> Amount {
    let terms = InstrumentTerms.of(fill.instrument)
    let value = try? fill.conversion.dollars(
      of: terms.value(of: fill.quantity, at: fill.price), .up)
    // What is too large to be counted is more than any cap.
    return value ?? .largest
  }
}

extension VenueEvent.Kind {
  /// Whether it tells that the venue works an order, or trades it.
  var isOfAnOrderThere: Bool {
    switch self {
    case .acknowledged, .filled: true
    case .rejected, .cancelled, .expired: false
    }
  }
}
