import FlowrexContract
package import FlowrexStore
import Ledger

/// Forgets the views of what was committed, in whatever process that was: a position that changed
/// is not told as it was. If it fails, a view ends by itself within its life. (C-37, S03-ARCH-09)
package struct ViewForgetter: Sendable {
  private let views: any ViewStore

  package init(_ views: any ViewStore) { self.views = views }

  /// To be told after the commit; nobody waits for it.
  package func kept(_ notes: [StoreNote]) {
    guard notes.contains(where: Self.isMeant) else { return }
    Task { await forget(notes) }
  }

  /// A trade changes the positions and guards of its account, a difference reconciliation. The
  /// scope of a person's views is the person's id, which is the account's.
  package func forget(_ notes: [StoreNote]) async {
    var accounts: Set<AccountID> = []
    var hasDiverged = false
    for note in notes {
      switch note {
      case .filled(let record, _): accounts.insert(record.account)
      case .diverged, .settled: hasDiverged = true
      case .changedState(let account, _): accounts.insert(account)
      case .placed, .moved, .decided: break
      }
    }
    for account in accounts {
      try? await views.forget(.positions, scope: "\(account)")
      try? await views.forget(.guards, scope: "\(account)")
    }
    if hasDiverged { try? await views.forget(.reconciliation, scope: nil) }
  }

  private static func isMeant(_ note: StoreNote) -> Bool {
    switch note {
    case .filled, .diverged, .settled, .changedState: true
    case .placed, .moved, .decided: false
    }
  }
}
