import FlowrexContract
import FlowrexStore
import Ledger
import Risk

extension Desk {
  /// Books what the venue has told since the last time, each event once: an event and the place up
  /// to which was listened are committed together. (S04-TRD-10)
  ///
  /// - Returns: how many events were booked.
  @discardableResult
  package func listen(limit: Int) async throws -> Int {
    let name = broker.name
    let heard = try await store.transact { try $0.cursor(of: name) }
    let events: [VenueEvent]
    do {
      events = try await broker.events(after: heard, limit: limit)
    } catch {
      // Nothing was lost: the next question is the same one.
      return 0
    }
    var booked = 0
    for event in events {
      do {
        guard try await book(event) else { break }
      } catch let fault as TradingFault {
        // Nothing of it was booked. One event must not keep all others from being heard.
        try await setAside(event, fault)
      }
      booked += 1
    }
    return booked
  }

  /// - Returns: false when another desk was quicker, or an event is missing before this one.
  private func book(_ event: VenueEvent) async throws -> Bool {
    let desk = self
    return try await store.transact { rows in
      guard try rows.cursor(of: desk.broker.name) == event.sequence - 1 else { return false }
      try rows.setCursor(of: desk.broker.name, to: event.sequence)
      guard let record = try rows.order(event.order) else {
        try rows.note(
          Divergence(
            .orderMissingHere, of: event.order.description,
            "the venue tells of order \(event.order), which is not known here",
            foundAt: desk.clock.now()))
        return true
      }
      var session = try AccountSession(record.account, rows, at: desk.clock.now())
      try session.hear(event.kind, of: event.order)
      try session.save()
      return true
    }
  }
}

extension Desk {
  /// Leaves an event that cannot be booked to people.
  private func setAside(_ event: VenueEvent, _ fault: TradingFault) async throws {
    let (name, now) = (broker.name, clock.now())
    try await store.transact { rows in
      guard try rows.cursor(of: name) == event.sequence - 1 else { return }
      try rows.setCursor(of: name, to: event.sequence)
      try rows.note(
        Divergence(
          .stateDiffers, of: event.order.description,
          "event \(event.sequence) of order \(event.order) cannot be booked: \(fault)",
          foundAt: now))
    }
  }
}

extension AccountSession {
  /// Takes what the venue says of an order. What cannot be is a divergence for people, and no
  /// reason to stop listening.
  mutating func hear(_ kind: VenueEvent.Kind, of order: OrderID) throws {
    // Read under the account's lock.
    var record = try self.order(order)
    switch kind {
    case .acknowledged: try hear(.acknowledged, "working", &record)
    case .rejected: try hear(.rejected, "rejected", &record)
    case .cancelled: try hear(.cancelled, "cancelled", &record)
    case .expired: try hear(.expired, "expired", &record)
    case .filled(let fill): try book(fill, &record)
    }
    // The venue has it, or had it: nothing has to be sent any more.
    try rows.remove(order, .submit)
    if record.order.state.isFinal { try rows.remove(order, .cancel) }
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
    let terms = record.order.terms
    guard OrderTransitions.next(from: record.order.state, on: .filled) != nil,
      fill.quantity.isPositive, fill.quantity <= record.order.remaining,
      fill.instrument == terms.instrument, fill.side == terms.side, fill.price.isPositive,
      fill.conversion.fits(InstrumentTerms.of(fill.instrument).quote)
    else {
      if try !rows.fills(of: id).contains(where: { $0.fill.id == fill.id }) {
        try rows.note(.fill(fill, record, at: now))
      }
      return
    }
    guard try rows.insert(FillRecord(fill, of: id, at: now)) else { return }
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

extension Divergence {
  fileprivate static func fill(_ fill: Fill, _ record: OrderRecord, at now: Timestamp) -> Self {
    Divergence(
      .fillMissingHere, of: fill.id.description,
      "fill \(fill.id) of \(fill.quantity) lots does not fit order \(record.order.id), which is "
        + "'\(record.order.state.rawValue)'", foundAt: now)
  }
}
