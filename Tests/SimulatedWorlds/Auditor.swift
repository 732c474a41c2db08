import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk

/// Looks at the database after every commit, and at the venue's journal, and keeps its own books.
/// It asks neither the desk nor the risk engine.
final class Auditor: @unchecked Sendable {
  let world: World
  let kind: WorldKind
  private let database: SQLiteStore
  private let tap: Tap
  private let venue: SimulatedVenue
  private let market: HandMarket
  let caps: Caps
  let accounts: [AccountID]

  /// What clients were told, by key.
  private var acknowledged: [String: OrderID] = [:]
  private var eventsSeen: [OrderID: Int] = [:]
  private var movementsSeen: [AccountID: Int] = [:]
  private var stoppedSince: Timestamp?
  private var wasStopped: [(from: Timestamp, to: Timestamp)] = []
  private var lowestAsk: [Instrument: Price] = [:]
  private(set) var highestAsk: [Instrument: Price] = [:]
  /// Orders that held room when the day ended.
  var evening: Set<OrderID> = []
  /// What the venue wrote before it forgot.
  private var earlier: [VenueBook.Entry] = []
  /// From here on nothing keeps an order from being sent.
  private var calmSince: Timestamp?
  /// Trades that it forgot before anybody heard of them.
  private var forgotten: Set<Fill> = []

  init(
    _ world: World, _ kind: WorldKind, _ database: SQLiteStore, _ tap: Tap, _ venue: SimulatedVenue,
    _ market: HandMarket, _ caps: Caps, _ accounts: [AccountID]
  ) {
    self.world = world
    self.kind = kind
    self.database = database
    self.tap = tap
    self.venue = venue
    self.market = market
    self.caps = caps
    self.accounts = accounts
  }

  func read<Value>(_ body: (any StoreTransaction) throws -> Value) -> Value? {
    tap.isOn = false
    defer { tap.isOn = true }
    do { return try database.transactNow(body) } catch {
      world.violate("the auditor cannot read: \(error)")
      return nil
    }
  }

  /// Prices only make the auditor milder: what was inside a cap at the dearest quote of the run is
  /// inside it at the cheapest.
  func see(_ market: Market) {
    for instrument in Instrument.allCases {
      guard let ask = market.quotes[instrument]?.ask else { continue }
      lowestAsk[instrument] = min(lowestAsk[instrument] ?? ask, ask)
      highestAsk[instrument] = max(highestAsk[instrument] ?? ask, ask)
    }
  }

  func allIsCalm() { calmSince = world.now() }

  func clientWasTold(_ key: String, _ order: OrderID) {
    if let known = acknowledged[key], known != order {
      world.violate("the key \(key) was answered with two orders")
    }
    acknowledged[key] = order
  }

  /// All that the venue ever wrote.
  var journal: [VenueBook.Entry] { earlier + venue.journal }

  func keepJournal() {
    let (name, epoch) = (venue.name, venue.epoch)
    let heard = read { try $0.heard(of: name) } ?? .beginning
    let gaps = read { try $0.gaps(of: name, in: epoch, limit: 99) } ?? []
    for entry in venue.journal {
      guard case .told(let event) = entry.kind, case .filled(let fill) = event.kind else {
        continue
      }
      if heard.epoch != epoch || event.sequence > heard.sequence
        || gaps.contains(where: { ($0.first...$0.last).contains(event.sequence) })
      {
        forgotten.insert(fill)
      }
    }
    earlier += venue.journal
  }

  /// After every commit: at the orders that it wrote.
  func lookAtCommit() {
    let written = tap.orders.compactMap { OrderID(text: $0) }
    let moved = tap.accounts.compactMap { AccountID(text: $0) }
    guard !written.isEmpty || tap.hasChangedControl || !moved.isEmpty else { return }
    tap.forget()
    for account in moved { look(atMoneyOf: account) }
    let rows = read { rows in
      let records = try written.compactMap { try rows.order($0) }
      for order in records.map(\.order) where order.state == .accepted {
        if try rows.message(order.id, .submit) == nil {
          world.violate("order \(order.id) is accepted, and nobody sends it")
        }
      }
      return try (rows.control(.shared), records)
    }
    guard let (control, records) = rows else { return }
    note(control)
    for record in records {
      let before = eventsSeen[record.order.id]
      if before == nil { look(atFresh: record, control) }
      if record.events != before { look(at: record, after: before ?? 0, control) }
      eventsSeen[record.order.id] = record.events
    }
  }

