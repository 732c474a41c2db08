import SlipwayModel

/// What was found out about each secret at its source; never a value.
package struct SecretFacts: Sendable, Hashable {
  /// By name, for those with a fault.
  package var faults: [String: SecretFault]
  /// Names that have one value and must differ. (C-47)
  package var equal: [[String]]
  package init(faults: [String: SecretFault] = [:], equal: [[String]] = []) {
    self.faults = faults
    self.equal = equal
  }
}

/// Every secret is at its source, and nobody could guess it. (S17-HS-03, S17-HS-07)
package struct SecretsAreStrong: Criterion {
  package let id = "secrets/are-present-and-strong"
  package let promise = "every secret is at its source, strong, and not one that is published"
  package let sources = ["S17-HS-03", "S17-HS-07", "S17-GATE-05", "S17-GATE-06", "S04-AUTH-02"]
  package let kinds: Set<GateKind> = [.release, .firstRelease, .rollback]
  package let seats: Set<GateSeat> = [.cluster]

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let seen = try evidence.secrets.trusted(
        "the source of secrets", by: question, within: FactAge.now,
        fix: "let the gate reach the source of secrets: docs/gate.md says how")
      let keys = question.expectations.secrets.keys
      var faults = keys.compactMap { key in
        seen.value.faults[key.name].map { "\(key.name) \($0.words)" }
      }
      faults += seen.value.equal.map { "\($0.joined(separator: " and ")) are equal" }
      guard faults.isEmpty else {
        return .fail(
          faults.listed(8), fix: "run `slipway secrets rotate NAME` for each of them")
      }
      return .pass("\(keys.count.of("secret")) present and strong")
    }
  }
}
