package import SlipwayModel

/// Everything that was seen, before anybody judges it.
package struct EvidenceSet: Sendable {
  package var tests: Sight<TestReport> = .missing("nobody looked for a test report")
  package var coverage: Sight<CoverageReport> = .missing("nobody looked for a coverage report")
  package var form: Sight<FormReport> = .missing("nobody looked for the linters' report")
  package var leaks: Sight<[ScanReport]> = .missing("nobody looked for a leak report")
  package var lock: Sight<ImageLock> = .missing("nobody looked for a lock file")

  package var stack: Sight<StackFact> = .missing("nobody looked at the stack")

  /// One of each file of a scanner; one that says what is missing if there is none.
  package var scans: [Sight<[ScanReport]>] = [.missing("nobody looked for a scanner's report")]
  /// What was signed about findings; one that cannot be used covers nothing.
  package var statements: [Sight<VEXDocument>] = []

  package var nodes: Sight<[NodeFact]> = .missing("nobody asked the nodes")
  package var replicas: Sight<[ReplicaFact]> = .missing("nobody asked the replicas")
  package var targets: Sight<[TargetFact]> = .missing("nobody asked Prometheus")
  package var schema: Sight<SchemaFact> = .missing("nobody asked the database")
  package var backup: Sight<BackupFact> = .missing("nobody looked for a backup")
  package var secrets: Sight<SecretFacts> = .missing("nobody asked the source of secrets")
  package var certificates: Sight<[CertificateFact]> = .missing("nobody asked the edge nodes")
  package var rehearsals: [Sight<Rehearsal>] = []
  package var signOffs: [Sight<SignOff>] = []
  /// The record of the release that is gone back to, as it was kept when it was verified here.
  package var kept: ReleaseRecord?

  package init() {}
}
