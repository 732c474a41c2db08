import FlowrexContract
import FlowrexStore
import Ledger

/// What a venue leaves out between two events. People are told at once, and it is waited for; but
/// not for ever, for that would keep all others from being heard. What was passed over is asked for
/// again until it is told, or a person has settled it. (S04-TRD-10)
extension Desk {
  /// The place right before an event, when that event may be booked next.
  ///
  /// - Returns: `nil` when another desk was quicker, or what was left out before is waited for.
  func place(
    before event: Int64, of epoch: Int64, _ rows: any StoreTransaction
  ) throws -> VenueCursor? {
    let heard = try rows.cursor(of: broker.name)
    guard heard.epoch == epoch, event > heard.sequence else { return nil }
    guard event > heard.sequence + 1 else { return heard }
    let now = clock.now()
    let note = Divergence.gap(broker.name, after: heard, before: event, at: now)
    // A person has found out that nothing is missing.
    if try rows.settled(note.kind, of: note.subject) != nil {
      return VenueCursor(epoch: epoch, sequence: event - 1)
    }
    guard let known = try rows.openDivergence(note.kind, of: note.subject) else {
      try rows.note(note)
      return nil
    }
    guard now.since(known.foundAt) >= times.gapLife else { return nil }
    let gap = EventGap(
      of: broker.name, epoch, from: heard.sequence + 1, to: event - 1, noted: heard.sequence,
      dueAt: now.adding(times.gapLife), foundAt: known.foundAt)
    if let gap { try rows.keep(gap) }
    return VenueCursor(epoch: epoch, sequence: event - 1)
  }

  /// Notes what an answer leaves out between its events, so that it is waited for all at once.
  func noteGaps(
    among events: [VenueEvent], of epoch: Int64, _ rows: any StoreTransaction
  ) throws {
    let holes = zip(events, events.dropFirst()).filter { $1.sequence > $0.sequence + 1 }
    guard !holes.isEmpty else { return }
    let (now, heard) = (clock.now(), try rows.cursor(of: broker.name))
    // An answer may be older than what another desk has heard since.
    for (event, next) in holes
    where heard.epoch == epoch && event.sequence >= heard.sequence {
      let place = VenueCursor(epoch: epoch, sequence: event.sequence)
      let note = Divergence.gap(broker.name, after: place, before: next.sequence, at: now)
      guard try rows.settled(note.kind, of: note.subject) == nil else { continue }
      try rows.note(note)
    }
  }

  /// What had been left out right before these events, should something have been, has come.
  func settleGaps(
    before events: [VenueEvent], of epoch: Int64, _ rows: any StoreTransaction
  ) throws {
    guard try rows.hasOpenDivergence(.eventUnbooked) else { return }
    let now = clock.now()
    for event in events {
      let place = VenueCursor(epoch: epoch, sequence: event.sequence - 1)
      let note = Divergence.gap(broker.name, after: place, before: event.sequence, at: now)
      try rows.settle(note.kind, of: note.subject, at: now)
    }
  }

  /// Asks the venue for what it left out.
  ///
  /// - Returns: how many events it told of.
  func askAgain(for gap: EventGap, limit: Int) async throws -> Int {
    let news = await asked { () throws(BrokerFault) in
      try await broker.events(after: gap.first - 1, of: gap.epoch, limit: limit)
    }
    guard case .success(let news) = news else {
      // Others are asked about first the next time.
      try await putOff(gap)
      return 0
    }
    // Another journal has no part of it.
    guard news.epoch == gap.epoch else { return 0 }
    let told = news.events.filter { (gap.first...gap.last).contains($0.sequence) }
    guard !told.isEmpty else {
      try await putOff(gap)
      return 0
    }
    var rest = gap
    for (index, event) in told.enumerated() {
      do {
        guard try await fill(rest, with: event, nil) else { return index }
      } catch let error where Self.isOwn(error) && Self.isLasting(error) {
        guard try await fill(rest, with: event, error) else { return index }
      }
      guard let next = rest.part(from: event.sequence + 1, to: rest.last) else { return index + 1 }
      rest = next
    }
    return told.count
  }

  /// Books an event that lay in a gap, or keeps it when it was found that it cannot be booked.
  ///
  /// - Returns: false when another desk was quicker.
  private func fill(
    _ gap: EventGap, with event: VenueEvent, _ error: (any Error)?
  ) async throws -> Bool {
    let desk = self
    return try await store.transact { rows in
      // Who holds the venue's place is alone with its gaps.
      _ = try rows.cursor(of: gap.broker)
      guard try rows.remove(gap) else { return false }
      let parts = [
        gap.part(from: gap.first, to: event.sequence - 1),
        gap.part(from: event.sequence + 1, to: gap.last),
      ]
      for part in parts.compactMap(\.self) { try rows.keep(part) }
      let left = try rows.gaps(of: gap.broker, in: gap.epoch, limit: .max)
      if !left.contains(where: { $0.noted == gap.noted }) {
        let note = gap.note(at: desk.clock.now())
        try rows.settle(note.kind, of: note.subject, at: note.foundAt)
      }
      if let error {
        try desk.keep(event, of: gap.epoch, error, rows)
      } else {
        try desk.hear([event], of: gap.epoch, rows)
      }
      return true
    }
  }

  /// Asks once more later, unless a person has found out that nothing is missing.
  private func putOff(_ gap: EventGap) async throws {
    let now = clock.now()
    let later = gap.part(from: gap.first, to: gap.last, dueAt: now.adding(times.gapLife))
    try await store.transact { rows in
      _ = try rows.cursor(of: gap.broker)
      guard try rows.remove(gap) else { return }
      let note = gap.note(at: now)
      guard try rows.openDivergence(note.kind, of: note.subject) != nil else { return }
      if let later { try rows.keep(later) }
    }
  }
}

extension EventGap {
  /// `nil` when nothing is left.
  fileprivate func part(from first: Int64, to last: Int64, dueAt: Timestamp? = nil) -> Self? {
    Self(
      of: broker, epoch, from: first, to: last, noted: noted, dueAt: dueAt ?? self.dueAt,
      foundAt: foundAt)
  }

  /// What people were told when it was noticed.
  fileprivate func note(at now: Timestamp) -> Divergence {
    .gap(
      broker, after: VenueCursor(epoch: epoch, sequence: noted), before: last + 1, at: now)
  }
}
