package import FlowrexAuth

/// A bell that tells first of all which sessions have ended. (decision 41)
package struct SessionBell: ChangeBell {
  private let bell: any ChangeBell
  private let remembered: RememberedSessions

  package init(_ bell: any ChangeBell, to remembered: RememberedSessions) {
    self.bell = bell
    self.remembered = remembered
  }

  package func listen(_ heard: @escaping @Sendable (ChangeHint) -> Void) async {
    await bell.listen { hint in
      switch hint {
      case .sessions(let ended): remembered.ended(ended)
      case .everything: remembered.lostTrack(isTold: true)
      case .deaf: remembered.lostTrack(isTold: false)
      case .accounts, .messages: break
      }
      heard(hint)
    }
  }
}
