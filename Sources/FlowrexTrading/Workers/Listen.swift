import FlowrexContract
package import FlowrexStore
import Ledger
import Risk

extension Desk {
  /// Books what the venue has told since the last time, each event once: events and the place up
  /// to which was listened are committed together. (S04-TRD-10)
  ///
  /// - Returns: how many events were booked.
  @discardableResult
  package func listen(limit: Int) async throws -> Int {
    let (name, now) = (broker.name, clock.now())
    let (heard, lingering) = try await store.transact {
      try ($0.heard(of: name), $0.lingering(until: now, limit: limit))
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
    if booked == news.events.count, booked < limit { try await giveBack(lingering) }
    return booked
  }

  /// - Returns: how many events were booked; fewer when another desk was quicker, or when an event
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
      } catch let error where Self.isOwn(error) && Self.isLasting(error) {
        // Nothing of it was booked, for a reason of its own: a database that cannot work is none.
        // One event must not keep all others from being heard.
        try await setAside(event, of: news.epoch, error)
      }
    }
    return news.events.count
  }

  private func book(_ events: [VenueEvent], of epoch: Int64) async throws -> Int {
    let desk = self
    return try await store.transact { rows in
      var heard = try rows.cursor(of: desk.broker.name)
      guard heard.epoch == epoch, let first = events.first?.sequence, first > heard.sequence,
        try desk.mayPass(from: heard, to: first, rows)
      else { return 0 }
      heard.sequence = first - 1
      let next = first
      let told = events.enumerated().prefix { $0.element.sequence == next + Int64($0.offset) }
        .map(\.element)
      // Whose orders they are, before any account is held.
      var owners: [OrderID: AccountID] = [:]
      for event in told where owners[event.order] == nil {
        owners[event.order] = try rows.order(event.order)?.account
      }
      let accounts = Array(owners.values)
      try desk.withAccounts(accounts, rows) { accounts in
        for event in told {
          guard let owner = owners[event.order] else {
            let now = desk.clock.now()
            try rows.keep(UnbookedEvent(event, of: epoch, from: desk.broker.name, at: now))
            try rows.note(.missingHere(event.order, at: now))
            continue
          }
          try accounts.with(owner) { try $0.hear(event.kind, of: event.order) }
        }
      }
      heard.sequence += Int64(told.count)
      try rows.save(heard, of: desk.broker.name)
      return told.count
    }
  }

  /// Whether an event may be booked next. What the venue left out before it may still come: people
  /// are told at once, and it is waited for; but not for ever, for that would keep all others from
  /// being heard.
  private func mayPass(
    from heard: VenueCursor, to event: Int64, _ rows: any StoreTransaction
  ) throws -> Bool {
    guard event > heard.sequence + 1 else { return true }
    let gap = Divergence.gap(broker.name, after: heard, before: event, at: clock.now())
    guard let known = try rows.openDivergence(gap.kind, of: gap.subject) else {
      try rows.note(gap)
      return false
    }
    return gap.foundAt.since(known.foundAt) >= times.gapLife
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
        try rows.note(.journalBeganAnew(name, after: heard.sequence, at: now))
      }
      return true
    }
  }

  /// Leaves an event that cannot be booked to people.
  private func setAside(_ event: VenueEvent, of epoch: Int64, _ error: any Error) async throws {
    let (name, now) = (broker.name, clock.now())
    try await store.transact { rows in
      var heard = try rows.cursor(of: name)
      guard heard.epoch == epoch, heard.sequence == event.sequence - 1 else { return }
      heard.sequence = event.sequence
      try rows.save(heard, of: name)
      let unbooked = UnbookedEvent(event, of: epoch, from: name, at: now)
      try rows.keep(unbooked)
      try rows.note(.unbookable(unbooked, error, at: now))
    }
  }

  /// Events of the venue that are not booked, the first told first.
  package func unbookedEvents(limit: Int) async throws -> [UnbookedEvent] {
    let name = broker.name
    return try await store.transact { try $0.unbooked(of: name, limit: limit) }
  }

  /// Books what was left out, now that a person has mended why. What still does not fit is a
  /// divergence of its own.
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
      try desk.withAccounts([owner], rows) { accounts in
        try accounts.with(owner) { try $0.hear(kind, of: event.order) }
      }
      try rows.removeUnbooked(place, of: desk.broker.name)
      try rows.settle(.eventUnbooked, of: event.subject, at: desk.clock.now())
      return true
    }
  }

  /// Gives back the room of orders whose late fills would have been heard by now.
  private func giveBack(_ lingering: [(order: OrderID, account: AccountID)]) async throws {
    for (order, account) in lingering {
      do {
        try await withAccount(account) { _ = $0.risk.release(order) }
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
  mutating func hear(_ kind: VenueEvent.Kind, of order: OrderID) throws {
    // Read under the account's lock.
    var record = try self.order(order)
    let before = record.order.state
    if before == .accepted, record.goodUntil != nil {
      // It was sent, and the venue said that it had never come.
      try rows.note(.cameBack(record, at: now))
      try move(&record, .submitted)
    }
    if before == .cancelled, try isNews(kind, record) {
      try rows.note(.cameBack(record, at: now))
    }
    switch kind {
    case .acknowledged: try hear(.acknowledged, "working", &record)
    case .rejected: try hear(.rejected, "rejected", &record)
    case .cancelled: try hear(.cancelled, "cancelled", &record)
    case .expired: try hear(.expired, "expired", &record)
    case .filled(let fill): try book(fill, &record)
    }
    let state = record.order.state
    // What was never sent still has to be, and nobody knows of what has had no answer.
    guard state == .working || state == .partiallyFilled || state.isFinal else { return }
    try rows.remove(order, .submit)
    guard state.isFinal else { return }
    try rows.remove(order, .cancel)
    if before != state, before != .filled {
      try rows.settle(.orderMissingThere, of: order.description, at: now)
    }
  }

  /// Whether the venue works or trades what was held for absent there when it ended here.
  private func isNews(_ kind: VenueEvent.Kind, _ record: OrderRecord) throws -> Bool {
    switch kind {
    case .acknowledged, .filled:
      try rows.events(of: record.order.id).last { $0.event.kind != .filled }?.event == .provedAbsent
    case .rejected, .cancelled, .expired: false
    }
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
  mutating func book(_ fill: Fill, _ record: inout OrderRecord) throws {
    if let known = try rows.fill(fill.id, of: venue) {
      if known.fill != fill { try rows.note(.otherContents(fill, at: now)) }
      return
    }
    let terms = record.order.terms
    guard OrderTransitions.next(from: record.order.state, on: .filled) != nil,
      fill.order == record.order.id, fill.quantity.isPositive,
      fill.quantity <= record.order.remaining,
      fill.instrument == terms.instrument, fill.side == terms.side, fill.price.isPositive,
      fill.conversion.fits(InstrumentTerms.of(fill.instrument).quote)
    else {
      try rows.note(.misfit(fill, record, at: now))
      return
    }
    try rows.insert(FillRecord(fill, of: id, from: venue, at: now))
    do {
      try risk.receive(fill, unreserved: Self.value(of: fill), at: now)
    } catch {
      throw TradingFault.account(error)
    }
    try move(&record, .filled(fill.quantity))
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
