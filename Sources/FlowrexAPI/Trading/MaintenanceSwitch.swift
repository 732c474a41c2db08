package import FlowrexStore
import HTTPTypes
package import Ledger
import Synchronization

/// Whether people are told to come back later. It is kept in the store; every process looks from
/// time to time, and whoever switches knows at once. (C-55)
package final class MaintenanceSwitch: Sendable {
  private let store: any Store
  private let now: @Sendable () -> Timestamp
  private let isSeen = Mutex(false)

  package init(_ store: any Store, now: @escaping @Sendable () -> Timestamp) {
    self.store = store
    self.now = now
  }

  /// As it was seen last.
  package var isOn: Bool { isSeen.withLock { $0 } }

  package func saw(_ isOn: Bool) { isSeen.withLock { $0 = isOn } }

  func state() async throws -> Maintenance {
    let state = try await store.transact { try $0.maintenance() }
    saw(state.isOn)
    return state
  }

  func set(_ isOn: Bool, by person: PersonID) async throws -> Maintenance {
    let state = Maintenance(isOn: isOn, by: person, at: now())
    try await store.transact { try $0.save(state) }
    saw(isOn)
    return state
  }
}

extension RouteHandler {
  /// The same, but that it waits while maintenance is on. Health, signing in and administration go
  /// on, so that it can be ended.
  func pausing(_ maintenance: MaintenanceSwitch) -> RouteHandler {
    RouteHandler(route, document, notesItself: notesItself) { [work] call in
      guard !maintenance.isOn else {
        throw Problem(.maintenance, headers: [.retryAfter: "60"])
      }
      return try await work(call)
    }
  }
}
