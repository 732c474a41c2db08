import Foundation
import Synchronization

/// Opens once; waiting blocks the thread, which here is one of the store's own.
package final class Gate: Sendable {
  private let state = Atomic<Bool>(false)

  package init() {}

  package var isOpen: Bool { state.load(ordering: .sequentiallyConsistent) }
  package func open() { state.store(true, ordering: .sequentiallyConsistent) }
  package func opened() async {
    while !isOpen { try? await Task.sleep(for: .milliseconds(2)) }
  }
  package func wait() { while !isOpen { usleep(2_000) } }
}
