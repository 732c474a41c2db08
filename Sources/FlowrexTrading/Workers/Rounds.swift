import FlowrexStore
import Ledger
import Synchronization

extension Desk {
  /// Works on all items in one transaction. Should that fail for a reason that may be one item's
  /// own, each is worked on alone, and only what fails alone is given to `putOff`.
  ///
  /// - Throws: what is no item's own: the database is away, or nobody knows what it kept.
  func eachAlone<Item: Sendable, Value: Sendable>(
    _ items: [Item], _ putOff: (Item, any Error) async throws -> Void,
    _ work: ([Item]) async throws -> [Value]
  ) async throws -> [Value] {
    guard !items.isEmpty else { return [] }
    do { return try await work(items) } catch let error where Self.isOwn(error) {
      guard items.count > 1 else {
        try await putOff(items[0], error)
        return []
      }
    }
    var values: [Value] = []
    for item in items {
      do { values += try await work([item]) } catch let error where Self.isOwn(error) {
        try await putOff(item, error)
      }
    }
    return values
  }

  /// Whether an error may be about one row only.
  static func isOwn(_ error: any Error) -> Bool {
    switch error {
    case StoreFault.unreachable, StoreFault.poolExhausted, StoreFault.outcomeUnknown: false
    case is StoreFault, is TradingFault: true
    default: false
    }
  }

  /// Whether people should know of it: what stood in the way of another may go well next time.
  static func isLasting(_ error: any Error) -> Bool {
    (error as? StoreFault)?.isTransient != true
  }

  /// Says a message later that cannot be worked on now, and notes why.
  func putOff(_ message: OutboxMessage, _ error: any Error) async throws {
    let (now, times) = (clock.now(), times)
    try await store.transact { rows in
      guard var current = try rows.message(message.order, message.kind),
        current.dueAt == message.dueAt
      else { return }
      current.attempts += 1
      current.dueAt = now.adding(times.pause(after: current.attempts))
      try rows.put(current)
      if Self.isLasting(error) { try rows.note(.unworkable(message.order, error, at: now)) }
    }
  }

  /// Notes that an order cannot be worked on.
  func noteUnworkable(_ order: OrderID, _ error: any Error) async throws {
    guard Self.isLasting(error) else { return }
    let now = clock.now()
    try await store.transact { try $0.note(.unworkable(order, error, at: now)) }
  }

  func asked<Value>(
    _ question: () async throws(BrokerFault) -> Value
  ) async -> Result<Value, BrokerFault> {
    do { return .success(try await question()) } catch { return .failure(error) }
  }
}

/// Gathers what comes while something is being worked on, and works on all of it together.
final class Gathering<Item: Sendable>: Sendable {
  private struct State {
    var items: [Item] = []
    var isBusy = false
    var error: (any Error)?
  }

  private let state = Mutex(State())
  private let work: @Sendable ([Item]) async throws -> Void

  init(_ work: @escaping @Sendable ([Item]) async throws -> Void) { self.work = work }

  /// Adds an item, and works until none is left if nobody else does.
  func add(_ item: Item) async {
    let isMine = state.withLock { state in
      state.items.append(item)
      defer { state.isBusy = true }
      return !state.isBusy
    }
    guard isMine else { return }
    while let items = next() {
      do { try await work(items) } catch {
        state.withLock { $0.error = $0.error ?? error }
      }
    }
  }

  private func next() -> [Item]? {
    state.withLock { state in
      guard !state.items.isEmpty else {
        state.isBusy = false
        return nil
      }
      defer { state.items = [] }
      return state.items
    }
  }

  func throwFirstError() throws {
    if let error = state.withLock({ $0.error }) { throw error }
  }
}
