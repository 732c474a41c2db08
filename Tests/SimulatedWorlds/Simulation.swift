import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
package import FlowrexTrading
import FlowrexVenue
package import Ledger
import Risk

/// One run: some minutes of two processes, four clients, an operator, a market and a venue.
package final class Simulation: @unchecked Sendable {
  package struct Result: Sendable {
    package let violations: [String]
    package let trace: [String]
    package let elapsed: Span
    /// Lines of the venue's journal.
    package let journal: Int
  }

  let accounts: [AccountID]
  static let owner = PersonID(0x1)

  let world: World
  let guarantee: SubmitGuarantee
  let market: HandMarket
  let venue: SimulatedVenue
  let database: SQLiteStore
  let auditor: Auditor
  let bug: PlantedBug?
  let kind: WorldKind
  private let ids: any IDSource
  private let policy: RiskPolicy
  private var desks: [(life: Life, desk: Desk)] = []
  /// For the bug ``PlantedBug/withdrawalsAreLooser``: a desk that allows more.
  private var looseDesk: Desk?
  private var births = 0
  /// Nothing is traded for a moment.
  private var isStill = false

  private init(seed: UInt64, _ guarantee: SubmitGuarantee, _ bug: PlantedBug?) async throws {
    kind = WorldKind(seed: seed)
    accounts = kind.accounts
    let world = World(seed: seed, at: kind.beginning)
    let tap = Tap(bug)
    self.world = world
    self.guarantee = guarantee
    self.bug = bug
    market = HandMarket(world)
    venue = SimulatedVenue(
      guarantee, market: market,
      clock: SkewedClock(world: world, skew: .milliseconds(Int32(world.below(1_000) - 500))),
      lateFills: kind.lateFills, seed: seed, temper: kind.temper)
    database = try SQLiteStore(path: nil) { connection in
      tap.isOn ? TappedConnection(inner: connection, tap: tap) : connection
    }
    ids = bug == .namesRepeat ? ForgetfulIDs() : CountingIDs(after: UInt128(seed) << 32)
    let caps = try kind.caps(seed)
    policy = RiskPolicy(
      caps: bug == .capsAreLooser ? .hard : caps, traded: Set(Instrument.allCases),
      quoteLife: .seconds(5))
    auditor = Auditor(world, kind, database, tap, venue, market, caps, accounts)
    tap.isOn = false
    _ = try await Migrator(try Schema.current(), on: database).up(at: world.beginning)
    tap.isOn = true
  }

  /// - Returns: what happened; the same for the same seed.
  package static func run(
    seed: UInt64, _ guarantee: SubmitGuarantee, _ bug: PlantedBug? = nil
  ) async throws -> Result {
    let simulation = try await Simulation(seed: seed, guarantee, bug)
    simulation.play()
    let world = simulation.world
    return Result(
      violations: world.violations, trace: world.trace, elapsed: world.elapsed,
      journal: simulation.auditor.journal.count)
  }

  private func play() {
    for name in ["north", "south"] { startProcess(name) }
    for account in accounts {
      start { await $0.insist("open") { try await $0.openAccount(account, of: Self.owner) } }
    }
    world.run(.seconds(3))
    for account in accounts {
      start { simulation in
        for _ in 1...2 {
          await simulation.insist("deposit") {
            _ = try await $0.move(70_000, of: account, named: account.bits)
          }
        }
      }
    }
    world.run(.seconds(5))
    for number in 1...5 { start { await $0.trade(as: number) } }
    start { await $0.moveMarket() }
    start { await $0.killProcesses() }
    start { await $0.stopProcesses() }
    for account in accounts where kind.hasMovements(account) {
      start { await $0.moveMoney(of: account) }
    }
    startWhatIsParticular()
    start { await $0.haltAccounts() }
    if world.happens(300) || kind == .falling { start { await $0.crash() } }
    if world.happens(400) { start { await $0.stopAndRelease() } }
    let isForgetful = world.happens(400)
    if isForgetful { start { await $0.forgetInRoughTimes() } }
    world.run(.seconds(75))

    world.isRough = false
    world.note("calm")
    world.run(.seconds(15))
    // What a venue forgot only a person can find out.
    if isForgetful { start { await $0.settleByHand(.unknown, .working, .partiallyFilled) } }
    world.run(.seconds(30))
    auditor.lookWhenCalm(world.now(), guarantee: guarantee)
    if world.happens(300) { forget() }
    start { await $0.closeDown() }
    world.run(.seconds(40))
    auditor.lookAtTheEnd()
    // What sleeps wakes up and ends, or its memory would stay.
    world.isOver = true
    world.end()
  }

  func start(_ body: @escaping @Sendable (Simulation) async -> Void) {
    world.start { await body(self) }
  }

  // MARK: Processes

  private func startProcess(_ name: String) {
    births += 1
    let life = Life("\(name)-\(births)")
    let auditor = auditor
    let store = SimulatedStore(world: world, life: life, database: database, bug: bug) {
      auditor.lookAtCommit()
    }
    var times = DeskTimes()
    times.approvalLife = .seconds(15)
    times.sendWithin = .seconds(20)
    times.lease = .seconds(7)
    times.longestPause = .seconds(8)
    times.gapLife = .seconds(5)
    let skew = Span.milliseconds(Int32(world.below(400) - 200))
    let desk: Desk
    do {
      desk = try Desk(
        store: store, broker: SimulatedLine(world: world, life: life, venue: venue, bug: bug),
        market: market, clock: SkewedClock(world: world, skew: skew), ids: ids, policy: policy,
        times: times)
    } catch {
      world.violate("no desk can be made: \(error)")
      return
    }
    if bug == .withdrawalsAreLooser {
      looseDesk = try? Desk(
        store: store, broker: SimulatedLine(world: world, life: life, venue: venue, bug: bug),
        market: market, clock: SkewedClock(world: world, skew: skew), ids: ids,
        policy: RiskPolicy(
          caps: .hard, traded: Set(Instrument.allCases), quoteLife: policy.quoteLife),
        times: times)
    }
    life.isBorn = true
    desks.append((life, desk))
    world.note("\(life.name) starts")
    work(life, every: 300...900) { _ = try await desk.deliver(.submit, limit: 10) }
    work(life, every: 300...900) { _ = try await desk.deliver(.cancel, limit: 10) }
    work(life, every: 300...900) { _ = try await desk.listen(limit: 20) }
    work(life, every: 4_000...8_000) { _ = try await desk.reconcile(batch: 3) }
    work(life, every: 1_000...3_000) { _ = try await desk.expireApprovals(batch: 5) }
    work(life, every: 1_000...3_000) { _ = try await desk.guardAccounts() }
  }

  private func work(
    _ life: Life, every pause: ClosedRange<Int>, _ job: @escaping @Sendable () async throws -> Void
  ) {
    start { simulation in
      let world = simulation.world
      while !life.isDead, !world.isOver {
        await world.sleep(world.milliseconds(pause))
        // A worker that fails tries again at its next turn.
        do { try await job() } catch { world.note("\(life.name): \(error)") }
      }
    }
  }

  private func killProcesses() async {
    while world.isRough {
      await world.sleep(world.milliseconds(3_000...12_000))
      guard world.isRough, !desks.isEmpty else { return }
      let (life, _) = desks.remove(at: world.below(desks.count))
      life.isDead = true
      world.note("\(life.name) dies")
      let name = life.name.split(separator: "-")[0]
      world.after(world.milliseconds(200...4_000)) { self.startProcess(String(name)) }
    }
  }

  /// Lets a process stand still, longer than a submission lives.
  private func stopProcesses() async {
    while world.isRough {
      await world.sleep(world.milliseconds(5_000...15_000))
      guard world.isRough, !desks.isEmpty else { return }
      let (life, _) = desks[world.below(desks.count)]
      life.standsUntil = world.now().adding(world.milliseconds(1_000...14_000))
      world.note("\(life.name) stands until \(life.standsUntil.since(world.beginning))")
    }
  }

  /// The venue is mute for a while, works on, and then forgets everything.
  private func forgetInRoughTimes() async {
    await world.sleep(world.milliseconds(15_000...60_000))
    world.mute(for: world.milliseconds(1_000...6_000))
    while world.isMute { await world.sleep(.milliseconds(200)) }
    auditor.keepJournal()
    venue.restart()
    world.note("the venue begins anew")
  }

  /// The venue forgets everything, and trades go on.
  private func forget() {
    isStill = true
    world.run(.seconds(5))
    auditor.keepJournal()
    venue.restart()
    world.note("the venue begins anew")
    isStill = false
    start { await $0.settleByHand() }
    world.run(.seconds(25))
    auditor.allIsCalm()
    for number in 6...8 {
      start { simulation in
        let key = "client-\(number)-order-1"
        let account = simulation.accounts[number % 3]
        if let request = simulation.request(key, of: account) {
          await simulation.place(key, request)
        }
      }
    }
    world.run(.seconds(40))
  }

  // MARK: People

  /// Asks one process or the other until there is an answer.
  @discardableResult
  func insist<Value: Sendable>(
    _ what: String, _ body: @escaping @Sendable (Desk) async throws -> Value
  ) async -> Value? {
    for _ in 0..<300 {
      if world.isOver { return nil }
      if !desks.isEmpty {
        let (_, desk) = desks[world.below(desks.count)]
        do {
          return try await body(desk)
        } catch let fault as TradingFault {
          guard case .keyInFlight = fault else {
            world.note("\(what): \(fault)")
            return nil
          }
        } catch {
          world.note("\(what) once more: \(error)")
        }
      }
      await world.sleep(world.milliseconds(100...700))
    }
    world.violate("'\(what)' was never answered")
    return nil
  }

  private func trade(as client: Int) async {
    for number in 1...9 where world.isRough {
      await world.sleep(world.milliseconds(200...9_000))
      guard world.isRough else { return }
      let key = "client-\(client)-order-\(number)"
      guard let request = request(key, of: accounts[client % 3]) else {
        return
      }
      if world.happens(150) { start { await $0.place(key, request) } }
      await place(key, request)
    }
  }

  private func request(_ key: String, of account: AccountID) -> OrderRequest? {
    let instrument = [Instrument.eurUSD, .usdJPY, .gbpUSD][world.below(3)]
    let side: Side = world.happens(500) ? .buy : .sell
    let quantity = Quantity(Int32(5 + world.below(55)), .two)
    var pricing = Pricing.market
    if world.happens(400), let quote = market.market().quotes[instrument] {
      // Some rest in the book until the market comes to them.
      let tick = InstrumentTerms.of(instrument).tick
      let away = try? tick.times(world.below(16) - 4)
      let price = side == .buy ? quote.ask : quote.bid
      if let away, let limit = try? price.adding(side == .buy ? -away : away) {
        pricing = .limit(limit)
      }
    }
    let mode: ExecutionMode = world.happens(300) ? .guide : .autonomous
    let life: OrderLife = world.happens(200) ? .immediate : .untilCancelled
    return ClientKey(key).map {
      OrderRequest(
        ClientOrder(side, quantity, of: instrument, pricing, life: life), of: account,
        by: Self.owner, key: $0, mode: mode)
    }
  }

  func place(_ key: String, _ request: OrderRequest) async {
    let askedAt = world.now()
    guard let answer = await insist(key, { try await $0.place(request) }) else { return }
    if case .denied(let code, _) = answer.outcome {
      auditor.clientWasDenied(code, request, askedAt: askedAt)
    }
    world.note("\(key) is answered: \(answer.order?.description ?? "\(answer.outcome)")")
    if let order = answer.order { auditor.clientWasTold(key, order) }
    if world.happens(250), let again = await insist(key, { try await $0.place(request) }) {
      if again.outcome != answer.outcome || !again.isReplay {
        world.violate("the key \(key) has got two answers")
      }
    }
    guard let order = answer.order else { return }
    let account = request.account
    if request.mode == .guide { await decide(order, of: account) }
    if world.happens(300) {
      await world.sleep(world.milliseconds(0...6_000))
      await insist("cancel \(order)") { _ = try await $0.cancel(order, of: account) }
    }
  }

  private func decide(_ order: OrderID, of account: AccountID) async {
    await world.sleep(world.milliseconds(0...12_000))
    switch world.below(10) {
    case 0...5:
      await insist("approve \(order)") {
        _ = try await $0.approve(order, of: account, by: Self.owner)
      }
    case 6:
      await insist("reject \(order)") {
        _ = try await $0.reject(order, of: account, by: Self.owner)
      }
    default: break
    }
  }

  /// Money comes and goes; what may not go stays.
  private func moveMoney(of account: AccountID) async {
    for number in 1...6 where world.isRough {
      await world.sleep(world.milliseconds(2_000...16_000))
      let amount = Amount(Int32(world.below(60) - kind.mostlyOut) * 1_000)
      guard world.isRough, !amount.isZero else { continue }
      let name = account.bits << 32 | UInt128(number)
      await insist("move \(amount) of \(account)") {
        _ = try await (self.looseDesk ?? $0).move(amount, of: account, named: name)
      }
    }
  }

  /// A person halts an account for a while.
  private func haltAccounts() async {
    while world.isRough {
      await world.sleep(world.milliseconds(6_000...20_000))
      guard world.isRough else { return }
      let account = accounts[world.below(accounts.count)]
      await insist("halt \(account)") { try await $0.set(.halted, of: account) }
      await world.sleep(world.milliseconds(1_000...6_000))
      await insist("activate \(account)") { try await $0.set(.active, of: account) }
    }
  }

  /// A price falls by more than most days bring.
  private func crash() async {
    await world.sleep(world.milliseconds(15_000...50_000))
    for instrument in [Instrument.eurUSD, .gbpUSD] {
      guard let quote = market.market().quotes[instrument],
        let fall = try? InstrumentTerms.of(instrument).tick.times(1_500),
        let bid = try? quote.bid.subtracting(fall), let ask = try? quote.ask.subtracting(fall)
      else { continue }
      market.set(instrument, bid: bid, ask: ask)
    }
    auditor.see(market.market())
    world.note("prices fall")
  }

  private func moveMarket() async {
    var steps = 0
    while !world.isOver {
      await world.sleep(.milliseconds(500))
      if isStill { continue }
      for instrument in [Instrument.eurUSD, .usdJPY, .gbpUSD] {
        guard let quote = market.market().quotes[instrument] else { continue }
        let tick = InstrumentTerms.of(instrument).tick
        guard let step = try? tick.times(world.below(9) - 4),
          let bid = try? quote.bid.adding(step), let ask = try? quote.ask.adding(step)
        else { continue }
        market.set(instrument, bid: bid, ask: ask)
      }
      auditor.see(market.market())
      steps += 1
      if steps.isMultiple(of: kind.stepsOfATurn) { venue.turn() }
    }
  }

  /// The emergency stop, and two people who release it.
  private func stopAndRelease() async {
    await world.sleep(world.milliseconds(10_000...40_000))
    let (first, second) = (PersonID(0x10), PersonID(0x11))
    await insist("stop") { _ = try await $0.command(.engage, by: .person(first)) }
    world.note("stopped")
    await insist("cancel all") { _ = try await $0.cancelOpenOrders() }
    await world.sleep(.seconds(8))
    if let key = ClientKey("close-all-1") {
      await insist("close all") { _ = try await $0.closeAll(key, by: first) }
    }
    await world.sleep(world.milliseconds(5_000...20_000))
    await insist("propose") { _ = try await $0.command(.proposeRelease, by: .person(first)) }
    await insist("confirm") { _ = try await $0.command(.confirmRelease, by: .person(second)) }
    await insist("activate") { _ = try await $0.command(.activate, by: .person(second)) }
    world.note("released")
  }

  /// Ends what rests in the book, and settles by hand what only a person can.
  private func closeDown() async {
    for _ in 1...2 {
      await settleByHand()
      await insist("cancel all") { _ = try await $0.cancelOpenOrders() }
      await world.sleep(.seconds(15))
    }
  }

  /// A person asks the venue on the telephone.
  private func settleByHand() async {
    if guarantee == .neither {
      await settleByHand(.unknown, .working, .partiallyFilled)
    } else {
      await settleByHand(.working, .partiallyFilled)
    }
  }

  private func settleByHand(_ states: OrderState...) async {
    let open = await insist("read") { desk in try await desk.openOrders(in: states) }
    for order in open ?? [] where !venue.has(order.id) {
      await insist("settle \(order.id)") {
        _ = try await $0.settleAsAbsent(order.id, of: order.account)
      }
    }
  }
}

extension SimulatedVenue {
  fileprivate func has(_ order: OrderID) -> Bool {
    journal.contains { entry in
      if case .taken(let submission) = entry.kind { submission.order == order } else { false }
    }
  }
}

/// Names that come again after a while.
private final class ForgetfulIDs: IDSource {
  private let inner = CountingIDs()
  func next() -> UInt128 { inner.next() % 7 + 1 }
}
