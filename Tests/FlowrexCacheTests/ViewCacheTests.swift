import FlowrexCache
import FlowrexConformance
import FlowrexContract
import FlowrexMetrics
import ServiceContract
import Synchronization
import TestSupport
import Testing

/// Views that are made once for many who ask.
@Suite struct ViewCacheTests {
  private static let name = ViewName(.reconciliation, of: "ann")

  @Test(.covers("S03-ARCH-09"))
  func `the store in memory keeps what stores of views keep`() async throws {
    let hand = RateLimiterSuite.Hand()
    try await ViewStoreSuite.check(pass: { hand.turn($0.nanoseconds) }) {
      MemoryViewStore { hand.now }
    }
  }

  @Test func `memory has an end: what is over goes first, and no view is answered wrongly`() {
    let hand = RateLimiterSuite.Hand()
    let store = MemoryViewStore(most: 10) { hand.now }
    let times = ViewTimes(life: .seconds(5))
    for number in 0..<100 {
      let look = store.look(ViewName(.guards, of: "\(number)"), times)
      if let claim = look.claim { store.keep([UInt8(number)], by: claim, times) }
      #expect(store.count <= 10)
      if number % 20 == 0 { hand.turn(6_000_000_000) }
    }
    #expect(store.count == 10)
    #expect(store.look(ViewName(.guards, of: "85"), times).view?.bytes == [85])
  }

  @Test(.covers("S03-ARCH-09", "C-24"))
  func `a hundred who ask at once make a view once, and each is counted`() async throws {
    let metrics = MetricRegistry(.backend)
    #expect(metrics.text().contains(#"cache_hits_total{cache="guards"} 0"#))
    let cache = ViewCache(
      MemoryViewStore { 0 }, ViewTimes(life: .seconds(8)), observer: CacheMeter(metrics: metrics))
    let work = Work()
    // The one who makes it waits until all others asked.
    let all = try await asking(100, cache) {
      while Self.count(metrics, "cache_coalesced_total") < 99 { await Task.yield() }
      return await work.make()
    }
    #expect(Set(all.map(\.bytes)) == [[1]])
    #expect(work.count == 1)
    #expect(Self.count(metrics, "cache_misses_total") == 100)
    #expect(try await cache.view(Self.name) { await work.make() }.bytes == [1])
    #expect(Self.count(metrics, "cache_hits_total") == 1 && work.count == 1)
  }

