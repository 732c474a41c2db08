package import Ledger

/// Removes what nobody can ask for any more, in small transactions: a job for a worker, which may
/// be given up at any time and run by several at once. (C-57)
package struct Housekeeping: Sendable {
  private let store: any Store
  private let batch: Int
  /// A client that was away for longer begins anew.
  private static let changeLife = Span.seconds(-24 * 3_600)

  /// - Parameter batch: so many rows go in one transaction, so that nobody waits for long.
  package init(_ store: any Store, batch: Int = 500) {
    self.store = store
    self.batch = batch
  }

  /// What one round removed.
  package struct Removed: Hashable, Sendable {
    /// Sessions that are over, with their refresh tokens.
    package var sessions = 0
    /// Failed sign-ins that count no more.
    package var failures = 0
    /// Answers whose keys may be used again.
    package var answers = 0
    /// Changes of accounts that no stream asks for any more.
    package var changes = 0

    package init(sessions: Int = 0, failures: Int = 0, answers: Int = 0, changes: Int = 0) {
      self.sessions = sessions
      self.failures = failures
      self.answers = answers
      self.changes = changes
    }
  }

  package func run(at now: Timestamp) async throws -> Removed {
    let (batch, seconds) = (batch, now.microseconds / 1_000_000)
    return try await Removed(
      sessions: all { try $0.removeSessions(endedBefore: seconds, limit: batch) },
      failures: all { try $0.removeFailures(overAt: seconds, limit: batch) },
      answers: all { try $0.forgetAnswers(expiredAt: now, limit: batch) },
      changes: all { try $0.removeChanges(before: now.adding(Self.changeLife), limit: batch) })
  }

  private func all(
    _ body: @escaping @Sendable (any StoreTransaction) throws -> Int
  ) async throws -> Int {
    var sum = 0
    while true {
      try Task.checkCancellation()
      let count = try await store.transact(body)
      sum += count
      guard count >= batch else { return sum }
    }
  }
}
