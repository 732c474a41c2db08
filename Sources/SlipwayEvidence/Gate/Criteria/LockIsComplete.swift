import SlipwayModel

/// Everything that the repository does not build is pinned, by the lock file that this commit has.
/// (F13, C-30)
package struct LockIsComplete: Criterion {
  package let id = "supply/lock-is-complete"
  package let promise = "each image that we do not build is pinned by the lock file of this commit"
  package let sources = ["S17-HS-10", "C-30"]
  package let kinds: Set<GateKind> = [.commit, .release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    let images = question.expectations.images
    var locked: [String] = []
    var loose: [String] = []
    for image in images {
      switch image.origin {
      case .locked(let reference):
        if !locked.contains(reference) { locked.append(reference) }
      case .unlocked(let name): if !loose.contains(name) { loose.append(name) }
      case .release, .checkout: break
      }
    }
    guard loose.isEmpty else {
      return .fail(
        "not pinned: \(loose.listed())",
        fix: "run `slipway lock --add` for each, then `make generate`")
    }
    guard locked.allSatisfy(Self.isPinned) else {
      return .fail(
        "no digest in: \(locked.filter { !Self.isPinned($0) }.listed())",
        fix: "run `make generate`; gate.json was edited by hand")
    }
    // A cluster has no repository: there the specification's own copy is what was deployed from.
    guard question.seat == .delivery else {
      return .pass("\(locked.count.of("image")) pinned")
    }
    return compare(locked, evidence.lock)
  }

  private func compare(_ locked: [String], _ lock: Sight<ImageLock>) -> Ruling {
    switch lock {
    case .missing(let what):
      return .unproven(what, fix: "check out the commit, with its lock file")
    case .unreadable(let why):
      return .unproven("the lock file cannot be used: \(why)", fix: "run `slipway lock`")
    case .seen(let seen):
      let known = Set(seen.value.images.map(\.reference))
      let missing = locked.filter { !known.contains($0) }
      guard missing.isEmpty else {
        return .fail(
          "the lock file does not say: \(missing.listed())",
          fix: "run `make generate`, so that files and lock file are of one commit")
      }
      return .pass("\(locked.count.of("image")) pinned as the lock file says")
    }
  }

  private static func isPinned(_ reference: String) -> Bool {
    let parts = reference.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].hasPrefix("sha256:") && parts[1].dropFirst(7).isHex(64)
  }
}
