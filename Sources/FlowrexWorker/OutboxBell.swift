import FlowrexContract
package import FlowrexStore

/// Rings a worker when any process has left something to be said to the venue, so that no order and
/// no cancellation waits for its pause. (C-39)
package struct OutboxBell: Sendable {
  private let bell: any ChangeBell
  private let worker: Worker

  package init(_ bell: any ChangeBell, rings worker: Worker) {
    self.bell = bell
    self.worker = worker
  }

  /// Until the task is cancelled. What a lost connection did not tell, the next look finds.
  package func run() async {
    let worker = worker
    await bell.listen { hint in
      switch hint {
      case .messages, .everything: worker.ring(.outbox)
      case .accounts, .sessions, .deaf: break
      }
    }
  }
}
