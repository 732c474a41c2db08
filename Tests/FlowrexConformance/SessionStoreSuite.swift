package import FlowrexAuth
package import Testing

/// What every store of people keeps about their sessions, whatever it is made of.
package enum SessionStoreSuite {
  /// - Parameter make: An empty store.
  package static func check(
    _ make: () async throws -> any PeopleStore,
    _ place: SourceLocation = #_sourceLocation
  ) async throws {
    for check in checks { try await check(try await make(), place) }
  }

  package typealias Check = @Sendable (any PeopleStore, SourceLocation) async throws -> Void

  /// Each wants an empty store.
  package static let checks: [Check] = [
    rotation, reuse, repetition, race, revocation, ends, changedPerson, keptOut,
  ]

  private static func user(_ id: String, isDisabled: Bool = false) throws -> User {
    let email = try #require(EmailAddress("\(id)@example.com"))
    return User(
      id: id, email: email, passwordHash: "h", role: .user, isDisabled: isDisabled)
  }

  private static func session(_ id: String, _ user: String = "u", ends: Int64 = 1_000) -> Session {
    Session(id: id, user: user, expiresAt: ends)
  }

  /// A session of somebody who is there from now on.
  private static func begin(
    _ session: Session, _ digest: String, _ store: any PeopleStore, _ place: SourceLocation
  ) async throws {
    let user = try user(session.user)
    _ = try await store.add(user)
    #expect(
      try await store.begin(session, digest: digest, for: user, rehashed: nil, .none),
      sourceLocation: place)
  }

  @Sendable private static func rotation(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    let (session, user) = (session("s"), try user("u"))
    try await begin(session, "a", store, place)
    let holder = SessionHolder(
      person: "u", role: .user, isDisabled: false, expiresAt: session.expiresAt)
    #expect(try await store.holder(of: "s", now: 0) == holder, sourceLocation: place)
    #expect(try await store.holder(of: "t", now: 0) == nil, sourceLocation: place)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 1, .none) == .rotated(session, user),
      sourceLocation: place)
    #expect(
      try await store.rotate(digest: "b", to: "c", now: 2, .none) == .rotated(session, user),
      sourceLocation: place)
    #expect(
      try await store.rotate(digest: "x", to: "y", now: 2, .none) == .unknown,
      sourceLocation: place)
  }

  @Sendable private static func reuse(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    let session = session("s")
    try await begin(session, "a", store, place)
    try await begin(Self.session("other"), "o", store, place)
    _ = try await store.rotate(digest: "a", to: "b", now: 1, .none)
    _ = try await store.rotate(digest: "b", to: "c", now: 1, .none)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 1, .none) == .reused(session),
      sourceLocation: place)
    // Whoever holds the valid one is out too.
    for digest in ["a", "b", "c"] {
      #expect(
        try await store.rotate(digest: digest, to: "e", now: 1, .none) == .revoked,
        sourceLocation: place)
    }
    #expect(try await store.holder(of: "s", now: 1) == nil, sourceLocation: place)
    #expect(try await store.holder(of: "other", now: 1) != nil, sourceLocation: place)
  }

  /// An answer that got lost is given once more, for a short time; then it is a theft.
  @Sendable private static func repetition(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    let (session, user) = (session("s"), try user("u"))
    try await begin(session, "a", store, place)
    for now in [1, 1, 1 + Session.repeatable] {
      #expect(
        try await store.rotate(digest: "a", to: "b", now: now, .none) == .rotated(session, user),
        sourceLocation: place)
    }
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 2 + Session.repeatable, .none)
        == .reused(session), sourceLocation: place)
    #expect(
      try await store.rotate(digest: "b", to: "c", now: 2 + Session.repeatable, .none)
        == .revoked, sourceLocation: place)
    // A first token that nobody exchanged has no one before it.
    try await begin(Self.session("t"), "o", store, place)
    #expect(
      try await store.rotate(digest: "b", to: "o", now: 1, .none) == .revoked,
      sourceLocation: place)
    #expect(try await store.holder(of: "t", now: 1) != nil, sourceLocation: place)
  }

  /// Of many with one token all get the one successor; with another for the same token, which no
  /// process of ours makes, only the first gets it, and the session ends.
  @Sendable private static func race(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    for isSame in [true, false] {
      let session = session("s\(isSame)")
      try await begin(session, "a\(isSame)", store, place)
      let outcomes = try await withThrowingTaskGroup(of: Rotation.self) { group in
        for number in 0..<20 {
          let next = isSame ? "next" : "n\(number)"
          group.addTask {
            try await store.rotate(digest: "a\(isSame)", to: next, now: 1, .none)
          }
        }
        return try await group.reduce(into: [Rotation]()) { $0.append($1) }
      }
      func count(_ isCounted: (Rotation) -> Bool) -> Int { outcomes.count(where: isCounted) }
      #expect(
        count { if case .rotated = $0 { true } else { false } } == (isSame ? 20 : 1),
        sourceLocation: place)
      #expect(
        count { if case .reused = $0 { true } else { false } } == (isSame ? 0 : 1),
        sourceLocation: place)
      #expect(
        try await (store.holder(of: session.id, now: 1) != nil) == isSame, sourceLocation: place)
    }
  }

  @Sendable private static func revocation(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    for id in ["1", "2"] { try await begin(session(id), "d" + id, store, place) }
    #expect(try await store.revoke(session: "1", .none), sourceLocation: place)
    #expect(try await !store.revoke(session: "1", .none), sourceLocation: place)
    #expect(try await !store.revoke(session: "none", .none), sourceLocation: place)
    #expect(
      try await store.rotate(digest: "d1", to: "n", now: 1, .none) == .revoked,
      sourceLocation: place)
    #expect(try await store.holder(of: "1", now: 1) == nil, sourceLocation: place)
    #expect(try await store.holder(of: "2", now: 1) != nil, sourceLocation: place)
  }

  @Sendable private static func ends(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    try await begin(session("s", ends: 100), "a", store, place)
    #expect(try await store.holder(of: "s", now: 99) != nil, sourceLocation: place)
    #expect(try await store.holder(of: "s", now: 100) == nil, sourceLocation: place)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 100, .none) == .expired,
      sourceLocation: place)
  }

  /// A session is begun for who is as they were when their password was looked at.
  @Sendable private static func changedPerson(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    let user = try user("u")
    for stale in [
      user.with(passwordHash: "old"), user.with(role: .admin), user.with(isDisabled: true),
    ] {
      _ = try await store.add(user)
      #expect(
        try await !store.begin(session("s"), digest: "a", for: stale, rehashed: "n", .none),
        sourceLocation: place)
    }
    #expect(try await store.holder(of: "s", now: 1) == nil, sourceLocation: place)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 1, .none) == .unknown,
      sourceLocation: place)
    #expect(
      try await store.begin(session("s"), digest: "a", for: user, rehashed: "n", .none),
      sourceLocation: place)
    let rehashed = user.with(passwordHash: "n")
    #expect(try await store.user(id: "u") == rehashed, sourceLocation: place)
    #expect(try await store.holder(of: "s", now: 1)?.person == "u", sourceLocation: place)
  }

  /// What somebody who is kept out holds is exchanged for nothing, and over.
  @Sendable private static func keptOut(_ store: any PeopleStore, _ place: SourceLocation)
    async throws
  {
    let user = try user("u", isDisabled: true)
    _ = try await store.add(user)
    let session = session("s")
    #expect(
      try await store.begin(session, digest: "a", for: user, rehashed: nil, .none),
      sourceLocation: place)
    #expect(
      try await store.rotate(digest: "a", to: "b", now: 1, .none) == .revoked,
      sourceLocation: place)
    #expect(try await store.holder(of: "s", now: 1) == nil, sourceLocation: place)
  }
}