  private func note(_ control: TradingControl) {
    if control.isStopped, stoppedSince == nil { stoppedSince = world.now() }
    if !control.isStopped, let from = stoppedSince {
      wasStopped.append((from, world.now()))
      stoppedSince = nil
    }
  }

  /// No order is sent after a stop.
  private func look(at record: OrderRecord, after events: Int, _ control: TradingControl) {
    let state = read { try $0.view(of: record.account)?.stored.state }
    guard control.isStopped || state == .halted, record.order.terms.purpose == .trade else {
      return
    }
    let sent = read { rows in
      try rows.events(of: record.order.id).contains {
        $0.number > events && $0.event == .submitted
      }
    }
    guard sent == true else { return }
    world.violate(
      control.isStopped
        ? "order \(record.order.id) is sent while all is stopped"
        : "order \(record.order.id) of a halted account is sent")
  }

  /// Room is kept for what the venue has traded before it ended an order.
  private func unheard(
    of orders: [OrderRecord], _ fills: [FillRecord]
  ) -> [OrderID: Quantity] {
    let over = Set(orders.map(\.order).filter { $0.state.isFinal }.map(\.id))
    let booked = Set(fills.map(\.fill.id))
    var result: [OrderID: Quantity] = [:]
    let told = venue.journal.compactMap { entry -> Fill? in
      guard case .told(let event) = entry.kind, case .filled(let fill) = event.kind else {
        return nil
      }
      return fill
    }
    for fill in told + venue.untold where over.contains(fill.order) && !booked.contains(fill.id) {
      let sum = result[fill.order] ?? .zero
      result[fill.order] = (try? sum.adding(fill.quantity)) ?? sum
    }
    return result
  }

  /// What is left after a withdrawal carries what is open.
  private func look(atMoneyOf account: AccountID) {
    let rows = read { rows in
      try (rows.orders(of: account), rows.fills(of: account), rows.movements(of: account))
    }
    guard let (orders, fills, movements) = rows else { return }
    // One that is said again was looked at when it went out, at the prices of then.
    let isNew = movements.count > movementsSeen[account, default: 0]
    movementsSeen[account] = movements.count
    guard isNew, movements.last?.amount.isNegative == true else { return }
    let view = AccountView(
      nil, orders.map(\.order), fills.map(\.fill), movements.map(\.amount),
      lowestAsk: lowestAsk)
    do {
      if let sentence = try view.overdrawn(caps, in: market.market()) { world.violate(sentence) }
    } catch {
      world.violate("the auditor cannot compute: \(error)")
    }
  }

  /// Caps hold whenever an order is accepted, by the orders and fills themselves.
  private func look(atFresh record: OrderRecord, _ control: TradingControl) {
    world.note("accepted \(record.order.id) as \(record.order.state.rawValue)")
    guard record.order.terms.purpose == .trade else { return }
    if control.isStopped {
      world.violate("order \(record.order.id) is accepted while all is stopped")
    }
    let account = record.account
    let rows = read { rows in
      try (
        rows.orders(of: account), rows.fills(of: account), rows.movements(of: account),
        rows.account(account)?.stored.state
      )
    }
    guard let (orders, fills, movements, state) = rows else { return }
    if state == .halted { world.violate("an order of a halted account is accepted") }
    let placed = record.order.placedAt
    let view = AccountView(
      record.order, orders.map(\.order), fills.map(\.fill), movements.map(\.amount),
      lowestAsk: lowestAsk, unheard: unheard(of: orders, fills),
      yesterdays: fills.reduce(into: [:]) { sums, record in
        guard record.at.day < placed.day else { return }
        let sum = sums[record.fill.order] ?? .zero
        sums[record.fill.order] = (try? sum.adding(record.fill.quantity)) ?? sum
      })
    do {
      for sentence in try view.excesses(caps, in: market.market()) { world.violate(sentence) }
      if kind == .falling, !kind.hasMovements(account),
        let sentence = try view.fall(caps, in: market.market())
      {
        world.violate(sentence)
      }
    } catch {
      world.violate("the auditor cannot compute: \(error)")
    }
  }

