package import FlowrexContract
import Synchronization

/// The cache of one process, for a laptop and for tests.
package final class MemoryViewStore: ViewStore {
  private struct Kept {
    let bytes: [UInt8]
    let madeAt: Int64
    let until: Int64
  }

  private struct Claimed {
    let token: String
    let until: Int64
  }

  private struct State {
    var views: [ViewName: Kept] = [:]
    var claims: [ViewName: Claimed] = [:]
    var tokens = 0
  }

  /// Beyond so many views none is added before those that are over are gone.
  private let most: Int
  /// Nanoseconds of a clock that never goes back.
  private let now: @Sendable () -> Int64
  private let state = Mutex(State())

  package init(most: Int = 10_000, now: @escaping @Sendable () -> Int64) {
    self.most = most
    self.now = now
  }

  package func look(_ name: ViewName, _ times: ViewTimes) -> ViewLook {
    let now = now()
    return state.withLock { state in
      var view: StoredView?
      if let kept = state.views[name], now < kept.until {
        view = StoredView(bytes: kept.bytes, age: .nanoseconds(now - kept.madeAt))
      }
      let isWanted = view.map { $0.age >= times.life - times.ahead } ?? true
      if !isWanted { return ViewLook(view: view, claim: nil) }
      if let claimed = state.claims[name], now < claimed.until {
        return ViewLook(view: view, claim: nil)
      }
      state.tokens += 1
      let claim = ViewClaim(name, token: String(state.tokens))
      state.claims[name] = Claimed(token: claim.token, until: now + times.claim.nanoseconds)
      return ViewLook(view: view, claim: claim)
    }
  }

  package func keep(_ bytes: [UInt8], by claim: ViewClaim, _ times: ViewTimes) {
    let now = now()
    state.withLock { state in
      guard state.claims[claim.name]?.token == claim.token else { return }
      state.claims[claim.name] = nil
      if state.views.count >= most {
        state.views = state.views.filter { now < $0.value.until }
        state.claims = state.claims.filter { now < $0.value.until }
      }
      guard state.views.count < most || state.views[claim.name] != nil else { return }
      state.views[claim.name] = Kept(
        bytes: bytes, madeAt: now, until: now + times.life.nanoseconds)
    }
  }

  package func release(_ claim: ViewClaim) {
    state.withLock { state in
      if state.claims[claim.name]?.token == claim.token { state.claims[claim.name] = nil }
    }
  }

  package func forget(_ cache: CacheName, scope: String?) {
    func isMeant(_ name: ViewName) -> Bool {
      name.cache == cache && (scope == nil || name.scope == scope)
    }
    state.withLock { state in
      state.views = state.views.filter { !isMeant($0.key) }
      // Who is making one now may have read what made it be forgotten.
      state.claims = state.claims.filter { !isMeant($0.key) }
    }
  }

  /// How many views are kept.
  package var count: Int { state.withLock { $0.views.count } }
}

extension Duration {
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
