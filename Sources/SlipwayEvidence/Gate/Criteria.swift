/// All conditions, in the order in which they are printed. A new one is one line here and one page
/// of `docs/gate.md`.
package enum Criteria {
  package static let all: [any Criterion] = [
    ReleaseIsRecorded(), TestsPass(), TestsCoverTheCode(), CapsAreProved(),
    FormIsKept(), NoSecretsLeak(), NoKnownVulnerabilities(),
    LockIsComplete(), DebugIsOff(), LimitsAreSet(), SecretsAreStrong(), NodesAreFit(),
    CertificatesAreValid(), SchemaFits(),
    BackupsAreVerified(), ReplicasAnswer(),
    TargetsAreUp(), RollbackWasRehearsed(), FirstReleaseWasRehearsed(), PeopleSignedOff(),
  ]

  /// Those that this gate asks here of this environment.
  package static func asked(_ question: GateQuestion) -> [any Criterion] {
    all.filter { criterion in
      criterion.kinds.contains(question.kind) && criterion.seats.contains(question.seat)
        && criterion.applies(to: question.expectations)
    }
  }
}
