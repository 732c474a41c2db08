import FlowrexTrading
import Ledger

/// What one call changed at the venue, whole: a record is in the journal or nothing of it is.
///
/// It says what was asked and told, which is the judge of what was really traded, and how each
/// order that was touched stands afterwards, so that the next process goes on from there.
package struct JournalRecord: Codable, Hashable, Sendable {
  /// 1, 2, 3 …
  let number: Int64
  /// Where the dice stand afterwards.
  let dice: String
  /// Trades so far.
  let fills: UInt64
  let notes: [NoteMessage]
  let orders: [KeptOrderMessage]
  /// All trades that are made and not told.
  let untold: [FillMessage]
}

/// A line of the venue's own journal. (``VenueBook/Entry``)
struct NoteMessage: Codable, Hashable, Sendable {
  let at: Int64
  let kind: String
  let order: String?
  let reason: String?
  let submission: OrderMessage?
  let event: EventMessage?

  init(_ entry: VenueBook.Entry) {
    at = entry.at.microseconds
    var (order, reason) = (String?.none, String?.none)
    var (submission, event) = (OrderMessage?.none, EventMessage?.none)
    switch entry.kind {
    case .taken(let taken):
      kind = "taken"
      submission = OrderMessage(taken)
    case .repeated(let id):
      kind = "repeated"
      order = id.description
    case .refused(let id, let why):
      kind = "refused"
      (order, reason) = (id.description, why)
    case .cancelAsked(let id):
      kind = "cancel_asked"
      order = id.description
    case .told(let told):
      kind = "told"
      event = EventMessage(told)
    }
    (self.order, self.reason, self.submission, self.event) = (order, reason, submission, event)
  }

  func entry() throws(VenueMisread) -> VenueBook.Entry {
    let told: VenueBook.Entry.Kind
    switch (kind, order, reason, submission, event) {
    case ("taken", nil, nil, let submission?, nil): told = .taken(try submission.submission())
    case ("repeated", let order?, nil, nil, nil): told = .repeated(try VenueJSON.id(order))
    case ("refused", let order?, let reason?, nil, nil):
      told = .refused(try VenueJSON.id(order), reason)
    case ("cancel_asked", let order?, nil, nil, nil): told = .cancelAsked(try VenueJSON.id(order))
    case ("told", nil, nil, nil, let event?): told = .told(try event.event())
    default: throw VenueMisread("'\(kind)' is no line of a journal")
    }
    return VenueBook.Entry(at: Timestamp(microseconds: at), kind: told)
  }
}

/// An order as the venue keeps it.
struct KeptOrderMessage: Codable, Hashable, Sendable {
  let submission: OrderMessage
  let state: String
  /// In lots, with trades that are not told yet.
  let filled: String
  let fills: [FillMessage]
  let refusal: String?

  init(_ order: VenueBook.Resting) {
    submission = OrderMessage(order.submission)
    state = order.state.rawValue
    filled = order.filled.text()
    fills = order.fills.map(FillMessage.init)
    refusal = order.refusal
  }

  func order() throws(VenueMisread) -> VenueBook.Resting {
    var trades: [Fill] = []
    for fill in fills { trades.append(try fill.trade()) }
    return VenueBook.Resting(
      submission: try submission.submission(), state: try VenueJSON.word(state),
      filled: try VenueJSON.number(filled), fills: trades, refusal: refusal)
  }
}

extension JournalRecord {
  /// What was asked and told, in its order.
  package func entries() throws(VenueMisread) -> [VenueBook.Entry] {
    var entries: [VenueBook.Entry] = []
    for note in notes { entries.append(try note.entry()) }
    return entries
  }
}

extension VenueBook {
  /// What was done since this was asked last; `nil` when nothing was. Who keeps it on a disk needs
  /// no other copy.
  mutating func takeRecord(_ number: Int64) -> JournalRecord? {
    guard !journal.isEmpty else { return nil }
    var seen: Set<OrderID> = []
    let touched = journal.compactMap { entry -> OrderID? in
      let id =
        switch entry.kind {
        case .taken(let submission): submission.order
        case .repeated(let id), .refused(let id, _), .cancelAsked(let id): id
        case .told(let event): event.order
        }
      return seen.insert(id).inserted ? id : nil
    }
    defer { journal = [] }
    return JournalRecord(
      number: number, dice: String(dice.state, radix: 16), fills: fillCount,
      notes: journal.map(NoteMessage.init),
      orders: touched.compactMap { orders[$0] }.map(KeptOrderMessage.init),
      untold: untold.map(FillMessage.init))
  }

  /// Does again what a record says, after all that were before it.
  mutating func restore(_ record: JournalRecord) throws(VenueMisread) {
    for entry in try record.entries() {
      guard case .told(let event) = entry.kind else { continue }
      guard event.sequence == Int64(events.count) + 1 else {
        throw VenueMisread("event \(event.sequence) follows \(events.count)")
      }
      events.append(event)
    }
    for message in record.orders {
      let order = try message.order()
      let id = order.submission.order
      if orders[id] == nil, order.state == .working { open.append(id) }
      if order.state != .working { open.removeAll { $0 == id } }
      orders[id] = order
    }
    untold = []
    for fill in record.untold { untold.append(try fill.trade()) }
    guard let state = UInt64(record.dice, radix: 16) else {
      throw VenueMisread("'\(record.dice)' is no state of dice")
    }
    dice = SplitMix(seed: state)
    fillCount = record.fills
  }
}
