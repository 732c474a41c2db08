import SlipwayModel

/// No file of this commit and none of its history holds a secret. A scan that did not run has found
/// nothing, and says nothing. (S18-HS-07, C-43)
package struct NoSecretsLeak: Criterion {
  package let id = "sources/hold-no-secrets"
  package let promise = "no file of this commit, and none of its history, holds a secret"
  package let sources = ["S18-HS-07", "C-16", "C-43"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]
  private static let fix = "look for secrets in this commit and its history: make leaks"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    switch evidence.leaks {
    case .missing(let what): return .fail(what, fix: Self.fix)
    case .unreadable(let why):
      return .fail("the leak report cannot be read: \(why)", fix: Self.fix)
    case .seen(let seen):
      if let doubt = question.doubt(
        seen, "the leak report", of: question.record.commit, within: TestsPass.age, fix: Self.fix)
      {
        return doubt
      }
      // Of a secret it does not matter how bad somebody says that it is.
      let found = Set(seen.value.flatMap(\.findings).map(\.words)).sorted()
      guard found.isEmpty else {
        return .fail(
          "\(found.count.of("finding")) of secrets: \(found.listed())",
          fix: "replace the secret where it is used, then take it out of the history")
      }
      return .pass("no file and no version of one holds a secret")
    }
  }
}