  @Test(.covers("S03-ARCH-09"))
  func `replicas on one store make a view once between them`() async throws {
    let store = MemoryViewStore { 0 }
    let caches = (0..<5).map { _ in
      ViewCache(store, ViewTimes(life: .seconds(8), patience: .seconds(60)), observer: Silent())
    }
    let work = Work()
    let all = try await withThrowingTaskGroup(of: CachedView.self) { group in
      for number in 0..<100 {
        group.addTask {
          try await caches[number % 5].view(Self.name) {
            try await Task.sleep(for: .milliseconds(50))
            return await work.make()
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(all.map(\.bytes)) == [[1]] && work.count == 1)
  }

  @Test func `a fault is told to all who wait, and the next one tries again`() async throws {
    let cache = ViewCache(
      MemoryViewStore { 0 }, ViewTimes(life: .seconds(8)), observer: Silent())
    await #expect(throws: Trouble.self) { try await cache.view(Self.name) { throw Trouble() } }
    #expect(try await cache.view(Self.name) { [7] }.bytes == [7])
  }

  @Test(.covers("C-08"))
  func `without its store views are made, once for all who ask at the same time`() async throws {
    let metrics = MetricRegistry(.backend)
    let cache = ViewCache(
      GoneStore(), ViewTimes(life: .seconds(8)), observer: CacheMeter(metrics: metrics))
    let work = Work()
    let all = try await asking(50, cache) {
      while Self.count(metrics, "cache_coalesced_total") < 49 { await Task.yield() }
      return await work.make()
    }
    #expect(all.count == 50 && work.count == 1)
    #expect(Self.count(metrics, "cache_errors_total") == 50)
    // Nothing is kept anywhere: the next one is made anew.
    #expect(try await cache.view(Self.name) { await work.make() }.bytes == [2])
    await cache.forget(.reconciliation)
    #expect(Self.count(metrics, "cache_errors_total") == 52)
  }

  @Test(.covers("C-36"))
  func `near its end a view is made anew behind the one that is answered`() async throws {
    let hand = RateLimiterSuite.Hand()
    let store = MemoryViewStore { hand.now }
    let cache = ViewCache(store, ViewTimes(life: .seconds(8)), observer: Silent())
    let work = Work()
    _ = try await cache.view(Self.name) { await work.make() }
    hand.turn(6_999_000_000)
    #expect(try await cache.view(Self.name) { await work.make() }.bytes == [1])
    #expect(work.count == 1)
    hand.turn(1_000_000)
    let near = try await cache.view(Self.name) { await work.make() }
    #expect(near.bytes == [1] && near.age == .seconds(7))
    while try await cache.view(Self.name, make: { await work.make() }).bytes != [2] {
      await Task.yield()
    }
    #expect(work.count == 2)
    // No view is ever answered at the age of its life.
    hand.turn(8_000_000_000)
    #expect(try await cache.view(Self.name) { await work.make() }.age == .zero)
  }

  @Test func `who gives up leaves the view to those who wait`() async throws {
    let cache = ViewCache(
      MemoryViewStore { 0 }, ViewTimes(life: .seconds(8)), observer: Silent())
    let gate = Work()
    let first = Task {
      try await cache.view(Self.name) {
        while gate.count == 0 { await Task.yield() }
        return [5]
      }
    }
    await Task.yield()
    first.cancel()
    _ = await gate.make()
    #expect(try await cache.view(Self.name) { [5] }.bytes == [5])
  }

  @Test func `a claim whose holder died keeps nobody waiting for ever`() async throws {
    let store = MemoryViewStore { 0 }
    _ = store.look(Self.name, ViewTimes(life: .seconds(8)))
    let cache = ViewCache(store, ViewTimes(life: .seconds(8)), observer: Silent())
    #expect(try await cache.view(Self.name) { [6] }.bytes == [6])
  }

  private func asking(
    _ count: Int, _ cache: ViewCache, make: @escaping ViewCache.Make
  ) async throws -> [CachedView] {
    try await withThrowingTaskGroup(of: CachedView.self) { group in
      for _ in 0..<count { group.addTask { try await cache.view(Self.name, make: make) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private static func count(_ metrics: MetricRegistry, _ name: String) -> Int {
    let series = "\(name){cache=\"reconciliation\"} "
    return metrics.text().split(separator: "\n").first { $0.hasPrefix(series) }
      .flatMap { Int($0.dropFirst(series.count)) } ?? -1
  }
}

private struct Trouble: Error {}

/// Makes 1, then 2 …
private final class Work: Sendable {
  private let made = Mutex<UInt8>(0)
  var count: Int { made.withLock { Int($0) } }
  func make() async -> [UInt8] {
    [
      made.withLock { made in
        made += 1
        return made
      }
    ]
  }
}

private struct Silent: CacheObserver {
  func hit(_ cache: CacheName) {}
  func missed(_ cache: CacheName) {}
  func coalesced(_ cache: CacheName) {}
  func failed(_ cache: CacheName) {}
}

/// Cannot be asked.
private struct GoneStore: ViewStore {
  func look(_ name: ViewName, _ times: ViewTimes) async throws -> ViewLook { throw Trouble() }
  func keep(_ bytes: [UInt8], by claim: ViewClaim, _ times: ViewTimes) async throws {
    throw Trouble()
  }
  func release(_ claim: ViewClaim) async throws { throw Trouble() }
  func forget(_ cache: CacheName, scope: String?) async throws { throw Trouble() }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
