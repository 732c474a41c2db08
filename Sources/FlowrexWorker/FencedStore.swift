package import FlowrexContract
package import FlowrexStore

/// The store as the holder of a job has it: once another worker does the job, nothing more is
/// written in this one's name, however long it stood still. The lease is held while it is written:
/// who takes the job over waits until then. (S18-ARCH-12)
package struct FencedStore: Store {
  private let store: any Store
  private let term: Leadership.Term

  package init(_ store: any Store, _ term: Leadership.Term) {
    self.store = store
    self.term = term
  }

  /// - Throws: ``LeaseLost`` also.
  package func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    let term = term
    return try await store.transact(urgency) { rows in
      // Both: a database that lost its newest rows may give the same fence to another one.
      guard let lease = try rows.lease(of: term.job), lease.fence == term.fence,
        lease.holder == term.holder
      else { throw LeaseLost(job: term.job) }
      return try body(rows)
    }
  }
}

/// Another worker does the job by now.
package struct LeaseLost: Error, Hashable, Sendable, CustomStringConvertible {
  package let job: JobName
  package var description: String { "another worker does the job '\(job.rawValue)' by now" }
}
