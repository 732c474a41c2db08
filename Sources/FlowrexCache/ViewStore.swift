package import FlowrexContract

/// What a cached view is called.
package struct ViewName: Hashable, Sendable {
  package let cache: CacheName
  /// Whose view it is; what changes for one is forgotten for one.
  package let scope: String
  /// Which of them: what was asked for, so that other questions get other answers.
  package let key: String

  package init(_ cache: CacheName, of scope: String, _ key: String = "") {
    self.cache = cache
    self.scope = scope
    self.key = key
  }
}

/// Where views are kept for a few seconds; two back ends pass `ViewStoreSuite`. Orders and risk
/// never read it. (S03-ARCH-02, C-63)
package protocol ViewStore: Sendable {
  /// The view, if it is there and not older than its life. If it is not, or is about to end, one
  /// of all who look gets a claim: it makes the view, and the others do not. (S03-ARCH-09)
  func look(_ name: ViewName, _ times: ViewTimes) async throws -> ViewLook
  /// Keeps what the holder of a claim made. What was forgotten since the claim is not kept: it may
  /// be older than what made it be forgotten.
  func keep(_ bytes: [UInt8], by claim: ViewClaim, _ times: ViewTimes) async throws
  /// Gives a claim back that came to nothing.
  func release(_ claim: ViewClaim) async throws
  /// Forgets all views of a cache, or those of one scope. (C-37: by prefix, not everything)
  func forget(_ cache: CacheName, scope: String?) async throws
}

/// How long things of the cache last.
package struct ViewTimes: Hashable, Sendable {
  /// No view gets older: `CACHE_TTL_SECONDS`. (C-36)
  package var life: Duration
  /// So long before its end one reader makes it anew while the others still get it.
  package var ahead: Duration
  /// A claim whose holder died is another's after this.
  package var claim: Duration
  /// So long another replica's answer is waited for; then it is made here too.
  package var patience: Duration

  package init(
    life: Duration, ahead: Duration = .seconds(1), claim: Duration = .seconds(2),
    patience: Duration = .milliseconds(500)
  ) {
    self.patience = patience
    self.life = life
    self.ahead = ahead
    self.claim = claim
  }
}

/// A view as it was kept.
package struct StoredView: Hashable, Sendable {
  package let bytes: [UInt8]
  package let age: Duration

  package init(bytes: [UInt8], age: Duration) {
    self.bytes = bytes
    self.age = age
  }
}

/// The leave to make a view.
package struct ViewClaim: Hashable, Sendable {
  package let name: ViewName
  /// What the back end knows it by.
  package let token: String

  package init(_ name: ViewName, token: String) {
    self.name = name
    self.token = token
  }
}

/// What somebody found who looked.
package struct ViewLook: Hashable, Sendable {
  package let view: StoredView?
  package let claim: ViewClaim?

  package init(view: StoredView?, claim: ViewClaim?) {
    self.view = view
    self.claim = claim
  }
}
