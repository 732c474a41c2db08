import FlowrexCache
import FlowrexContract
import FlowrexStore
import Ledger
import TestSupport
import Testing

/// Views that go with what changed.
@Suite struct ViewForgetterTests {
  private static let times = ViewTimes(life: .seconds(8))
  private static let (ann, bob) = (AccountID(1), AccountID(2))

  /// One view of each cache for each of the two, as they are kept.
  private static func store() -> MemoryViewStore {
    let store = MemoryViewStore { 0 }
    for name in names {
      if let claim = store.look(name, times).claim { store.keep([1], by: claim, times) }
    }
    return store
  }

  private static let names = CacheName.allCases.flatMap { cache in
    [ann, bob].map { ViewName(cache, of: "\($0)", "page") }
  }

  private static func left(in store: MemoryViewStore) -> Set<ViewName> {
    Set(names.filter { store.look($0, times).view != nil })
  }

  private static func filled(_ account: AccountID) -> StoreNote {
    let fill = Fill(
      FillID(7), of: OrderID(9), .buy, Quantity(10, .two), of: .eurUSD,
      at: Price(110_005, .five), fee: 0, conversion: .none)
    return .filled(
      FillRecord(fill, of: account, from: "simulated", at: Timestamp(microseconds: 0)), nil)
  }

  @Test(.covers("S03-ARCH-09", "C-37"))
  func `a trade takes its account's positions and guards with it, and nobody else's`() async {
    let store = Self.store()
    #expect(Self.left(in: store).count == 6)
    await ViewForgetter(store).forget([Self.filled(Self.ann)])
    #expect(
      Self.left(in: store)
        == Set(Self.names.filter { $0.cache == .reconciliation || $0.scope == "\(Self.bob)" }))
  }

  @Test func `a difference takes reconciliation with it, and nothing else`() async {
    let store = Self.store()
    await ViewForgetter(store).forget([.diverged(.cashDiffers)])
    #expect(Self.left(in: store) == Set(Self.names.filter { $0.cache != .reconciliation }))
  }

  @Test func `what changes no view takes none with it`() async {
    let store = Self.store()
    await ViewForgetter(store).forget([.decided(.approved)])
    #expect(Self.left(in: store).count == 6)
  }

  @Test func `who tells it does not wait, and it is done`() async {
    let store = Self.store()
    ViewForgetter(store).kept([Self.filled(Self.bob)])
    while Self.left(in: store).count > 4 { await Task.yield() }
  }
}
