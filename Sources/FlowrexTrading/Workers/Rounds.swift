import FlowrexStore
import Ledger
import Synchronization

extension Desk {
  /// Works on all items in one transaction. Should that fail for a reason that may be one item's
  /// own, each account's are worked on alone, then each item; what stood in the way of an account
  /// is waited for when all others are done. Only what fails then is given to `putOff`.
  ///
  /// - Parameter work: is told whether it may wait for others, which wait behind it.
  /// - Throws: what is no item's own: the database is away or cannot work, or nobody knows what it
  ///   kept.
  func eachAlone<Item: Sendable>(
    _ items: [Item], of account: (Item) -> AccountID,
    _ putOff: (Item, any Error) async throws -> Void,
    _ work: (_ items: [Item], _ isPatient: Bool) async throws -> Void
  ) async throws {
    guard !items.isEmpty else { return }
    do { return try await work(items, false) } catch let error where Self.isOwn(error) {}
    var waiting: [[Item]] = []
    var broken: [[Item]] = []
    for group in Self.groups(items, account) {
      do { try await work(group, false) } catch let error where Self.isOwn(error) {
        if Self.isLasting(error) { broken.append(group) } else { waiting.append(group) }
      }
    }
    for item in broken.joined() {
      do { try await work([item], false) } catch let error where Self.isOwn(error) {
        try await putOff(item, error)
      }
    }
    for group in waiting {
      do { try await work(group, true) } catch let error where Self.isOwn(error) {
        // What is broken is one item's own, and puts off no other.
        guard Self.isLasting(error) else {
          for item in group { try await putOff(item, error) }
          continue
        }
        for item in group {
          do { try await work([item], true) } catch let error where Self.isOwn(error) {
            try await putOff(item, error)
          }
        }
      }
    }
  }

  /// The items of each account, in the order in which they came.
  private static func groups<Item>(
    _ items: [Item], _ account: (Item) -> AccountID
  ) -> [[Item]] {
    var places: [AccountID: Int] = [:]
    var groups: [[Item]] = []
    for item in items {
      if let place = places[account(item)] {
        groups[place].append(item)
      } else {
        places[account(item)] = groups.count
        groups.append([item])
      }
    }
    return groups
  }

  /// Whether an error may be about one row only.
  static func isOwn(_ error: any Error) -> Bool {
    switch error {
    case StoreFault.unreachable, StoreFault.poolExhausted, StoreFault.outcomeUnknown,
      StoreFault.unable:
      false
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
    // An account that somebody holds says nothing about the message: it is no attempt.
    let isLasting = Self.isLasting(error)
    let attempts = isLasting ? message.attempts + 1 : message.attempts
    let pause = isLasting ? times.pause(after: attempts) : times.firstPause
    try await store.transact { rows in
      // Its account is not held: whoever works on it meanwhile has changed its time.
      guard try rows.postpone(message, to: now.adding(pause), attempts: attempts) else { return }
      if isLasting { try rows.note(.unworkable(message.order, error, at: now)) }
    }
  }

  /// The same for one that cannot be read.
  func putOff(_ message: UnreadableMessage) async throws {
    let now = clock.now()
    let dueAt = now.adding(times.longestPause)
    try await store.transact { rows in
      try rows.postpone(message, to: dueAt)
      try rows.note(.unreadable(message, at: now))
    }
  }

  /// Whether our clock can be compared with what others wrote down. (S04-RES-07)
  ///
  /// - Throws: ``TradingFault/clockDiffers(_:limit:)`` when it certainly cannot: a statement that
  ///   takes long makes no difference.
  func checkClock(_ rows: any StoreTransaction) throws {
    guard let limit = times.longestSkew else { return }
    let before = clock.now()
    guard let theirs = try rows.clock() else { return }
    let ahead = before.since(theirs)
    let behind = theirs.since(clock.now())
    if ahead > limit { throw TradingFault.clockDiffers(ahead, limit: limit) }
    if behind > limit {
      throw TradingFault.clockDiffers(Span(microseconds: -behind.microseconds), limit: limit)
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
