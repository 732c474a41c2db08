import Ledger
import Synchronization

/// Hears what a store does, for metrics. (S04-OBS-11, S03-MET-02, C-24)
package protocol StoreObserver: Sendable {
  /// A transaction has its connection, after so long.
  func lent(after wait: Duration)
  func returned()
  /// No connection became free in time.
  func timedOut()
  /// A statement ended, with its last row or a fault.
  func ran(for time: Duration, failed: Bool)
  /// A transaction failed beside its statements: no connection, or no answer to its end.
  func failed()
  /// A transaction was committed, and has done this.
  func kept(_ notes: [StoreNote])
}

/// A store that is watched, whatever it is made of. `BEGIN` and `COMMIT` are no statements here.
package struct ObservedStore: Store {
  private let store: any Store
  private let observer: any StoreObserver

  package init(_ store: any Store, _ observer: any StoreObserver) {
    self.store = store
    self.observer = observer
  }

  package func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    let observer = observer
    let asked = ContinuousClock.now
    let counted = Counted()
    do {
      let (value, notes) = try await store.transact(urgency) { rows in
        observer.lent(after: .now - asked)
        defer { observer.returned() }
        guard let sql = rows as? SQLTransaction else { return (try body(rows), [StoreNote]()) }
        let connection = ObservedConnection(
          inner: sql.connection, observer: observer, counted: counted)
        // Anew for each attempt: what was undone is not told.
        let notes = StoreNotes()
        return (try body(SQLTransaction(connection, notes: notes)), notes.all)
      }
      if !notes.isEmpty { observer.kept(notes) }
      return value
    } catch {
      switch error {
      case StoreFault.poolExhausted: observer.timedOut()
      case StoreFault.unreachable where !counted.isFault, StoreFault.outcomeUnknown:
        observer.failed()
      default: break
      }
      throw error
    }
  }
}

/// Whether a statement's fault was told already, so that none counts twice.
private final class Counted: Sendable {
  private let fault = Mutex(false)

  var isFault: Bool { fault.withLock { $0 } }
  func note() { fault.withLock { $0 = true } }
}

private struct ObservedConnection: SQLConnection {
  let inner: any SQLConnection
  let observer: any StoreObserver
  let counted: Counted

  var dialect: SQLDialect { inner.dialect }

  func announce(_ news: Announcement) { inner.announce(news) }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    let began = ContinuousClock.now
    do throws(StoreFault) {
      let rows = try inner.execute(sql, values)
      observer.ran(for: .now - began, failed: false)
      return rows
    } catch {
      counted.note()
      observer.ran(for: .now - began, failed: true)
      throw error
    }
  }
}
