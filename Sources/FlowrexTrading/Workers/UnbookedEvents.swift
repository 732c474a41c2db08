import FlowrexContract
package import FlowrexStore
import Ledger

/// What the venue told and that is not booked: kept whole, for people. (S04-TRD-10)
extension Desk {
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
      let kind = try event.readKind()
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
}

extension UnbookedEvent {
  init(
    _ event: VenueEvent, of epoch: Int64, from broker: String, at now: Timestamp,
    waitsFor account: AccountID? = nil
  ) {
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
      fill, heardAt: now, waitsFor: account)
  }

  /// - Throws: for what no venue tells.
  func readKind() throws(StoreFault) -> VenueEvent.Kind {
    guard let kind = venueKind else {
      throw .unreadable(column: "unbooked_events 4", value: kind.rawValue)
    }
    return kind
  }

  private var venueKind: VenueEvent.Kind? {
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
