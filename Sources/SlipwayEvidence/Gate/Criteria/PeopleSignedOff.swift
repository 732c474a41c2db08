package import SlipwayModel

/// Whoever must agree has agreed to this commit, in writing, and not for ever. (S04-SIGN-01 … 08)
package struct PeopleSignedOff: Criterion {
  package let id = "people/signed-off"
  package let promise = "every role has signed for this commit in this environment"
  package let sources = [
    "S04-SIGN-01", "S04-SIGN-02", "S04-SIGN-03", "S04-SIGN-04", "S04-SIGN-05", "S04-SIGN-06",
    "S04-SIGN-07", "S04-SIGN-08",
  ]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.cluster]
  /// Who agreed a month ago agreed to something else.
  static let age = Duration.seconds(30 * 86_400)

  package init() {}

  package func applies(to expectations: GateExpectations) -> Bool { !expectations.roles.isEmpty }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    var approved: Set<String> = []
    var refused: [String] = []
    var problems: [String] = []
    for sight in evidence.signOffs {
      switch sight {
      case .missing(let clause), .unreadable(let clause): problems.append(clause)
      case .seen(let seen):
        let signOff = seen.value
        guard signOff.environment == question.expectations.environment else { continue }
        if let doubt = question.doubt(
          seen, "the word of \(signOff.role)", of: question.record.commit, within: Self.age,
          fix: "")
        {
          problems.append(doubt.seen)
        } else if signOff.expires <= question.now {
          problems.append("the word of \(signOff.role) expired at \(signOff.expires.text)")
        } else if signOff.isApproval {
          approved.insert(signOff.role)
        } else {
          refused.append("\(signOff.role) (\(signOff.by))")
        }
      }
    }
    guard refused.isEmpty else {
      return .fail("refused by \(refused.sorted().listed())", fix: "settle it with them")
    }
    let roles = question.expectations.roles
    let missing = roles.filter { !approved.contains($0) }
    guard missing.isEmpty else {
      let reason = problems.isEmpty ? "" : "; what cannot be used: \(problems.sorted().listed(2))"
      return .unproven(
        "nobody signed for \(missing.listed(8))\(reason)",
        fix: "each role signs this commit: docs/gate.md says how")
    }
    return .pass("signed by \(roles.listed(8))")
  }
}
