import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import FlowrexTrading
import Foundation
import Ledger
import Risk
import Synchronization
import TestSupport
import Testing

/// The emergency stop against decisions that hold it shared. (S18-EMG-02)
@Suite(.covers("S18-EMG-02"))
struct StopTests {
  private static let stopped = TradingControl(
    state: .active, killSwitch: .engaged(by: .riskGuard, at: HandClock.start))

  private func withPostgres(
    _ timeout: Span, _ body: (PostgresStore) async throws -> Void
  ) async throws {
    var settings = try await PostgresServer.emptyDatabase()
    settings.statementTimeout = timeout
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await body(store)
  }

  @Test(arguments: Backend.allCases)
  func `a change waits for a decision that is being made`(backend: Backend) async throws {
    try await backend.withStore { store in
      let order = Mutex<[String]>([])
      let decides = Gate()
      let decision = Task {
        try await store.transact { rows in
          _ = try rows.control(.shared)
          decides.open()
          // Without a lock the change is committed long before this ends.
          usleep(600_000)
          order.withLock { $0.append("decided") }
        }
      }
      await decides.opened()
      try await store.transact { rows in
        _ = try rows.control(.exclusive)
        order.withLock { $0.append("changed") }
        try rows.save(Self.stopped)
      }
      try await decision.value
      #expect(order.withLock { $0 } == ["decided", "changed"])
    }
  }

  @Test func `the stop does not wait for those that came after it`() async throws {
    try await withPostgres(.seconds(60)) { store in
      let isOver = Gate()
      let count = Tally()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            // One decision begins before the last one ends, all the time.
            usleep(UInt32(number) * 50_000)
            while !isOver.isOpen {
              do {
                try await store.transact { rows in
                  _ = try rows.control(.shared)
                  count.add()
                  usleep(200_000)
                }
              } catch StoreFault.statementTimeout {
                // Its turn comes.
              }
            }
          }
        }
        try await Task.sleep(for: .milliseconds(400))
        let result: Result<Int, any Error>
        do {
          result = .success(
            try await store.transact { rows in
              let before = count.value
              _ = try rows.control(.exclusive)
              let passed = count.value - before
              try rows.save(Self.stopped)
              return passed
            })
        } catch {
          result = .failure(error)
        }
        isOver.open()
        try await group.waitForAll()
        // Those that were in the line already, and nobody after them.
        #expect(try result.get() <= 4)
      }
    }
  }

  @Test func `the emergency stop tries again until it stands`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    // The server does not end who holds the control.
    settings.statementTimeout = .seconds(60)
    let patient = PostgresStore(settings)
    settings.statementTimeout = .milliseconds(300)
    let store = PostgresStore(settings)
    defer {
      store.close()
      patient.close()
    }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    let (decides, end, isOver) = (Gate(), Gate(), Gate())
    let long = Task {
      try await patient.transact { rows in
        _ = try rows.control(.shared)
        decides.open()
        end.wait()
      }
    }
    await decides.opened()
    var times = Floor.times
    times.stopWithin = .seconds(0)
    let hasty = try floor.desk(on: floor.venue, times: times)
    await #expect(throws: StoreFault.statementTimeout) {
      try await hasty.command(.engage, by: .riskGuard)
    }
    let stop = Task {
      defer { isOver.open() }
      return try await floor.desk.command(.engage, by: .riskGuard)
    }
    // Its clock goes on only while it waits for its next attempt.
    while floor.clock.now() < HandClock.start.adding(.seconds(2)), !isOver.isOpen {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(!isOver.isOpen)
    end.open()
    try await long.value
    #expect(try await stop.value.isStopped)
  }

  @Test func `the stop has a connection when all others are lent`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    settings.poolSize = 1
    settings.overflow = 0
    settings.poolWait = .milliseconds(100)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    let (held, end) = (Gate(), Gate())
    let holder = Task {
      try await store.transact { _ in
        held.open()
        end.wait()
      }
    }
    await held.opened()
    #expect(try await floor.desk.command(.engage, by: .riskGuard).isStopped)
    #expect(!end.isOpen)
    end.open()
    try await holder.value
    #expect(store.connections <= 2)
  }

  /// A store with one connection for all, and one more for the stop.
  private func withOneConnection(
    _ body: (PostgresStore) async throws -> Void
  ) async throws {
    var settings = try await PostgresServer.emptyDatabase()
    settings.poolSize = 1
    settings.overflow = 0
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await body(store)
  }

  @Test func `the stop's connection is not lent to others between its attempts`() async throws {
    try await withOneConnection { store in
      let (held, end, waited) = (Gate(), Gate(), Gate())
      let holder = Task {
        try await store.transact { _ in
          held.open()
          end.wait()
        }
      }
      await held.opened()
      let waiter = Task {
        try await store.transact { _ in
          waited.open()
          end.wait()
        }
      }
      // It stands in line: its turn comes when somebody gives a connection back.
      try await Task.sleep(for: .milliseconds(300))
      await #expect(throws: StoreFault.statementTimeout) {
        try await store.transact(.urgent) { _ in throw StoreFault.statementTimeout }
      }
      let isStopped = try await store.transact(.urgent) { rows in
        _ = try rows.control(.exclusive)
        try rows.save(Self.stopped)
        return try rows.control(.shared).isStopped
      }
      #expect(isStopped)
      #expect(!waited.isOpen)
      end.open()
      try await holder.value
      try await waiter.value
      #expect(store.connections <= 1)
    }
  }

  @Test func `a stop that waits is served before those that waited longer`() async throws {
    try await withOneConnection { store in
      let (held, first, end) = (Gate(), Gate(), Gate())
      let (holds, urgent) = (Gate(), Gate())
      let holder = Task {
        try await store.transact { _ in
          held.open()
          first.wait()
        }
      }
      await held.opened()
      // It has the connection that is the stop's own.
      let other = Task {
        try await store.transact(.urgent) { _ in
          holds.open()
          end.wait()
        }
      }
      await holds.opened()
      let ordinary = Task { try await store.transact { _ in urgent.isOpen } }
      try await Task.sleep(for: .milliseconds(300))
      let stop = Task { try await store.transact(.urgent) { _ in urgent.open() } }
      try await Task.sleep(for: .milliseconds(300))
      first.open()
      try await stop.value
      end.open()
      for task in [holder, other] { try await task.value }
      #expect(try await ordinary.value)
    }
  }

  @Test func `the stop is tried while a server starts anew, and not for ever`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let away = StoreThatIsAway(inner: store)
      let floor = try await Floor(away)
      away.fail(40)
      #expect(try await floor.desk.command(.engage, by: .riskGuard).isStopped)
      // Half a minute went by.
      let span = floor.clock.now().since(HandClock.start)
      #expect(span > .seconds(30))
      #expect(span < .minute)
      away.fail(1_000)
      await #expect(throws: StoreFault.unreachable("away")) {
        try await floor.desk.command(.engage, by: .riskGuard)
      }
      #expect(away.left > 900)
    }
  }
}

/// A store that cannot be reached so many times.
private final class StoreThatIsAway: Store {
  private let inner: any Store
  private let count = Mutex(0)

  init(inner: any Store) { self.inner = inner }

  var left: Int { count.withLock { $0 } }
  func fail(_ times: Int) { count.withLock { $0 = times } }

  func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    let isAway = count.withLock { count in
      defer { count = max(0, count - 1) }
      return count > 0
    }
    if isAway { throw StoreFault.unreachable("away") }
    return try await inner.transact(urgency, body)
  }
}

private final class Tally: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}
