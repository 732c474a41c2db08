import FlowrexContract
package import FlowrexStore
import Ledger

extension Desk {
  /// Differences that nobody has settled, the oldest first.
  package func openDivergences(limit: Int) async throws -> [Divergence] {
    try await store.transact { try $0.openDivergences(limit: limit) }
  }

  /// A person has looked at a difference, and it is none any more.
  package func settle(_ divergence: Divergence) async throws {
    let now = clock.now()
    try await store.transact { try $0.settle(divergence.kind, of: divergence.subject, at: now) }
  }
}

extension Divergence {
  static func answerLost(_ record: OrderRecord, at now: Timestamp) -> Self {
    Divergence(
      .orderMissingThere, of: record.order.id.description,
      "the answer to order \(record.order.id) was lost, and the venue cannot be asked",
      foundAt: now)
  }

  static func forgottenThere(_ record: OrderRecord, at now: Timestamp) -> Self {
    Divergence(
      .orderMissingThere, of: record.order.id.description,
      "order \(record.order.id) is '\(record.order.state.rawValue)' here, "
        + "and the venue does not know it", foundAt: now)
  }

  static func overThere(
    _ record: OrderRecord, _ there: VenueState?, at now: Timestamp
  ) -> Self {
    let how = there.map { " ('\($0.rawValue)')" } ?? ""
    return Divergence(
      .orderMissingThere, of: record.order.id.description,
      "order \(record.order.id) is '\(record.order.state.rawValue)' here and over\(how) at the "
        + "venue, which has not told how", foundAt: now)
  }

  static func cameBack(_ record: OrderRecord, at now: Timestamp) -> Self {
    Divergence(
      .stateDiffers, of: record.order.id.description,
      "the venue has order \(record.order.id), which it had said it does not have", foundAt: now)
  }

  static func toldByAnother(
    _ record: OrderRecord, _ venue: String, at now: Timestamp
  ) -> Self {
    Divergence(
      .orderMissingHere, of: record.order.id.description,
      "the venue '\(venue)' tells of order \(record.order.id), which was sent to the venue "
        + "'\(record.venue ?? "")'", foundAt: now)
  }

  /// What the venue left out may have been the order's end.
  static func mayBeOver(_ record: OrderRecord, _ gap: EventGap, at now: Timestamp) -> Self {
    Divergence(
      .eventUnbooked, of: record.order.id.description,
      "order \(record.order.id) is '\(record.order.state.rawValue)' here, and its end may lie in "
        + "what the venue '\(gap.broker)' left out after event \(gap.noted)", foundAt: now)
  }

  static func state(_ record: OrderRecord, _ there: String, at now: Timestamp) -> Self {
    Divergence(
      .stateDiffers, of: record.order.id.description,
      "order \(record.order.id) is '\(record.order.state.rawValue)' here and '\(there)' there",
      foundAt: now)
  }

  static func missingHere(_ order: OrderID, at now: Timestamp) -> Self {
    Divergence(
      .orderMissingHere, of: order.description,
      "the venue tells of order \(order), which is not known here", foundAt: now)
  }

  static func unbookable(_ event: UnbookedEvent, _ error: any Error, at now: Timestamp) -> Self {
    Divergence(
      .eventUnbooked, of: event.subject,
      "event \(event.place.sequence) of order \(event.order) cannot be booked: \(error)",
      foundAt: now)
  }

  static func gap(
    _ venue: String, after heard: VenueCursor, before event: Int64, at now: Timestamp
  ) -> Self {
    Divergence(
      .eventUnbooked, of: "\(venue)/\(heard.epoch)/after \(heard.sequence)",
      "the venue '\(venue)' told event \(event) and left out what comes after event "
        + "\(heard.sequence)", foundAt: now)
  }

  static func misfit(_ fill: Fill, _ record: OrderRecord, at now: Timestamp) -> Self {
    Divergence(
      .fillMissingHere, of: fill.id.description,
      "fill \(fill.id) of \(fill.quantity) lots does not fit order \(record.order.id), which is "
        + "'\(record.order.state.rawValue)'", foundAt: now)
  }

  static func otherContents(_ fill: Fill, at now: Timestamp) -> Self {
    Divergence(
      .fillMissingHere, of: fill.id.description,
      "fill \(fill.id) of order \(fill.order) was booked with other contents", foundAt: now)
  }

  static func unreadable(_ message: UnreadableMessage, at now: Timestamp) -> Self {
    Divergence(
      .workFails, of: message.order,
      "message '\(message.kind)' of order \(message.order) cannot be read: \(message.fault)",
      foundAt: now)
  }

  static func unworkable(_ order: OrderID, _ error: any Error, at now: Timestamp) -> Self {
    Divergence(
      .workFails, of: order.description, "order \(order) cannot be worked on: \(error)",
      foundAt: now)
  }

  static func journalBeganAnew(
    _ venue: String, after heard: VenueCursor, at now: Timestamp
  ) -> Self {
    Divergence(
      .journalBeganAnew, of: "\(venue)/\(heard.epoch)",
      "the journal of the venue '\(venue)' began anew: what it told after event "
        + "\(heard.sequence) and was not heard is lost", foundAt: now)
  }
}

extension Divergence {
  static func unheard(_ account: AccountID, _ error: any Error, at now: Timestamp) -> Self {
    Divergence(
      .workFails, of: account.description,
      "what the venue told of account \(account) cannot be booked: \(error)", foundAt: now)
  }

  static func unguarded(_ account: AccountID, _ error: any Error, at now: Timestamp) -> Self {
    Divergence(
      .workFails, of: account.description, "account \(account) cannot be guarded: \(error)",
      foundAt: now)
  }
}
