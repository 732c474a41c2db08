/// Where what happened is written down before it is answered.
package protocol AuditLog: Sendable {
  func append(_ entry: AuditEntry) async throws
}

/// Hears whether entries are written, for metrics.
package protocol AuditWitness: Sendable {
  func wrote(_ count: Int)
  /// An entry could not be written, and what it is about was not done.
  func failed()
}

/// The log in the store. What many ask for at one moment is written by one transaction: the chain
/// has one end, and a hundred who wait for it one after the other would wait for a hundred disks.
package actor StoredAuditLog: AuditLog {
  private struct Waiting {
    let entry: AuditEntry
    let continuation: CheckedContinuation<Void, any Error>
  }

  /// So many entries are one transaction at most: it holds the end of the chain, which all
  /// processes share.
  private static let most = 100

  private let store: any Store
  private var waiting: [Waiting] = []
  private var isWriting = false

  package init(_ store: any Store) { self.store = store }

  /// How many wait for their turn.
  package var count: Int { waiting.count }

  /// - Throws: ``StoreFault``; it is not written then, or nobody knows.
  package func append(_ entry: AuditEntry) async throws {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(Waiting(entry: entry, continuation: continuation))
      guard !isWriting else { return }
      isWriting = true
      Task { await writeAll() }
    }
  }

  private func writeAll() async {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.most))
      waiting.removeFirst(batch.count)
      await write(batch)
    }
    isWriting = false
  }

  private func write(_ batch: [Waiting]) async {
    let entries = batch.map(\.entry)
    do {
      try await store.transact { rows in for entry in entries { try rows.append(entry) } }
      for one in batch { one.continuation.resume() }
    } catch let fault as StoreFault where !fault.isTransient && batch.count > 1 {
      // One of them is what the database does not take; the others are none the worse.
      for one in batch { await write([one]) }
    } catch {
      for one in batch { one.continuation.resume(throwing: error) }
    }
  }
}

/// Changes of rows with the entries about them, which are one transaction: neither is there
/// without the other. (S18-AUD-02)
struct AuditedStore: Sendable {
  let store: any Store
  let witness: (any AuditWitness)?

  /// - Parameter body: Gives back what it has to say, and the entries about what it did.
  func transact<Value: Sendable>(
    _ body: @escaping @Sendable (any StoreTransaction) throws -> (Value, [AuditEntry])
  ) async throws -> Value {
    do {
      let (value, count) = try await store.transact { rows in
        let (value, entries) = try body(rows)
        do {
          // The last thing that a transaction does.
          for entry in entries { try rows.append(entry) }
        } catch {
          throw NotWrittenDown(fault: error)
        }
        return (value, entries.count)
      }
      if count > 0 { witness?.wrote(count) }
      return value
    } catch let notWritten as NotWrittenDown {
      witness?.failed()
      throw notWritten.fault
    }
  }

  private struct NotWrittenDown: Error {
    let fault: any Error
  }
}
