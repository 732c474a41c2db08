import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// Signals from their posting to the order, on every database. (S17-MET-04, 05, C-65)
struct SignalTests {
  private static let (owner, stranger) = (Floor.owner, PersonID(0x2))
  private static let tenth = Quantity(10, .two)

  /// A floor with a strategy that is switched on.
  private struct Scene: Sendable {
    let floor: Floor
    let desk: StrategyDesk
    let strategy: StrategyID

    init(
      _ store: any Store, strategyMode: ExecutionMode? = nil, deskMode: ExecutionMode = .guide
    ) async throws {
      floor = try await Floor(store)
      desk = StrategyDesk(
        store: store, clock: floor.clock, ids: CountingIDs(after: 9_000), mode: deskMode,
        signalLife: .minute)
      let made = try await desk.create(
        try #require(StrategyName("one")), .external, mode: strategyMode, key: Self.key("s"),
        by: SignalTests.owner)
      strategy = made.record.strategy.id
      _ = try await desk.set(isActive: true, strategy, by: SignalTests.owner)
    }

    static func key(_ text: String) throws -> ClientKey { try #require(ClientKey(text)) }

    func post(
      _ key: String = "g", _ type: SignalType = .enterLong, _ quantity: Quantity? = tenth,
      _ pricing: Pricing = .market, of instrument: Instrument = .eurUSD
    ) async throws -> Signal {
      try await desk.post(
        SignalTerms(type, of: instrument, quantity, pricing), of: strategy, key: Self.key(key),
        by: SignalTests.owner
      ).stored.record.signal
    }

    func approved(
      _ key: String = "g", _ type: SignalType = .enterLong, _ quantity: Quantity? = tenth
    ) async throws -> SignalID {
      let id = try await post(key, type, quantity).id
      _ = try await desk.approve(id, by: SignalTests.owner)
      return id
    }

    func execute(_ id: SignalID) async throws -> Stored<SignalRecord> {
      try await floor.desk.execute(id, of: Floor.account, by: SignalTests.owner)
    }

    /// The order that came of a signal.
    func order(of answer: Stored<SignalRecord>) async throws -> OrderRecord {
      guard case .executed(let id, _) = answer.record.signal.outcome else {
        throw StrategyFault.signalUnknown(answer.record.signal.id)
      }
      return try #require(try await floor.order(id))
    }
  }

  private func withScene(
    on backend: Backend = .sqliteInMemory, strategyMode: ExecutionMode? = nil,
    deskMode: ExecutionMode = .guide, _ body: (Scene) async throws -> Void
  ) async throws {
    try await backend.withStore { store in
      try await body(try await Scene(store, strategyMode: strategyMode, deskMode: deskMode))
    }
  }

  @Test(.covers("S17-MET-04", "C-65", "S17-INT-04"), arguments: Backend.allCases)
  func `a signal waits, is approved, and becomes one order that is approved`(
    backend: Backend
  ) async throws {
    try await withScene(on: backend) { scene in
      let signal = try await scene.post()
      await #expect(throws: StrategyFault.signal(.notApproved(signal.id))) {
        try await scene.execute(signal.id)
      }
      let agreed = try await scene.desk.approve(signal.id, by: Self.owner)
      #expect(agreed.signal.consent == Signal.Consent(by: Self.owner, at: HandClock.start))
      scene.floor.clock.advance(.seconds(1))
      #expect(try await scene.desk.approve(signal.id, by: Self.owner) == agreed)
      let answer = try await scene.execute(signal.id)
      #expect(!answer.isReplay)
      let order = try await scene.order(of: answer)
      #expect(order.order.state == .accepted && order.order.mode == .guide)
      #expect(order.key == ClientKey(signal: signal.id))
      #expect(order.order.terms == OrderTerms(.buy, Self.tenth, of: .eurUSD, .market))
      let events = try await scene.floor.store.transact { try $0.events(of: order.order.id) }
      #expect(events.map(\.event) == [.approved])
      try await scene.floor.settle()
      #expect(try await scene.order(of: answer).order.state == .filled)
    }
  }

