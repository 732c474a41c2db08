import Synchronization

/// People and sessions of a store that tells what others change: who was confirmed a moment ago is
/// not looked at again for ``SessionBook/life``, so that a request of somebody who works costs no
/// question. (S03-MET-02, decision 41)
///
/// A session that ends through this value is over at once; one that ends elsewhere when that is
/// told, which is at once too while the store's bell is heard. While it is not, every question
/// goes to the store, as if nothing were remembered. (C-08: sessions are PostgreSQL's)
package final class RememberedSessions: Sendable {
  private struct State {
    var book = SessionBook()
    /// Questions under way, by the sessions that they are about.
    var flights: [String: Flight] = [:]
    var count = 0
  }

  private struct Flight {
    let number: Int
    let task: Task<[String: SessionHolder], any Error>
  }

  private enum Way {
    case known(SessionHolder)
    case wait(Task<[String: SessionHolder], any Error>)
    /// Alone, and nothing of it is remembered.
    case ask
  }

  private let people: any PeopleStore
  /// Nanoseconds of a clock that never goes back.
  private let monotonic: @Sendable () -> Int64
  private let state = Mutex(State())

  package init(_ people: any PeopleStore, monotonic: @escaping @Sendable () -> Int64) {
    self.people = people
    self.monotonic = monotonic
  }

  /// These have ended, somewhere.
  package func ended(_ sessions: [String]) {
    state.withLock { state in
      state.book.forget(sessions)
      for session in sessions { state.flights[session] = nil }
    }
  }

  /// Any may have ended.
  ///
  /// - Parameter isTold: whether it is told from now on when one ends.
  package func lostTrack(isTold: Bool) {
    state.withLock { state in
      state.book.forgetAll(isTold: isTold)
      state.flights = [:]
    }
  }

  /// Whether it is told when one ends; if it is not, nothing is remembered.
  package var isTold: Bool { state.withLock { $0.book.isTold } }

  /// How many are remembered.
  package var count: Int { state.withLock { $0.book.count } }

  private func holder(_ session: String, now: Int64) async throws -> SessionHolder? {
    switch way(to: session, now: now) {
    case .known(let holder): holder
    case .wait(let task): try await task.value[session]
    case .ask: try await people.holders(of: [session], now: now)[session]
    }
  }

  private func way(to session: String, now: Int64) -> Way {
    let instant = monotonic()
    return state.withLock { state in
      guard state.book.isTold else { return .ask }
      switch state.book.look(session, at: instant, now: now) {
      case .known(let holder): return .known(holder)
      case .ask(let sessions):
        // Who comes while it is asked waits for that answer; what was told meanwhile took the
        // question away, so that nobody waits for what is older than it.
        if let flight = state.flights[session] { return .wait(flight.task) }
        let asked = sessions.filter { state.flights[$0] == nil }
        return .wait(begin(asked, &state, at: instant, now: now))
      }
    }
  }

  private func begin(
    _ asked: [String], _ state: inout State, at instant: Int64, now: Int64
  ) -> Task<[String: SessionHolder], any Error> {
    state.count += 1
    let (number, version, people) = (state.count, state.book.version, people)
    // It goes on when who asked is gone: others wait for it.
    let task = Task {
      defer { landed(number, asked) }
      let holders = try await people.holders(of: asked, now: now)
      self.state.withLock { state in
        state.book.keep(holders, of: asked, version: version, at: instant)
      }
      return holders
    }
    for session in asked { state.flights[session] = Flight(number: number, task: task) }
    return task
  }

  private func landed(_ number: Int, _ asked: [String]) {
    state.withLock { state in
      for session in asked where state.flights[session]?.number == number {
        state.flights[session] = nil
      }
    }
  }
}

extension RememberedSessions: SessionStore {
  package func begin(
    _ session: Session, digest: String, for user: User, rehashed: String?, _ occasion: Occasion
  ) async throws -> Bool {
    try await people.begin(session, digest: digest, for: user, rehashed: rehashed, occasion)
  }

  package func rotate(
    digest: String, to next: String, now: Int64, _ occasion: Occasion
  ) async throws -> Rotation {
    let rotation = try await people.rotate(digest: digest, to: next, now: now, occasion)
    if case .reused(let session) = rotation { ended([session.id]) }
    return rotation
  }

  package func revoke(session: String, _ occasion: Occasion) async throws -> Bool {
    // Whatever comes of it: it may be over although nobody answered.
    defer { ended([session]) }
    return try await people.revoke(session: session, occasion)
  }

  package func holders(
    of sessions: [String], now: Int64
  ) async throws -> [String: SessionHolder] {
    var holders: [String: SessionHolder] = [:]
    for session in sessions { holders[session] = try await holder(session, now: now) }
    return holders
  }
}

extension RememberedSessions: UserStore {
  package func user(email: EmailAddress) async throws -> User? {
    try await people.user(email: email)
  }

  package func user(id: String) async throws -> User? { try await people.user(id: id) }

  package func add(_ user: User) async throws -> Bool { try await people.add(user) }
}
