import FlowrexContract
package import FlowrexStore
import Ledger
import Synchronization

/// Hears what transactions did, in words.
package final class NoteEar: StoreObserver {
  private let heard = Mutex<[String]>([])

  package init() {}

  package var words: [String] { heard.withLock { $0 } }

  package func lent(after wait: Duration) {}
  package func returned() {}
  package func timedOut() {}
  package func ran(for time: Duration, failed: Bool) {}
  package func failed() {}

  package func kept(_ notes: [StoreNote]) {
    let words = notes.map { note in
      switch note {
      case .placed(let record): "placed \(record.order.state.rawValue)"
      case .moved(let record, let before):
        "moved \(before.rawValue) \(record.order.state.rawValue)"
      case .filled(_, let mode): "filled \(mode?.rawValue ?? "?")"
      case .decided(let decision): "decided \(decision.rawValue)"
      case .diverged(let kind): "diverged \(kind.rawValue)"
      case .settled(let kind): "settled \(kind.rawValue)"
      case .changedState(_, let state): "account \(state.rawValue)"
      }
    }
    heard.withLock { $0 += words }
  }
}