  @Test(.covers("S04-RES-07", "C-65"), arguments: Backend.allCases)
  func `executed twice it is one order, long after its end too`(backend: Backend) async throws {
    try await withScene(on: backend) { scene in
      let id = try await scene.approved()
      let first = try await scene.execute(id)
      scene.floor.clock.advance(Span(microseconds: 3 * Span.day.microseconds))
      _ = try await scene.desk.set(isActive: false, scene.strategy, by: Self.owner)
      let again = try await scene.execute(id)
      #expect(again.isReplay && again.record == first.record)
      let orders = try await scene.floor.store.transact { rows in
        try rows.orders(of: Floor.account, OrderFilter(), PageRequest(limit: 9))
      }
      #expect(orders.items.count == 1)
    }
  }

  @Test(.covers("S04-RES-07", "C-65"), arguments: [Backend.sqliteFile, .postgresql])
  func `of many who execute at once one makes the order`(backend: Backend) async throws {
    try await withScene(on: backend) { scene in
      let id = try await scene.approved()
      let answers = try await withThrowingTaskGroup(of: Stored<SignalRecord>.self) { group in
        for number in 0..<8 {
          // Each as another process would, without the other's keys in flight.
          let desk = try Desk(
            store: scene.floor.store, broker: scene.floor.line, market: scene.floor.market,
            clock: scene.floor.clock, ids: CountingIDs(after: 100_000 * UInt128(number + 1)),
            policy: Floor.policy)
          group.addTask { try await desk.execute(id, of: Floor.account, by: Self.owner) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { !$0.isReplay } == 1)
      #expect(Set(answers.map(\.record)).count == 1)
      let stored = try #require(try await scene.floor.account()).stored
      #expect(stored.reservations.count == 1)
    }
  }

  @Test(.covers("S04-RES-07"), arguments: [Backend.sqliteFile, .postgresql])
  func `of many who post at once under one key one stores the signal`(
    backend: Backend
  ) async throws {
    try await withScene(on: backend) { scene in
      let posted = try await withThrowingTaskGroup(of: PostedSignal.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await scene.desk.post(
              SignalTerms(.enterLong, of: .eurUSD, 1, .market), of: scene.strategy,
              key: Scene.key("g"), by: Self.owner)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(posted.count { !$0.stored.isReplay } == 1)
      #expect(Set(posted.map(\.stored.record)).count == 1)
      #expect(posted.allSatisfy { $0.kind == .external })
    }
  }

  @Test(.covers("C-65"), arguments: [ExecutionMode?.none, .guide, .autonomous])
  func `a strategy's mode goes before the desk's`(mode: ExecutionMode?) async throws {
    for deskMode in ExecutionMode.allCases {
      try await withScene(strategyMode: mode, deskMode: deskMode) { scene in
        let signal = try await scene.post()
        #expect(signal.mode == mode ?? deskMode)
        guard signal.mode == .autonomous else { return }
        // Nobody has to agree, inside the caps.
        let order = try await scene.order(of: try await scene.execute(signal.id)).order
        #expect(order.state == .accepted && order.mode == .autonomous)
      }
    }
  }

  @Test(.covers("C-65"), arguments: Backend.allCases)
  func `what expired is neither approved nor executed`(backend: Backend) async throws {
    try await withScene(on: backend) { scene in
      let (waiting, agreed) = (try await scene.post("a").id, try await scene.approved("b"))
      scene.floor.clock.advance(.minute)
      await #expect(throws: StrategyFault.signal(.expired(waiting, .seconds(0)))) {
        try await scene.desk.approve(waiting, by: Self.owner)
      }
      await #expect(throws: StrategyFault.signal(.expired(agreed, .seconds(0)))) {
        try await scene.execute(agreed)
      }
      let record = try await scene.desk.signal(agreed, of: Self.owner)
      #expect(record.signal.state(at: scene.floor.clock.now()) == .expired)
      let stored = try #require(try await scene.floor.account()).stored
      #expect(stored.reservations == [])
    }
  }

  @Test(.covers("S17-MET-05"), arguments: Backend.allCases)
  func `of a strategy that is switched off nothing goes on`(backend: Backend) async throws {
    try await withScene(on: backend) { scene in
      let (waiting, agreed) = (try await scene.post("a").id, try await scene.approved("b"))
      let off = try await scene.desk.set(isActive: false, scene.strategy, by: Self.owner)
      #expect(!off.strategy.isActive)
      #expect(try await scene.desk.set(isActive: false, scene.strategy, by: Self.owner) == off)
      let fault = StrategyFault.strategyIsOff(scene.strategy)
      await #expect(throws: fault) { try await scene.post("c") }
      await #expect(throws: fault) { try await scene.desk.approve(waiting, by: Self.owner) }
      await #expect(throws: fault) { try await scene.execute(agreed) }
      // What was said before is told again.
      #expect(try await scene.post("a").id == waiting)
      let same = try await scene.desk.approve(agreed, by: Self.owner)
      #expect(same.signal.consent != nil)
      _ = try await scene.desk.set(isActive: true, scene.strategy, by: Self.owner)
      #expect(try await scene.execute(agreed).isReplay == false)
    }
  }

  @Test(.covers("S18-HS-10", "S18-EMG-02"), arguments: Backend.allCases)
  func `what risk denies ends the signal, in the same words ever after`(
    backend: Backend
  ) async throws {
    try await withScene(on: backend) { scene in
      let id = try await scene.approved()
      _ = try await scene.floor.desk.command(.engage, by: .person(Self.owner))
      let answer = try await scene.execute(id)
      guard case .denied(.killSwitch, let sentence, _) = answer.record.signal.outcome else {
        Issue.record("\(answer)")
        return
      }
      #expect(!sentence.isEmpty)
      #expect(try await scene.execute(id).record == answer.record)
      let stored = try #require(try await scene.floor.account()).stored
      #expect(stored.reservations == [])
      let orders = try await scene.floor.store.transact { rows in
        try rows.orders(of: Floor.account, OrderFilter(), PageRequest(limit: 9))
      }
      #expect(orders.items == [])
    }
  }

  @Test(arguments: [
    (SignalType.enterLong, Quantity?.none), (.enterShort, nil), (.enterLong, Quantity(5, .two)),
    (.enterShort, Quantity(5, .two)), (.enterLong, Quantity(1)), (.enterShort, Quantity(1)),
  ])
  func `an exit goes against what is held, and never further than flat`(
    entry: SignalType, quantity: Quantity?
  ) async throws {
    try await withScene { scene in
      _ = try await scene.execute(try await scene.approved("in", entry))
      try await scene.floor.settle()
      let exit = try await scene.order(
        of: try await scene.execute(try await scene.approved("out", .exit, quantity))
      ).order
      #expect(exit.terms.side == (entry == .enterLong ? .sell : .buy))
      #expect(exit.terms.quantity == min(quantity ?? Self.tenth, Self.tenth))
      // What is being closed already is not closed once more.
      guard exit.terms.quantity == Self.tenth else { return }
      let second = try await scene.approved("again", .exit, nil)
      await #expect(throws: StrategyFault.nothingToExit(second, .eurUSD)) {
        try await scene.execute(second)
      }
    }
  }

