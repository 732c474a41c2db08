package import FlowrexContract
package import FlowrexStore
package import FlowrexTrading
package import Ledger

/// Something that one worker does again and again.
package struct Job: Sendable {
  /// What a job works with while it is this worker's: store and desk of its term.
  package struct Tools: Sendable {
    package let store: any Store
    package let desk: Desk

    package init(store: any Store, desk: Desk) {
      self.store = store
      self.desk = desk
    }
  }

  /// - Returns: whether there may be more to do at once.
  package typealias Turn = @Sendable (Tools) async throws -> Bool

  package let name: JobName
  /// Between two turns, when there is nothing more to do at once.
  let pause: Span
  /// What is done side by side, so that one part waits for no other.
  let lanes: [Turn]

  package init(_ name: JobName, every pause: Span, _ lanes: Turn...) {
    self.name = name
    self.pause = pause
    self.lanes = lanes
  }
}
