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
    /// Whether the worker wants to end: what is long asks between two items.
    package let isEnding: @Sendable () -> Bool

    package init(
      store: any Store, desk: Desk, isEnding: @escaping @Sendable () -> Bool = { false }
    ) {
      self.store = store
      self.desk = desk
      self.isEnding = isEnding
    }
  }

  /// - Returns: whether there may be more to do at once.
  package typealias Turn = @Sendable (Tools) async throws -> Bool

  /// A part of a job that waits for no other.
  package struct Lane: Sendable {
    let turn: Turn
    /// Takes back what turns stated and only who does the job may state: gauges.
    let leave: @Sendable () -> Void
    /// Whether news end its pause; what only measures is not hurried.
    let isRung: Bool

    package init(
      _ turn: @escaping Turn, isRung: Bool = true, leave: @escaping @Sendable () -> Void = {}
    ) {
      self.turn = turn
      self.isRung = isRung
      self.leave = leave
    }
  }

  package let name: JobName
  /// Between two turns, when there is nothing more to do at once.
  let pause: Span
  /// What is done side by side, so that one part waits for no other.
  let lanes: [Lane]

  package init(_ name: JobName, every pause: Span, lanes: [Lane]) {
    self.name = name
    self.pause = pause
    self.lanes = lanes
  }

  package init(_ name: JobName, every pause: Span, _ turns: Turn...) {
    self.init(name, every: pause, lanes: turns.map { Lane($0) })
  }
}