  @Test func `without a position there is nothing to exit, until there is one`() async throws {
    try await withScene { scene in
      let exit = try await scene.approved("out", .exit, nil)
      let fault = await #expect(throws: StrategyFault.self) { try await scene.execute(exit) }
      #expect(fault?.description == "signal \(exit) has no position in EURUSD to end")
      _ = try await scene.execute(try await scene.approved("in"))
      try await scene.floor.settle()
      _ = try await scene.execute(exit)
      try await scene.floor.settle()
      let stored = try #require(try await scene.floor.account()).stored
      #expect(stored.positions[.eurUSD].isFlat)
    }
  }

  @Test func `a hold is kept, and nothing comes of it`() async throws {
    try await withScene(deskMode: .autonomous) { scene in
      let id = try await scene.post("h", .hold, nil).id
      let fault = StrategyFault.signal(.asksForNothing(id))
      await #expect(throws: fault) { try await scene.desk.approve(id, by: Self.owner) }
      await #expect(throws: fault) { try await scene.execute(id) }
    }
  }

  @Test(arguments: Backend.allCases)
  func `another person's strategies and signals are unknown`(backend: Backend) async throws {
    try await withScene(on: backend) { scene in
      let id = try await scene.approved()
      let (signal, strategy) = (
        StrategyFault.signalUnknown(id), StrategyFault.strategyUnknown(scene.strategy)
      )
      await #expect(throws: strategy) {
        try await scene.desk.strategy(scene.strategy, of: Self.stranger)
      }
      await #expect(throws: strategy) {
        try await scene.desk.set(isActive: false, scene.strategy, by: Self.stranger)
      }
      await #expect(throws: strategy) {
        try await scene.desk.post(
          SignalTerms(.hold, of: .eurUSD, nil, .market), of: scene.strategy, key: Scene.key("x"),
          by: Self.stranger)
      }
      await #expect(throws: signal) { try await scene.desk.signal(id, of: Self.stranger) }
      await #expect(throws: signal) { try await scene.desk.approve(id, by: Self.stranger) }
      await #expect(throws: signal) {
        try await scene.floor.desk.execute(id, of: Floor.account, by: Self.stranger)
      }
      // One's own signal on another person's account.
      try await scene.floor.desk.openAccount(AccountID(0xB), of: Self.stranger)
      await #expect(throws: TradingFault.accountUnknown(AccountID(0xB))) {
        try await scene.floor.desk.execute(id, of: AccountID(0xB), by: Self.owner)
      }
      #expect(try await scene.execute(id).isReplay == false)
    }
  }

  @Test(.covers("S04-RES-07"), arguments: Backend.allCases)
  func `a key is one thing's, and another person's key is another key`(
    backend: Backend
  ) async throws {
    try await withScene(on: backend) { scene in
      let signal = try await scene.post("g")
      #expect(try await scene.post("g") == signal)
      let fault = StrategyFault.keyUsedForAnother(try Scene.key("g"))
      await #expect(throws: fault) { try await scene.post("g", .enterShort) }
      await #expect(throws: fault) { try await scene.post("g", .enterLong, 1) }
      await #expect(throws: fault) {
        try await scene.desk.post(
          SignalTerms(.enterLong, of: .eurUSD, Self.tenth, .market), life: .seconds(9),
          of: scene.strategy, key: Scene.key("g"), by: Self.owner)
      }
      let name = try #require(StrategyName("two"))
      await #expect(throws: StrategyFault.keyUsedForAnother(try Scene.key("s"))) {
        try await scene.desk.create(
          name, .external, mode: nil, key: Scene.key("s"), by: Self.owner)
      }
      let theirs = try await scene.desk.create(
        name, .manual, mode: nil, key: Scene.key("s"), by: Self.stranger)
      #expect(!theirs.isReplay && theirs.record.strategy.id != scene.strategy)
      let again = try await scene.desk.create(
        name, .manual, mode: nil, key: Scene.key("s"), by: Self.stranger)
      #expect(again.isReplay && again.record == theirs.record)
    }
  }

  @Test(.covers("S04-RES-07"))
  func `who says no life gets the same signal when the default is another`() async throws {
    try await withScene { scene in
      let signal = try await scene.post()
      let desk = StrategyDesk(
        store: scene.floor.store, clock: scene.floor.clock, ids: CountingIDs(), mode: .autonomous,
        signalLife: .seconds(9))
      let again = try await desk.post(
        signal.terms, of: scene.strategy, key: Scene.key("g"), by: Self.owner)
      #expect(again.stored.isReplay && again.stored.record.signal == signal)
    }
  }

  @Test(.covers("S17-MET-05"), arguments: [Backend.sqliteFile, .postgresql])
  func `who switches off while others execute waits for nobody in a circle`(
    backend: Backend
  ) async throws {
    try await withScene(on: backend, strategyMode: .autonomous) { scene in
      for round in 0..<10 {
        _ = try await scene.desk.set(isActive: true, scene.strategy, by: Self.owner)
        let id = try await scene.post("g\(round)").id
        async let switched = scene.desk.set(isActive: false, scene.strategy, by: Self.owner)
        async let posted = Self.isDone { _ = try await scene.post("h\(round)") }
        async let executed = Self.isDone { _ = try await scene.execute(id) }
        let isPosted = try await posted
        let isExecuted = try await executed
        #expect(try await !switched.strategy.isActive)
        // What was done stands, and what was not done did nothing.
        let record = try await scene.desk.signal(id, of: Self.owner)
        #expect((record.signal.outcome != nil) == isExecuted)
        let signals = try await scene.desk.signals(of: Self.owner, PageRequest(limit: 100))
        let isStored = signals.items.contains { $0.key.text == "h\(round)" }
        #expect(isStored == isPosted)
      }
    }
  }

  /// False when the strategy was switched off before.
  private static func isDone(_ body: () async throws -> Void) async throws -> Bool {
    do {
      try await body()
      return true
    } catch StrategyFault.strategyIsOff {
      return false
    }
  }

  @Test func `a signal lives a second at least and a day at most`() async throws {
    try await withScene { scene in
      let terms = try SignalTerms(.hold, of: .eurUSD, nil, .market)
      for span in [Span.milliseconds(999), Span(microseconds: Span.day.microseconds + 1)] {
        let fault = await #expect(throws: StrategyFault.self) {
          try await scene.desk.post(
            terms, life: span, of: scene.strategy, key: Scene.key("x"), by: Self.owner)
        }
        #expect(fault == .lifeOutOfRange(span))
      }
      for span in [Span.seconds(1), .day] {
        let posted = try await scene.desk.post(
          terms, life: span, of: scene.strategy, key: Scene.key("\(span.microseconds)"),
          by: Self.owner)
        let signal = posted.stored.record.signal
        #expect(signal.expiresAt == signal.postedAt.adding(span))
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `a journal is its owner's, and an entry is written once`(backend: Backend) async throws {
    try await withScene(on: backend) { scene in
      let journal = JournalDesk(
        store: scene.floor.store, clock: scene.floor.clock, ids: CountingIDs())
      let text = try #require(JournalText("Too early."))
      let signal = try await scene.post().id
      let one = try await journal.write(
        text, about: .eurUSD, signal, key: Scene.key("j"), by: Self.owner)
      #expect(!one.isReplay && one.record.at == HandClock.start)
      scene.floor.clock.advance(.minute)
      let again = try await journal.write(
        text, about: .eurUSD, signal, key: Scene.key("j"), by: Self.owner)
      #expect(again.isReplay && again.record == one.record)
      await #expect(throws: StrategyFault.keyUsedForAnother(try Scene.key("j"))) {
        try await journal.write(text, about: nil, signal, key: Scene.key("j"), by: Self.owner)
      }
      await #expect(throws: StrategyFault.signalUnknown(signal)) {
        try await journal.write(text, about: nil, signal, key: Scene.key("j"), by: Self.stranger)
      }
      #expect(try await journal.entry(one.record.id, of: Self.owner) == one.record)
      await #expect(throws: StrategyFault.entryUnknown(one.record.id)) {
        try await journal.entry(one.record.id, of: Self.stranger)
      }
      let (mine, theirs) = try await (
        journal.entries(of: Self.owner, PageRequest(limit: 9)),
        journal.entries(of: Self.stranger, PageRequest(limit: 9))
      )
      #expect(mine.items == [one.record] && theirs.items == [])
    }
  }
}
