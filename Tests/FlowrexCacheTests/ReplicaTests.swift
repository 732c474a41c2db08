import FlowrexCache
import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import FlowrexTrading
import Ledger
import Synchronization
import TestSupport
import Testing

/// Views come from a copy of the database that is near enough, and else from the primary.
/// (S18-ARCH-05, engine fact F17)
struct ReplicaTests {
  private static func at(_ seconds: Int32) -> Timestamp {
    HandClock.start.adding(.seconds(seconds))
  }

  @Test(.covers("S18-ARCH-05"))
  func `a copy has what was written before the place that it has come to`() {
    var lag = ReplicaLag()
    #expect(lag.complete(upTo: 5) == nil)
    lag.wrote(upTo: 10, at: Self.at(0))
    lag.wrote(upTo: 10, at: Self.at(1))
    lag.wrote(upTo: 20, at: Self.at(2))
    #expect(lag.complete(upTo: 9) == nil)
    #expect(lag.complete(upTo: 10) == Self.at(1))
    #expect(lag.complete(upTo: 19) == Self.at(1))
    #expect(lag.complete(upTo: 20) == Self.at(2))
    // Nothing was written since: it is as near as that was looked at.
    for second in 3...100 { lag.wrote(upTo: 20, at: Self.at(Int32(second))) }
    #expect(lag.complete(upTo: 25) == Self.at(100))
    // A primary that was set back is another one.
    lag.wrote(upTo: 7, at: Self.at(101))
    #expect(lag.complete(upTo: 6) == nil && lag.complete(upTo: 25) == Self.at(101))
  }

  /// Hears where was read.
  private final class Ear: ReplicaObserver {
    private let state = Mutex((fallen: [ReplicaFallback](), lag: Span(microseconds: -1), is: false))
    var fallen: [ReplicaFallback] { state.withLock { $0.fallen } }
    var lag: Span { state.withLock { $0.lag } }
    var isReached: Bool { state.withLock { $0.is } }
    func stands(behind lag: Span) { state.withLock { $0.lag = lag } }
    func fellBack(_ reason: ReplicaFallback) { state.withLock { $0.fallen.append(reason) } }
    func reached(_ isReachable: Bool) { state.withLock { $0.is = isReachable } }
    func entered(_ state: BreakerState) {}
  }

  private func open(_ reads: any Store) async throws -> Int {
    try await reads.transact { try $0.countOpenDivergences() }
  }

  private func note(_ number: Int, _ store: any Store) async throws {
    try await store.transact {
      try $0.note(Divergence(.workFails, of: "\(number)", "", foundAt: HandClock.start))
    }
  }

  /// The copy comes as far as the primary by itself; the bound is for what never comes.
  private func awaitNearness(_ reads: ReplicaReads, _ ear: Ear) async throws {
    for _ in 0..<3_000 {
      await reads.look()
      if ear.lag <= .seconds(0) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("the copy stays behind by \(ear.lag)")
  }

  @Test(.covers("S18-ARCH-05"))
  func `a view is read from a copy as long as that is near enough and answers`() async throws {
    let pair = try await PostgresPair.start()
    let (primary, copy) = (PostgresStore(pair.primary), PostgresStore(pair.copy))
    defer {
      primary.close()
      copy.close()
    }
    let migrator = Migrator(try Schema.current(), on: primary)
    _ = try await migrator.up(at: HandClock.start)
    _ = try await migrator.giveReading(to: PostgresPair.reader)
    let (clock, ear) = (HandClock(), Ear())
    let reads = ReplicaReads(
      primary, [copy],
      ReplicaReads.Rules(maxLag: .seconds(5), failures: 2, rest: .seconds(30)),
      now: { clock.now() }, observer: ear)
    // Nobody has looked yet how far it is.
    #expect(try await open(reads) == 0)
    #expect(ear.fallen == [.lagging])
    try await awaitNearness(reads, ear)
    #expect(ear.isReached)

    try await pair.pause()
    try await note(1, primary)
    // It is behind, and not too far: this is the copy.
    #expect(try await open(reads) == 0)
    #expect(ear.fallen == [.lagging])
    clock.advance(.seconds(5))
    await reads.look()
    #expect(ear.lag == .seconds(5))
    #expect(try await open(reads) == 0)
    clock.advance(.seconds(1))
    await reads.look()
    #expect(ear.lag == .seconds(6) && ear.isReached)
    #expect(try await open(reads) == 1)
    #expect(ear.fallen == [.lagging, .lagging])
    try await pair.resume()
    try await awaitNearness(reads, ear)
    #expect(try await open(reads) == 1)
    #expect(ear.fallen.count == 2)

    try await readEveryView(reads, primary, pair, clock, ear)
    try await pair.endCopy()
    for _ in 1...3 { #expect(try await open(reads) == 1) }
    #expect(ear.fallen.suffix(3) == [.unreachable, .unreachable, .unreachable])
    await reads.look()
    #expect(!ear.isReached)
  }

  /// Every view can be read in the role that only reads.
  private func readEveryView(
    _ reads: ReplicaReads, _ primary: PostgresStore, _ pair: PostgresPair, _ clock: HandClock,
    _ ear: Ear
  ) async throws {
    let floor = try await Floor(primary)
    clock.advance(.seconds(1))
    try await awaitNearness(reads, ear)
    let desk = try floor.desk(on: floor.line, store: reads)
    #expect(try await desk.portfolio(of: Floor.account).cash == 100_000)
    #expect(try await desk.risk(of: Floor.account).state == .active)
    #expect(try await desk.reconciliationStatus().open == 1)
    #expect(try await desk.divergences(PageRequest(limit: 9)).items.count == 1)
    #expect(try await desk.reconciliations(PageRequest(limit: 9)).items.isEmpty)
    #expect(ear.fallen.count == 2)
    // What the copy does not know yet is asked of the primary.
    try await pair.pause()
    try await floor.desk.openAccount(AccountID(0xB), of: Floor.owner)
    #expect(try await desk.portfolio(of: AccountID(0xB)).cash == 0)
    #expect(ear.fallen.count == 3)
    try await pair.resume()
  }

  @Test(.covers("S18-ARCH-05"))
  func `a copy takes no writes, and a server that became the primary is no copy`() async throws {
    let pair = try await PostgresPair.start()
    let copy = PostgresStore(pair.copy)
    defer { copy.close() }
    let primary = PostgresStore(pair.primary)
    defer { primary.close() }
    _ = try await Migrator(try Schema.current(), on: primary).up(at: HandClock.start)
    await #expect(throws: StoreFault.self) { try await note(1, copy) }
    var wrong = pair.primary
    wrong.isReplica = true
    let none = PostgresStore(wrong)
    defer { none.close() }
    await #expect(throws: StoreFault.self) { try await open(none) }
  }
}
