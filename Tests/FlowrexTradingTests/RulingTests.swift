import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// People let halted accounts trade again and settle differences; who, what and why is written down
/// in the same transaction. (S03-ARCH-05, S03-ARCH-07, S18-AUD-01)
struct RulingTests {
  private static let admin = PersonID(0xAD)

  private func ruler(_ person: PersonID = admin, _ why: String = "looked at it") throws -> Ruler {
    Ruler(person, because: try #require(JournalText(why))) { kind, subject in
      AuditEntry(
        .ruled, at: HandClock.start, actor: person.description, subject: subject,
        became: kind.rawValue)
    }
  }

  private func entries(_ store: any Store) async throws -> [String] {
    try await store.transact { try $0.auditRows(after: 0, limit: 99) }
      .map { row in [2, 1, 3, 7].map { row.fields[$0] ?? "" }.joined(separator: " ") }
  }

  private func rulings(_ floor: Floor) async throws -> [String] {
    try await floor.desk.rulings(PageRequest(limit: 9)).items
      .map { "\($0.person) \($0.kind.rawValue) \($0.subject): \($0.reason.text)" }
  }

  @Test(.covers("S03-ARCH-07", "S18-AUD-01"), arguments: Backend.allCases)
  func `an account that was halted by hand trades again, once, and its owner cannot say so`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      try await floor.desk.set(.halted, of: Floor.account)
      let halted = try await floor.desk.haltedAccounts(PageRequest(limit: 9)).items
      #expect(halted.map(\.account) == [Floor.account] && halted[0].owner == Floor.owner)
      await #expect(throws: TradingFault.ownAccount(Floor.account)) {
        try await floor.desk.resume(
          Floor.account, measuringAnew: false, by: try ruler(Floor.owner))
      }
      #expect(try await floor.account()?.stored.state == .halted)
      #expect(
        try await floor.desk.resume(Floor.account, measuringAnew: false, by: try ruler())
          == .halted)
      #expect(try await floor.account()?.stored.state == .active)
      #expect(try await floor.desk.place(floor.request("k1")).order != nil)
      // Said once more it is nothing.
      #expect(
        try await floor.desk.resume(Floor.account, measuringAnew: false, by: try ruler())
          == .active)
      #expect(try await floor.desk.haltedAccounts(PageRequest(limit: 9)).items.isEmpty)
      #expect(
        try await rulings(floor)
          == ["\(Self.admin) account_resumed \(Floor.account): looked at it"])
      #expect(
        try await entries(store) == ["\(Self.admin) ruled \(Floor.account) account_resumed"])
      await #expect(throws: TradingFault.accountUnknown(AccountID(9))) {
        try await floor.desk.resume(AccountID(9), measuringAnew: false, by: try ruler())
      }
    }
  }

  @Test(.covers("S03-ARCH-07", "S18-HS-10"))
  func `a guard that would halt it again is named, and a fall is measured anew on a person's word`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      try await floor.settle()
      // More than a tenth of what it was worth.
      floor.market.set(.eurUSD, bid: Price(104_010, .five), ask: Price(104_020, .five))
      #expect(try await floor.desk.guardAccounts().map(\.account) == [Floor.account])
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.resume(Floor.account, measuringAnew: false, by: try ruler())
      }
      guard case .stillHalted(let breaches)? = fault else { throw CancellationError() }
      #expect(!breaches.isEmpty)
      #expect(try await floor.account()?.stored.state == .halted)
      #expect(try await rulings(floor) == [])
      // The loss of the day is no fall: it ends at midnight.
      floor.clock.advance(.day)
      _ = try await floor.desk.guardAccounts()
      let drawdown = await #expect(throws: TradingFault.self) {
        try await floor.desk.resume(Floor.account, measuringAnew: false, by: try ruler())
      }
      guard case .stillHalted(let left)? = drawdown else { throw CancellationError() }
      #expect(left.map(\.cap) == [.drawdown])
      #expect(
        try await floor.desk.resume(Floor.account, measuringAnew: true, by: try ruler())
          == .halted)
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.account()?.stored.state == .active)
      #expect(
        try await rulings(floor)
          == ["\(Self.admin) account_measured_anew \(Floor.account): looked at it"])
      // It falls once more from there.
      floor.market.set(.eurUSD, bid: Price(98_010, .five), ask: Price(98_020, .five))
      #expect(try await floor.desk.guardAccounts().map(\.account) == [Floor.account])
    }
  }

  @Test(.covers("S03-ARCH-05", "S18-AUD-01"), arguments: Backend.allCases)
  func `a difference is settled once, with its reason, and one that nobody noted is none`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let ear = NoteEar()
      let floor = try await Floor(ObservedStore(store, ear))
      try await store.transact {
        try $0.note(Divergence(.workFails, of: "x/1", "it fails", foundAt: HandClock.start))
      }
      #expect(
        try await floor.desk.settle(.workFails, of: "x/1", asAbsent: false, by: try ruler()))
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
      #expect(
        try await !floor.desk.settle(.workFails, of: "x/1", asAbsent: false, by: try ruler()))
      await #expect(throws: TradingFault.divergenceUnknown("y")) {
        try await floor.desk.settle(.workFails, of: "y", asAbsent: false, by: try ruler())
      }
      #expect(
        try await rulings(floor)
          == ["\(Self.admin) divergence_settled work_fails/x/1: looked at it"])
      #expect(
        try await entries(store) == ["\(Self.admin) ruled work_fails/x/1 divergence_settled"])
      #expect(ear.words.contains("settled work_fails"))
    }
  }

  @Test(.covers("S03-ARCH-05"))
  func `an order that the venue does not have ends, and not while it may be on its way`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .neither)
      _ = try await floor.desk.listen(limit: 9)
      let id = try #require(try await floor.desk.place(floor.request("k1")).order)
      floor.line.suffer(.questionLost)
      _ = try await floor.desk.deliver(limit: 9)
      floor.clock.advance(.seconds(1))
      try await store.transact {
        try $0.note(
          Divergence(.orderMissingThere, of: id.description, "lost", foundAt: HandClock.start))
      }
      await #expect(throws: TradingFault.stillOnItsWay(id)) {
        try await floor.desk.settle(
          .orderMissingThere, of: id.description, asAbsent: true, by: try ruler())
      }
      #expect(try await floor.order(id)?.order.state == .unknown)
      floor.clock.advance(.minute)
      #expect(
        try await floor.desk.settle(
          .orderMissingThere, of: id.description, asAbsent: true, by: try ruler()))
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(try await floor.account()?.stored.reservations == [])
      #expect(
        try await rulings(floor)
          == ["\(Self.admin) order_settled_absent order_missing_there/\(id): looked at it"])
    }
  }

  @Test(.covers("S18-AUD-02"))
  func `what cannot be written down is not done`() async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    try await floor.desk.set(.halted, of: Floor.account)
    snare.fault = { sql, _ in
      sql.contains("INTO audit_logs") ? .unable(state: "full", message: "no room") : nil
    }
    await #expect(throws: StoreFault.unable(state: "full", message: "no room")) {
      try await floor.desk.resume(Floor.account, measuringAnew: false, by: try ruler())
    }
    snare.fault = { _, _ in nil }
    #expect(try await floor.account()?.stored.state == .halted)
    #expect(try await rulings(floor) == [])
  }
}