  /// Nothing stays in flight once the world is calm.
  func lookWhenCalm(_ now: Timestamp, guarantee: SubmitGuarantee) {
    for account in accounts {
      lookForHalt(of: account)
      for record in read({ try $0.orders(of: account) }) ?? [] {
        let order = record.order
        switch order.state {
        case .accepted: world.violate("order \(order.id) was not sent and not refused")
        case .awaitingApproval: world.violate("order \(order.id) still waits for a person")
        case .submitted: world.violate("order \(order.id) has had no answer")
        case .unknown where guarantee != .neither:
          world.violate("nobody found out about order \(order.id)")
        default: break
        }
      }
    }
  }
}

extension Auditor {
  /// Who lost more than allowed does not trade any more.
  private func lookForHalt(of account: AccountID) {
    let rows = read { rows in
      try (
        rows.account(account)?.stored.state, rows.fills(of: account), rows.movements(of: account)
      )
    }
    guard let (state, fills, movements) = rows else { return }
    let view = AccountView(
      nil, [], fills.map(\.fill), movements.map(\.amount), lowestAsk: lowestAsk)
    do {
      let loss = try view.loss(in: market.market())
      // What was lost a moment ago the guard has not seen yet.
      if try loss.times(5) > caps.dailyLoss.times(6), state != .halted {
        world.violate("account \(account) has lost \(loss) dollars and trades on")
      }
      if kind == .falling, !kind.hasMovements(account), state != .halted,
        let sentence = try view.fall(caps, in: market.market())
      {
        world.violate(sentence)
      }
    } catch {
      world.violate("the auditor cannot compute: \(error)")
    }
  }

  /// At the end everything is over, and the books are the venue's own.
  func lookAtTheEnd() {
    var taken: [OrderID: Int] = [:]
    var traded: [OrderID: [Fill]] = [:]
    for entry in journal {
      switch entry.kind {
      case .taken(let submission):
        taken[submission.order, default: 0] += 1
        checkStop(submission, at: entry.at)
      case .told(let event):
        if case .filled(let fill) = event.kind { traded[fill.order, default: []].append(fill) }
      default: break
      }
    }
    if taken.isEmpty { world.violate("the venue never took an order") }
    for (order, times) in taken.sorted(by: { $0.key.bits < $1.key.bits }) where times > 1 {
      world.violate("the venue took order \(order) \(times) times")
    }
    var known: Set<OrderID> = []
    for account in accounts {
      lookForHalt(of: account)
      let rows = read { rows in
        try (
          rows.account(account), rows.orders(of: account), rows.fills(of: account),
          rows.movements(of: account)
        )
      }
      guard let (record, orders, fills, movements) = rows, let record else { continue }
      for order in orders {
        known.insert(order.order.id)
        check(order, traded[order.order.id] ?? [], fills)
        checkThatItWent(order, record.stored.state)
      }
      if !record.stored.reservations.isEmpty {
        world.violate("\(record.stored.reservations.count) reservations are left")
      }
      do { try checkBook(record, orders, fills, movements) } catch {
        world.violate("the book refuses: \(error)")
      }
    }
    for order in taken.keys.sorted(by: { $0.bits < $1.bits }) where !known.contains(order) {
      world.violate("the venue has order \(order), which is not known here")
    }
    for (key, order) in acknowledged.sorted(by: { $0.key < $1.key }) where !known.contains(order) {
      world.violate("the order \(order) of the key \(key) was acknowledged and is lost")
    }
    let messages = read { try $0.dueMessages(at: self.world.now().adding(.day), limit: 9) } ?? []
    if !messages.isEmpty { world.violate("\(messages.count) messages are left") }
    lookForUnbooked()
  }

