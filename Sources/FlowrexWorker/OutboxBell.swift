import FlowrexContract
package import FlowrexStore
import Ledger
import Synchronization

/// Rings a worker of the same process when there is something to say to the venue, so that no order
/// waits for its pause. (C-39)
package final class OutboxBell: Sendable {
  private let worker = Mutex<Worker?>(nil)

  package init() {}

  /// From here on this one is rung.
  package func rings(_ worker: Worker) { self.worker.withLock { $0 = worker } }

  /// A transaction was committed, and has done this.
  package func kept(_ notes: [StoreNote]) {
    guard notes.contains(where: Self.isToBeSaid) else { return }
    worker.withLock { $0 }?.ring(.outbox)
  }

  private static func isToBeSaid(_ note: StoreNote) -> Bool {
    switch note {
    case .placed(let record), .moved(let record, from: _): record.order.state == .accepted
    default: false
    }
  }
}
