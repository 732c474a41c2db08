package import SlipwayModel

/// The way back from this very release to this very release was walked before. (S17-HS-09)
package struct RollbackWasRehearsed: Criterion {
  package let id = "release/rollback-was-rehearsed"
  package let promise = "going back from this release to the one that runs was rehearsed"
  package let sources = ["S17-HS-09", "S18-HS-05"]
  package let kinds: Set<GateKind> = [.release]
  package let seats: Set<GateSeat> = [.cluster]

  static let age = Duration.seconds(30 * 86_400)
  private static let fix =
    "rehearse the rollback of this pair on the environment before, and sign the record"

  package init() {}

  /// The first of all environments is where others rehearse; nobody can for it.
  package func applies(to expectations: GateExpectations) -> Bool { expectations.after != nil }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    guard let running = question.running else {
      return .unproven(
        "no release is recorded here", fix: "the first release has a gate of its own")
    }
    return evidence.rehearsal(
      question, age: Self.age, fix: Self.fix, steps: ["rolled-back", "answered"],
      what: "from \(question.record.commit.shortCommit) to \(running.commit.shortCommit)"
    ) {
      $0.kind == .rollback && $0.to == running.commit
        && $0.environment == question.expectations.after
    }
  }
}

/// The environment before took this release from nothing, and its empty database was backed up and
/// restored. (F14)
package struct FirstReleaseWasRehearsed: Criterion {
  package let id = "release/first-was-rehearsed"
  package let promise = "the environment before took this release from nothing"
  package let sources = ["S17-HS-09", "S17-HS-08", "S18-HS-04", "S18-HS-05"]
  package let kinds: Set<GateKind> = [.firstRelease]
  package let seats: Set<GateSeat> = [.cluster]
  private static let fix = "rehearse the first release on the environment before, and sign it"

  package init() {}

  /// The first of all environments has nobody to rehearse for it.
  package func applies(to expectations: GateExpectations) -> Bool { expectations.after != nil }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    let place = question.expectations.after ?? ""
    return evidence.rehearsal(
      question, age: RollbackWasRehearsed.age, fix: Self.fix,
      steps: ["migrated-empty", "backup-verified", "answered"],
      what: "of the first release on '\(place)'"
    ) { $0.kind == .firstRelease && $0.environment == place }
  }
}

extension EvidenceSet {
  /// The newest signed rehearsal of this release that is of the wanted kind.
  fileprivate func rehearsal(
    _ question: GateQuestion, age: Duration, fix: String, steps: [String], what: String,
    _ isWanted: (Rehearsal) -> Bool
  ) -> Ruling {
    var best: Evidence<Rehearsal>?
    var problem: String?
    for sight in rehearsals {
      switch sight {
      case .seen(let seen):
        guard isWanted(seen.value), seen.commit == question.record.commit else { continue }
        if best.map({ $0.made < seen.made }) ?? true { best = seen }
      case .missing(let clause), .unreadable(let clause): problem = problem ?? clause
      }
    }
    guard let best else {
      let reason = problem.map { "; what cannot be used: \($0)" } ?? ""
      return .unproven("there is no signed rehearsal \(what)\(reason)", fix: fix)
    }
    if let doubt = question.doubt(
      best, "the rehearsal \(what)", of: question.record.commit, within: age, fix: fix)
    {
      return doubt
    }
    let missing = steps.filter { !best.value.steps.contains($0) }
    guard missing.isEmpty else {
      return .fail("the rehearsal \(what) did not get through: \(missing.listed())", fix: fix)
    }
    return .pass("rehearsed \(what) on '\(best.value.environment)' at \(best.made.text)")
  }
}
