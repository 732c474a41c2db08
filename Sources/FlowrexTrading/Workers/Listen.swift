import FlowrexContract
package import FlowrexStore
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
    let (heard, lingering, gaps) = try await store.transact { rows in
      let heard = try rows.heard(of: name)
      return try (
        heard, rows.lingering(at: name, until: now, after: nil, limit: limit),
        rows.gaps(of: name, in: heard.epoch, limit: limit)
      )
    }
    let news: VenueNews
    do {
      news = try await broker.events(after: heard.sequence, of: heard.epoch, limit: limit)
    } catch {
      // Nothing was lost: the next question is the same one.
      return 0
    }
    if news.epoch != heard.epoch {
      guard try await begin(news.epoch, after: heard) else { return 0 }
    }
    let booked = try await book(news)
    var late = 0
    for gap in gaps where gap.epoch == news.epoch && gap.dueAt <= now {
      late += try await askAgain(for: gap, limit: limit)
    }
    if booked == news.events.count, booked < limit {
      var page = lingering
      while !page.isEmpty {
        try await giveBack(page, heardIn: news.epoch)
        guard page.count == limit, let last = page.last?.order else { break }
        page = try await store.transact {
          try $0.lingering(at: name, until: now, after: last, limit: limit)
        }
      }
    }
    return booked + late
  }

  /// - Returns: how many events were booked; fewer when another desk was quicker, or when an event
  ///   is missing.
  private func book(_ news: VenueNews) async throws -> Int {
    guard !news.events.isEmpty else { return 0 }
    do {
      return try await book(news.events, of: news.epoch, isPatient: false)
    } catch let error where Self.isOwn(error) {
      // One of them cannot be booked, or somebody stood in the way.
    }
    for (index, event) in news.events.enumerated() {
      do {
        guard try await book([event], of: news.epoch, isPatient: true) == 1 else { return index }
      } catch let error where Self.isOwn(error) && Self.isLasting(error) {
        // Nothing of it was booked, for a reason of its own: a database that cannot work is none.
        // One event must not keep all others from being heard.
        guard try await setAside(event, of: news.epoch, error) else { return index }
      }
    }
    return news.events.count
  }

  /// - Parameter isPatient: who waits for an account while it holds others keeps them waiting, too.
  private func book(
    _ events: [VenueEvent], of epoch: Int64, isPatient: Bool
  ) async throws -> Int {
    let desk = self
    return try await store.transact { rows in
      guard let first = events.first?.sequence,
        var heard = try desk.place(before: first, of: epoch, rows)
      else { return 0 }
      if !isPatient { try rows.limitWaits(to: desk.times.longestWait) }
      let told = events.enumerated().prefix { $0.element.sequence == first + Int64($0.offset) }
        .map(\.element)
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
    try withAccounts(Array(owners.values), rows) { accounts in
      for event in told {
        guard let owner = owners[event.order] else {
          try rows.keep(UnbookedEvent(event, of: epoch, from: name, at: now))
          try rows.note(.missingHere(event.order, at: now))
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

  /// Leaves an event that cannot be booked to people.
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
      try desk.keep(event, of: epoch, error, rows)
      return true
    }
  }

  /// Keeps an event whole, and says why it is not booked.
  func keep(
    _ event: VenueEvent, of epoch: Int64, _ error: any Error, _ rows: any StoreTransaction
  ) throws {
    let unbooked = UnbookedEvent(event, of: epoch, from: broker.name, at: clock.now())
    try rows.keep(unbooked)
    try rows.note(.unbookable(unbooked, error, at: unbooked.at))
  }

  /// Events of the venue that are not booked, the first told first.
  package func unbookedEvents(limit: Int) async throws -> [UnbookedEvent] {
    let name = broker.name
    return try await store.transact { try $0.unbooked(of: name, limit: limit) }
  }

  /// Books what was left out, now that a person has mended why.
  ///
  /// - Returns: false when it is not left out any more.
  /// - Throws: what keeps it from being booked; it stays left out then.
  package func bookAgain(_ place: VenueCursor) async throws -> Bool {
    let desk = self
    return try await store.transact { rows in
      guard let event = try rows.unbooked(place, of: desk.broker.name) else { return false }
      guard let owner = try rows.order(event.order)?.account else {
        throw TradingFault.orderUnknown(event.order)
      }
      guard let kind = event.venueKind else {
        throw StoreFault.unreadable(column: "unbooked_events 4", value: event.kind.rawValue)
      }
      let isBooked = try desk.withAccounts([owner], rows) { accounts in
        try accounts.with(owner) { try $0.hear(kind, of: event.order) }
      }
      guard isBooked else { throw TradingFault.misfit(event.order) }
      let now = desk.clock.now()
      try rows.removeUnbooked(place, of: desk.broker.name)
      try rows.settle(.eventUnbooked, of: event.subject, at: now)
      if let fill = event.fill {
        try rows.settle(.fillMissingHere, of: fill.id.description, at: now)
      }
      return true
    }
  }

  /// Gives back the room of orders whose late fills would have been heard by now. One may lie in a
  /// gap: then all of it stays taken.
  private func giveBack(
    _ lingering: [(order: OrderID, account: AccountID)], heardIn epoch: Int64
  ) async throws {
    let name = broker.name
    for (order, account) in lingering {
      do {
        try await withAccount(account) { session in
          guard try session.rows.gaps(of: name, in: epoch, limit: 1).isEmpty else { return }
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
    let before = record.order.state
    if before == .accepted, record.goodUntil != nil {
      // It was sent, and the venue said that it had never come.
      try rows.note(.cameBack(record, at: now))
      try move(&record, .submitted)
    }
    let isStray = try kind.isOfAnOrderThere && before == .cancelled && wasHeldForAbsent(record)
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
      try rows.settle(.orderMissingThere, of: order.description, at: now)
    }
    return isBooked
  }

  /// Whether an order was held for absent at the venue when it ended here.
  func wasHeldForAbsent(_ record: OrderRecord) throws -> Bool {
    try rows.events(of: record.order.id).last { $0.event.kind != .filled }?.event == .provedAbsent
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
  fileprivate var isOfAnOrderThere: Bool {
    switch self {
    case .acknowledged, .filled: true
    case .rejected, .cancelled, .expired: false
    }
  }
}

extension UnbookedEvent {
  init(_ event: VenueEvent, of epoch: Int64, from broker: String, at now: Timestamp) {
    let (kind, fill): (OrderEventKind, Fill?) =
      switch event.kind {
      case .acknowledged: (.acknowledged, nil)
      case .rejected: (.rejected, nil)
      case .cancelled: (.cancelled, nil)
      case .expired: (.expired, nil)
      case .filled(let fill): (.filled, fill)
      }
    self.init(
      from: broker, at: VenueCursor(epoch: epoch, sequence: event.sequence), of: event.order, kind,
      fill, heardAt: now)
  }

  /// `nil` for what no venue tells.
  fileprivate var venueKind: VenueEvent.Kind? {
    switch (kind, fill) {
    case (.filled, let fill?): .filled(fill)
    case (.acknowledged, nil): .acknowledged
    case (.rejected, nil): .rejected
    case (.cancelled, nil): .cancelled
    case (.expired, nil): .expired
    default: nil
    }
  }

  /// Names its divergence: no two events share it.
  var subject: String { "\(broker)/\(place.epoch)/\(place.sequence)" }
}