  /// A venue that keeps its promises leaves nothing to people but the journals that it forgot.
  private func lookForUnbooked() {
    let (name, epoch) = (venue.name, venue.epoch)
    let rows = read { rows in
      try (
        rows.unbooked(of: name, limit: 9), rows.gaps(of: name, in: epoch, limit: 9),
        rows.openDivergences(limit: 99)
      )
    }
    guard let (unbooked, gaps, notes) = rows else { return }
    for event in unbooked { world.violate("event \(event.place.sequence) is not booked") }
    if !gaps.isEmpty { world.violate("\(gaps.count) gaps are left") }
    for note in notes {
      switch note.kind {
      case .fillMissingHere, .orderMissingHere, .orderMissingThere, .stateDiffers, .workFails:
        world.violate("people are told: \(note.detail)")
      case .eventUnbooked where note.subject.hasPrefix("\(name)/\(epoch)/"):
        world.violate("people are told: \(note.detail)")
      default: break
      }
    }
  }

  /// What was accepted when nothing stood in the way was sent.
  private func checkThatItWent(_ record: OrderRecord, _ state: TradingState) {
    let order = record.order
    guard let calmSince, order.mode == .autonomous, order.placedAt.since(calmSince) > .seconds(1),
      state == .active, let control = read({ try $0.control(.shared) }), control.state == .active,
      !control.isStopped
    else { return }
    let wasRefused = read { try $0.events(of: order.id).contains { $0.event == .refused } }
    if wasRefused == true { world.violate("order \(order.id) was never sent, and all was calm") }
  }

  private func checkStop(_ submission: Submission, at time: Timestamp) {
    guard submission.terms.purpose == .trade else { return }
    // What was on its way may still come in; no later than its own end.
    let margin = Span.seconds(7)
    for period in wasStopped where time > period.from.adding(margin) && time < period.to {
      world.violate("the venue took order \(submission.order) long after the stop")
    }
  }

  private func check(_ record: OrderRecord, _ traded: [Fill], _ fills: [FillRecord]) {
    let order = record.order
    if !order.state.isFinal {
      world.violate("order \(order.id) never ended: it is '\(order.state.rawValue)'")
    }
    let here = Set(fills.map(\.fill).filter { $0.order == order.id })
    // What was forgotten unheard may have been told as an answer.
    if !here.isSubset(of: traded) || !here.isSuperset(of: Set(traded).subtracting(forgotten)) {
      world.violate(
        "order \(order.id) has \(here.count) fills here and \(traded.count) at the venue")
    }
    var again = Order(order.id, order.terms, mode: order.mode, placedAt: order.placedAt)
    do {
      for event in read({ try $0.events(of: order.id) }) ?? [] { try again.receive(event.event) }
    } catch {
      world.violate("the history of order \(order.id) is none: \(error)")
    }
    if again != order { world.violate("order \(order.id) is not what its history says") }
  }

  /// Position = sum of fills, cash = what came in and was earned, by the ledger's own book.
  private func checkBook(
    _ record: AccountRecord, _ orders: [OrderRecord], _ fills: [FillRecord],
    _ movements: [CashMovement]
  ) throws {
    var book = AccountBook()
    // What came in first: the book lets nothing go out that is not there.
    for movement in movements where movement.amount.isPositive {
      try book.receive(.deposited(movement.amount))
    }
    for movement in movements where movement.amount.isNegative {
      try book.receive(.withdrawn(-movement.amount))
    }
    for order in orders.map(\.order) {
      try book.receive(
        .placed(Order(order.id, order.terms, mode: .autonomous, placedAt: order.placedAt)))
      try book.receive(.moved(order.id, .submitted))
    }
    for fill in fills { try book.receive(.filled(fill.fill)) }
    for instrument in Instrument.allCases
    where book.positions[instrument].quantity != record.stored.positions[instrument].quantity {
      world.violate(
        "\(instrument.rawValue): \(record.stored.positions[instrument].quantity) lots are held, "
          + "and fills say \(book.positions[instrument].quantity)")
    }
    // Fills of one moment may be folded in another order than they came: a cost may be rounded
    // otherwise, by a unit each.
    let difference = try book.cash.subtracting(record.stored.cash)
    if difference.magnitude.units > Int64(fills.count) {
      world.violate("cash is \(record.stored.cash), and the book says \(book.cash)")
    }
  }
}
