package import FlowrexAuth
package import Testing

/// What every store of sessions keeps, whatever it is made of.
package enum SessionStoreSuite {
  /// - Parameters:
  ///   - make: An empty store.
  package static func check(
    _ make: () async throws -> any SessionStore,
    _ place: SourceLocation = #_sourceLocation
  ) async throws {
    for check in checks { try await check(try await make(), place) }
  }

  package typealias Check = @Sendable (any SessionStore, SourceLocation) async throws -> Void

  /// Each wants an empty store.
  package static let checks: [Check] = [rotation, reuse, race, revocation, ends]

  private static func session(_ id: String, _ user: String = "u", ends: Int64 = 1_000) -> Session {
    Session(id: id, user: user, expiresAt: ends)
  }

  @Sendable private static func rotation(_ store: any SessionStore, _ place: SourceLocation)
    async throws
  {
    let session = session("s")
    try await store.begin(session, digest: "a")
    #expect(try await store.isLive(session: "s", now: 0), sourceLocation: place)
    #expect(try await !store.isLive(session: "t", now: 0), sourceLocation: place)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 1) == .rotated(session),
      sourceLocation: place)
    #expect(
      try await store.rotate(digest: "b", to: "c", now: 2) == .rotated(session),
      sourceLocation: place)
    #expect(
      try await store.rotate(digest: "x", to: "y", now: 2) == .unknown, sourceLocation: place)
  }

  @Sendable private static func reuse(_ store: any SessionStore, _ place: SourceLocation)
    async throws
  {
    let session = session("s")
    try await store.begin(session, digest: "a")
    try await store.begin(Self.session("other"), digest: "o")
    _ = try await store.rotate(digest: "a", to: "b", now: 1)
    _ = try await store.rotate(digest: "b", to: "c", now: 1)
    #expect(
      try await store.rotate(digest: "a", to: "d", now: 1) == .reused(session),
      sourceLocation: place)
    // Whoever holds the valid one is out too, and the one that the thief asked for is none.
    for digest in ["a", "b", "c"] {
      #expect(
        try await store.rotate(digest: digest, to: "e", now: 1) == .revoked,
        sourceLocation: place)
    }
    #expect(
      try await store.rotate(digest: "d", to: "e", now: 1) == .unknown, sourceLocation: place)
    #expect(try await !store.isLive(session: "s", now: 1), sourceLocation: place)
    #expect(try await store.isLive(session: "other", now: 1), sourceLocation: place)
  }

  @Sendable private static func race(_ store: any SessionStore, _ place: SourceLocation)
    async throws
  {
    try await store.begin(session("s"), digest: "a")
    let outcomes = try await withThrowingTaskGroup(of: Rotation.self) { group in
      for number in 0..<20 {
        group.addTask { try await store.rotate(digest: "a", to: "n\(number)", now: 1) }
      }
      return try await group.reduce(into: [Rotation]()) { $0.append($1) }
    }
    #expect(
      outcomes.filter { if case .rotated = $0 { true } else { false } }.count == 1,
      sourceLocation: place)
    #expect(
      outcomes.filter { if case .reused = $0 { true } else { false } }.count == 1,
      sourceLocation: place)
    #expect(try await !store.isLive(session: "s", now: 1), sourceLocation: place)
  }

  @Sendable private static func revocation(_ store: any SessionStore, _ place: SourceLocation)
    async throws
  {
    for id in ["1", "2", "3"] {
      try await store.begin(session(id, id == "3" ? "v" : "u"), digest: "d" + id)
    }
    #expect(try await store.revoke(session: "1"), sourceLocation: place)
    #expect(try await !store.revoke(session: "1"), sourceLocation: place)
    #expect(try await !store.revoke(session: "none"), sourceLocation: place)
    #expect(
      try await store.rotate(digest: "d1", to: "n", now: 1) == .revoked, sourceLocation: place)
    #expect(try await store.revokeAll(user: "u") == 1, sourceLocation: place)
    #expect(try await !store.isLive(session: "2", now: 1), sourceLocation: place)
    #expect(try await store.isLive(session: "3", now: 1), sourceLocation: place)
  }

  @Sendable private static func ends(_ store: any SessionStore, _ place: SourceLocation)
    async throws
  {
    try await store.begin(session("s", ends: 100), digest: "a")
    #expect(try await store.isLive(session: "s", now: 99), sourceLocation: place)
    #expect(try await !store.isLive(session: "s", now: 100), sourceLocation: place)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 100) == .expired, sourceLocation: place)
    try await store.removeExpired(before: 100)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 100) == .expired, sourceLocation: place)
    try await store.removeExpired(before: 101)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 100) == .unknown, sourceLocation: place)
  }
}
