import FlowrexContract
package import FlowrexTrading
package import Ledger
package import Testing

/// What every broker keeps, the simulated venue and those that come later: an adapter is run
/// against its own venue, in the same process or behind a line. (S04-TRD-05, S04-RES-07)
package struct BrokerSuite: Sendable {
  private let broker: any Broker
  private let clock: any DeskClock
  private let rest: Pricing
  private let place: SourceLocation

  /// - Parameters:
  ///   - broker: with nothing of the names 1 to 99 in its journal.
  ///   - clock: the venue's own, which nobody else moves.
  ///   - rest: a price at which a purchase of euros is not filled.
  package init(
    _ broker: any Broker, clock: any DeskClock, rest: Pricing,
    _ place: SourceLocation = #_sourceLocation
  ) {
    self.broker = broker
    self.clock = clock
    self.rest = rest
    self.place = place
  }

  package func check() async throws {
    try await namesItsJournal()
    try await refusesWhatIsLate()
    try await refusesAnotherJournal()
    try await answersTwice()
    try await answersLookUps()
    try await numbersEvents()
    try await endsOrders()
    try await tellsEachOrder()
  }

  private func submission(
    _ number: UInt128, _ pricing: Pricing = .market, life: OrderLife = .untilCancelled,
    epoch: Int64? = nil
  ) async throws -> Submission {
    Submission(
      OrderID(number), of: AccountID(0xA),
      OrderTerms(.buy, Quantity(21, .two), of: .eurUSD, pricing, life: life),
      goodUntil: clock.now().adding(.seconds(5)), epoch: try await self.epoch(or: epoch))
  }

  private func epoch(or stated: Int64? = nil) async throws -> Int64 {
    if let stated { return stated }
    return try await broker.events(after: 0, of: 0, limit: 1).epoch
  }

  private func told() async throws -> [VenueEvent] {
    try await broker.events(after: 0, of: try await epoch(), limit: 1_000).events
  }

  /// Whoever asks, of whatever journal: the same name, and never the one for none.
  private func namesItsJournal() async throws {
    let epoch = try await epoch()
    #expect(epoch != 0, sourceLocation: place)
    let other = try await broker.events(after: 7, of: epoch &+ 1, limit: 1)
    #expect(other.epoch == epoch, sourceLocation: place)
    // Who heard another journal is told of this one from its beginning.
    #expect(
      try await other.events == Array(told().prefix(1)), sourceLocation: place)
  }

  private func refusesWhatIsLate() async throws {
    let before = try await told()
    let order = try await submission(1)
    let late = Submission(
      order.order, of: order.account, order.terms,
      goodUntil: clock.now().adding(.seconds(-60)), epoch: order.epoch)
    #expect(try await broker.submit(late) == .tooLate, sourceLocation: place)
    #expect(
      try await broker.cancel(OrderID(1)) == .unknown(epoch: order.epoch), sourceLocation: place)
    #expect(try await told() == before, sourceLocation: place)
    // It left no trace: the same order in time is taken.
    #expect(try await broker.submit(order) == .acknowledged, sourceLocation: place)
  }

  private func refusesAnotherJournal() async throws {
    let epoch = try await epoch()
    let before = try await told()
    let lost = try await submission(2, epoch: epoch &+ 1)
    #expect(try await broker.submit(lost) == .otherJournal, sourceLocation: place)
    #expect(
      try await broker.cancel(OrderID(2)) == .unknown(epoch: epoch), sourceLocation: place)
    #expect(try await told() == before, sourceLocation: place)
  }

  /// What an adapter promises of a submission whose answer was lost is kept.
  private func answersTwice() async throws {
    guard broker.guarantee == .idempotent else { return }
    let order = try await submission(3)
    #expect(try await broker.submit(order) == .acknowledged, sourceLocation: place)
    let before = try await told()
    for _ in 1...3 {
      #expect(try await broker.submit(order) == .acknowledged, sourceLocation: place)
    }
    #expect(try await told() == before, sourceLocation: place)
  }

  private func answersLookUps() async throws {
    _ = try await broker.submit(submission(4))
    guard broker.guarantee == .lookUpAble else {
      await #expect(throws: BrokerFault.unsupported, sourceLocation: place) {
        try await broker.lookUp(OrderID(4))
      }
      return
    }
    let found = try await broker.lookUp(OrderID(4))
    let epoch = try await epoch()
    #expect(found.epoch == epoch, sourceLocation: place)
    let order = try #require(found.order, sourceLocation: place)
    #expect(order.state == .filled, sourceLocation: place)
    #expect(order.filled == Quantity(21, .two), sourceLocation: place)
    let fills = try await told().compactMap { event -> Fill? in
      guard event.order == OrderID(4), case .filled(let fill) = event.kind else { return nil }
      return fill
    }
    #expect(order.fills == fills, sourceLocation: place)
    #expect(
      try await broker.lookUp(OrderID(99)) == LookUp(of: epoch, nil), sourceLocation: place)
  }

  /// 1, 2, 3 …, and an old question gets the old beginning of an answer.
  private func numbersEvents() async throws {
    for number in UInt128(11)...13 { _ = try await broker.submit(submission(number)) }
    let epoch = try await epoch()
    let all = try await told()
    #expect(all.map(\.sequence) == (1...all.count).map(Int64.init), sourceLocation: place)
    let part = try await broker.events(after: 2, of: epoch, limit: 3).events
    #expect(part == Array(all[2..<5]), sourceLocation: place)
    let end = try await broker.events(after: Int64(all.count), of: epoch, limit: 3).events
    #expect(end == [], sourceLocation: place)
    _ = try await broker.submit(submission(14))
    #expect(try await told().prefix(all.count) == all[...], sourceLocation: place)
  }

  private func endsOrders() async throws {
    _ = try await broker.submit(submission(21, rest))
    #expect(try await broker.cancel(OrderID(21)) == .taken, sourceLocation: place)
    #expect(try await broker.cancel(OrderID(21)) == .over(.cancelled), sourceLocation: place)
    _ = try await broker.submit(submission(22, rest, life: .immediate))
    #expect(try await broker.cancel(OrderID(22)) == .over(.expired), sourceLocation: place)
    _ = try await broker.submit(submission(23))
    #expect(try await broker.cancel(OrderID(23)) == .over(.filled), sourceLocation: place)
    let ends = try await told().filter { [OrderID(21), OrderID(22)].contains($0.order) }
    #expect(
      ends.map(\.kind) == [.acknowledged, .cancelled, .acknowledged, .expired],
      sourceLocation: place)
  }

  /// An acknowledgement first, then trades that together are the order, each with a name of its
  /// own.
  private func tellsEachOrder() async throws {
    var names: Set<FillID> = []
    var told: [OrderID: [VenueEvent]] = [:]
    for event in try await self.told() { told[event.order, default: []].append(event) }
    for (order, events) in told {
      #expect(events.first?.kind == .acknowledged, "\(order)", sourceLocation: place)
      for case .filled(let fill) in events.map(\.kind) {
        #expect(names.insert(fill.id).inserted, "\(fill)", sourceLocation: place)
        #expect(fill.order == order && fill.quantity <= Quantity(21, .two), sourceLocation: place)
      }
    }
    #expect(!names.isEmpty, sourceLocation: place)
  }
}
