package import FlowrexContract
import Synchronization

/// A view with its age, as it is answered. (C-63: cached views carry `as_of` and age)
package struct CachedView: Hashable, Sendable {
  package let bytes: [UInt8]
  /// Since it was made; nothing when it was made for this answer.
  package let age: Duration
}

/// Views that are made once for many who ask. (S03-ARCH-02, 04, 09)
///
/// A view that is there is answered. Of all who miss one, over all replicas, one makes it and the
/// others wait for it; shortly before its end one reader makes it anew while the others still get
/// it. Without its store, views are made of the database, once for all who ask this process at
/// the same time. (C-08)
package final class ViewCache: Sendable {
  private struct Flight {
    let number: Int
    let task: Task<CachedView, any Error>
  }

  private struct State {
    var flights: [ViewName: Flight] = [:]
    var count = 0
  }

  package typealias Make = @Sendable () async throws -> [UInt8]

  private let store: any ViewStore
  private let times: ViewTimes
  private let observer: any CacheObserver
  private let state = Mutex(State())

  package init(_ store: any ViewStore, _ times: ViewTimes, observer: any CacheObserver) {
    self.store = store
    self.times = times
    self.observer = observer
  }

  /// The view, from wherever it comes first.
  ///
  /// - Parameter make: asks the database. It goes on when who asked is gone: others wait for it.
  /// - Throws: what `make` throws; never a fault of the store of views.
  package func view(_ name: ViewName, make: @escaping Make) async throws -> CachedView {
    let look: ViewLook
    do {
      look = try await store.look(name, times)
    } catch {
      // Degraded: the database answers, once for all who ask at the same time.
      observer.failed(name.cache)
      return try await join(name) { CachedView(bytes: try await make(), age: .zero) }
    }
    if let view = look.view {
      observer.hit(name.cache)
      if let claim = look.claim { Task { try await self.made(claim, make) } }
      return CachedView(bytes: view.bytes, age: view.age)
    }
    observer.missed(name.cache)
    guard let claim = look.claim else {
      return try await join(name) { try await self.waited(for: name, make) }
    }
    return try await lead(name) { try await self.made(claim, make) }
  }

  /// Forgets what changed. That it failed is counted and no fault of the caller's: what is kept
  /// ends by itself within its life.
  package func forget(_ cache: CacheName, scope: String? = nil) async {
    do { try await store.forget(cache, scope: scope) } catch { observer.failed(cache) }
  }

  /// Makes what was claimed, and keeps it for the others.
  private func made(_ claim: ViewClaim, _ make: Make) async throws -> CachedView {
    let bytes: [UInt8]
    do {
      bytes = try await make()
    } catch {
      try? await store.release(claim)
      throw error
    }
    do {
      try await store.keep(bytes, by: claim, times)
    } catch {
      observer.failed(claim.name.cache)
    }
    return CachedView(bytes: bytes, age: .zero)
  }

  /// Waits for another replica's answer, and no longer than it would take to make one.
  private func waited(for name: ViewName, _ make: Make) async throws -> CachedView {
    let end = ContinuousClock.now + times.patience
    while ContinuousClock.now < end {
      try await Task.sleep(for: Self.pause)
      guard let look = try? await store.look(name, times) else { break }
      if let claim = look.claim, look.view == nil { return try await made(claim, make) }
      if let claim = look.claim { try? await store.release(claim) }
      if let view = look.view { return CachedView(bytes: view.bytes, age: view.age) }
    }
    return CachedView(bytes: try await make(), age: .zero)
  }

  private static let pause = Duration.milliseconds(20)

  // MARK: Flights

  /// Waits for who makes it in this process, or is the one.
  private func join(
    _ name: ViewName, _ body: @escaping @Sendable () async throws -> CachedView
  ) async throws -> CachedView {
    let found = state.withLock { $0.flights[name]?.task }
    guard let found else { return try await lead(name, body) }
    observer.coalesced(name.cache)
    return try await found.value
  }

  private func lead(
    _ name: ViewName, _ body: @escaping @Sendable () async throws -> CachedView
  ) async throws -> CachedView {
    let task = state.withLock { state in
      state.count += 1
      let number = state.count
      let task = Task {
        defer {
          self.state.withLock { state in
            if state.flights[name]?.number == number { state.flights[name] = nil }
          }
        }
        return try await body()
      }
      state.flights[name] = Flight(number: number, task: task)
      return task
    }
    return try await task.value
  }
}
