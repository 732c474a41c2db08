import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// Who holds one account for long keeps no other's orders waiting. (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct LockedAccountTests {
  private static let other = AccountID(0xB)

  @Test func `an account that is held delays its own orders only`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    // So long is the held account waited for.
    settings.statementTimeout = .seconds(8)
    let store = PostgresStore(settings)
    // The server does not end who holds the account.
    settings.statementTimeout = .seconds(600)
    let patient = PostgresStore(settings)
    defer {
      store.close()
      patient.close()
    }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    try await floor.desk.openAccount(Self.other, of: Floor.owner)
    _ = try await floor.desk.move(100_000, of: Self.other, named: 2)
    // The held account's message is due first.
    let held = try #require(try await floor.desk.place(floor.request("held")).order)
    floor.clock.advance(.milliseconds(1))
    let key = try #require(ClientKey("free"))
    let request = OrderRequest(
      ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .market), of: Self.other,
      by: Floor.owner, key: key, mode: .autonomous)
    let free = try #require(try await floor.desk.place(request).order)
    let (begun, end) = (Gate(), Gate())
    let holder = Task {
      try await patient.transact { rows in
        _ = try rows.account(Floor.account)
        begun.open()
        end.wait()
      }
    }
    await begun.opened()
    #expect(try await floor.desk.deliver(limit: 9) == 1)
    #expect(!end.isOpen)
    #expect(try await floor.order(free)?.order.state == .working)
    #expect(try await floor.order(held)?.order.state == .accepted)
    // It is put off, and nobody has to know.
    let now = floor.clock.now()
    #expect(try await store.transact { try $0.dueMessages(at: now, limit: 9) } == [])
    #expect(try await floor.desk.openDivergences(limit: 9) == [])
    end.open()
    try await holder.value
    floor.clock.advance(.seconds(1))
    #expect(try await floor.desk.deliver(limit: 9) == 1)
    #expect(try await floor.order(held)?.order.state == .working)
  }

  @Test func `what is heard of a held account holds no other account for long`() async throws {
    // Long enough that nobody is ended by the server in between.
    var settings = try await PostgresServer.emptyDatabase()
    settings.statementTimeout = .seconds(300)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    try await floor.desk.openAccount(Self.other, of: Floor.owner)
    _ = try await floor.desk.move(100_000, of: Self.other, named: 2)
    let key = try #require(ClientKey("free"))
    let request = OrderRequest(
      ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .market), of: Self.other,
      by: Floor.owner, key: key, mode: .autonomous)
    let free = try #require(try await floor.desk.place(request).order)
    try await floor.desk.deliver(limit: 9)
    let held = try #require(try await floor.desk.place(floor.request("held")).order)
    try await floor.desk.deliver(limit: 9)
    let (begun, end) = (Gate(), Gate())
    let holder = Task {
      try await store.transact { rows in
        _ = try rows.account(Floor.account)
        begun.open()
        end.wait()
      }
    }
    await begun.opened()
    let listening = Task { try await floor.desk.listen(limit: 9) }
    // Its events come first, and are booked although what follows has to wait.
    let start = ContinuousClock.now
    while try await floor.order(free)?.order.state != .filled {
      try #require(ContinuousClock.now - start < .seconds(20))
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(!end.isOpen)
    #expect(try await floor.desk.move(1, of: Self.other, named: 3))
    end.open()
    try await holder.value
    #expect(try await listening.value == 4)
    _ = try await floor.desk.listen(limit: 9)
    #expect(try await floor.order(held)?.order.state == .filled)
  }

  @Test func `who waits for an account says its messages when it is free`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    settings.statementTimeout = .seconds(300)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    let resting = try floor.request(
      "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
    let id = try #require(try await floor.desk.place(resting).order)
    try await floor.settle()
    _ = try await floor.desk.cancel(id, of: Floor.account)
    // Who is not patient gives up at once.
    var times = Floor.times
    times.longestWait = .milliseconds(1)
    let desk = try floor.desk(on: floor.line, times: times)
    let (begun, end) = (Gate(), Gate())
    let holder = Task {
      try await store.transact { rows in
        _ = try rows.account(Floor.account)
        begun.open()
        end.wait()
      }
    }
    await begun.opened()
    let delivering = Task { try await desk.deliver(.cancel, limit: 9) }
    try await Task.sleep(for: .seconds(1))
    end.open()
    try await holder.value
    #expect(try await delivering.value == 1)
    #expect(floor.line.said == ["submit", "cancel"])
  }

  @Test func `what is heard of a held account keeps nothing behind it from being heard`()
    async throws
  {
    var settings = try await PostgresServer.emptyDatabase()
    settings.statementTimeout = .seconds(300)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    try await floor.desk.openAccount(Self.other, of: Floor.owner)
    _ = try await floor.desk.move(100_000, of: Self.other, named: 2)
    let held = try #require(try await floor.desk.place(floor.request("held")).order)
    try await floor.desk.deliver(limit: 9)
    let key = try #require(ClientKey("free"))
    let request = OrderRequest(
      ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .market), of: Self.other,
      by: Floor.owner, key: key, mode: .autonomous)
    let free = try #require(try await floor.desk.place(request).order)
    try await floor.desk.deliver(limit: 9)
    let (begun, end) = (Gate(), Gate())
    let holder = Task {
      try await store.transact { rows in
        _ = try rows.account(Floor.account)
        begun.open()
        end.wait()
      }
    }
    await begun.opened()
    // The held account's events come first.
    for _ in 1...2 { _ = try await floor.desk.listen(limit: 9) }
    #expect(!end.isOpen)
    #expect(try await floor.order(free)?.order.state == .filled)
    #expect(try await floor.order(held)?.order.state == .working)
    #expect(try await floor.desk.openDivergences(limit: 9) == [])
    end.open()
    try await holder.value
    _ = try await floor.desk.listen(limit: 9)
    #expect(try await floor.order(held)?.order.state == .filled)
    #expect(try await floor.desk.unbookedEvents(limit: 9) == [])
    try await expectBooksAgree(store, Floor.account)
    try await expectBooksAgree(store, Self.other)
  }

  @Test func `what is said of one kind waits for no answer to the other`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let resting = try floor.request(
        "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      _ = try await desk.place(floor.request("silent"))
      let silent = Task { _ = try await desk.deliver(.submit, limit: 9) }
      await line.hasSaid(1)
      _ = try await desk.cancel(id, of: Floor.account)
      #expect(try await desk.deliver(.submit, limit: 9) == 0)
      #expect(try await desk.deliver(.cancel, limit: 9) == 1)
      _ = try await desk.listen(limit: 9)
      #expect(try await floor.order(id)?.order.state == .cancelled)
      line.arrive(1)
      line.answer(1)
      try await silent.value
    }
  }
}
