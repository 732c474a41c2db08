import ServiceContract
package import SlipwayEvidence
package import SlipwayModel

/// A release for which everything speaks; an attempt changes one thing.
package struct GateScene: Sendable {
  package static let commit = String(repeating: "a", count: 40)
  package static let before = String(repeating: "b", count: 40)
  /// 2026-11-21T12:00:00Z
  package static let noon = PointInTime(seconds: 1_795_262_400)
  package static let digest = "sha256:" + String(repeating: "1", count: 64)

  package var expectations = Self.expected
  package var evidence = Self.everything
  private static let record = ReleaseRecord(
    commit: commit, created: ago(hours: 1), schema: "0042", previous: before,
    images: [.init(variable: "SHOP_BACKEND_IMAGE", reference: "registry.example/shop@\(digest)")])

  package init() {}

  package static func ago(hours: Int) -> PointInTime {
    PointInTime(seconds: noon.seconds - hours * 3600)
  }

  /// What the gate on the cluster says.
  package var report: GateReport {
    GateReport(
      GateQuestion(
        expectations, kind: .release, seat: .cluster, record: Self.record,
        running: ReleaseRecord(
          commit: Self.before, created: Self.ago(hours: 100), schema: "0041"), now: Self.noon),
      evidence)
  }

  package static func ofBuild<Value>(_ value: Value) -> Sight<Value> {
    .seen(Evidence(value, commit: commit, made: ago(hours: 1), source: "run 812"))
  }

  package static func ofNow<Value>(_ value: Value) -> Sight<Value> {
    .seen(Evidence(value, commit: nil, made: noon, source: "the cluster"))
  }

  private static let expected: GateExpectations = {
    var expected = GateExpectations(environment: "prod", stage: .production, project: "shop")
    expected.after = "staging"
    expected.capProofs = ["RiskTests"]
    expected.images = [
      ImageExpectation(service: "backend", origin: .release("SHOP_BACKEND_IMAGE"))
    ]
    expected.secrets.keys = [.init(name: "JWT_KEY", form: .random, bits: 256)]
    expected.names = ["shop.example"]
    expected.services = [ServiceExpectation(name: "backend", replicas: 1, isOurs: true)]
    expected.scrapes = [ScrapeExpectation(job: "backend", targets: 1)]
    expected.nodes = [
      NodeExpectation(
        name: "edge-1", isManager: true, labels: ["edge"], milliCPUs: 4000, memory: .gibibytes(8),
        platform: "linux/amd64")
    ]
    expected.backupMetric = "shop_backup_last_verified_timestamp_seconds"
    expected.hasSchema = true
    expected.roles = ["security"]
    return expected
  }()

  private static let everything: EvidenceSet = {
    var set = EvidenceSet()
    set.tests = ofBuild(tests())
    set.coverage = ofBuild(
      CoverageReport(files: [.init(path: "Sources/A.swift", lines: 10, covered: 9)]))
    set.scans = [scan(digests: []), scan(digests: [digest])]
    set.form = ofBuild(FormReport(checks: [.init(name: "shfmt", files: 1, findings: 0)]))
    set.leaks = ofBuild([ScanReport(scanner: "slipway", digests: [], findings: [])])
    set.stack = ofNow(StackFact(services: [.init(name: "backend")]))
    set.secrets = ofNow(SecretFacts())
    set.nodes = ofNow([
      NodeFact(
        name: "edge-1", isManager: true, labels: ["edge"], milliCPUs: 4000, memory: .gibibytes(8),
        platform: "linux/amd64")
    ])
    set.certificates = ofNow([
      CertificateFact(
        node: "edge-1", names: ["shop.example"], notBefore: ago(hours: 24),
        notAfter: ago(hours: -24 * 60))
    ])
    set.schema = ofNow(SchemaFact(applied: "0041", serves: ["0041", "0042"]))
    set.backup = ofNow(BackupFact(newest: ago(hours: 10), verified: ago(hours: 9)))
    set.replicas = ofNow([ReplicaFact(service: "backend", node: "app-1", build: before)])
    set.targets = ofNow([TargetFact(job: "backend", instance: "a")])
    set.rehearsals = [rehearsal(steps: ["rolled-back", "answered"])]
    set.signOffs = [
      ofBuild(
        SignOff(role: "security", by: "A. Person", environment: "prod", expires: ago(hours: -24)))
    ]
    return set
  }()
}

// MARK: - Pieces of evidence

extension GateScene {
  package static func tests(
    failed: [String] = [], passed: [String: Int] = ["RiskTests": 90, "OtherTests": 10]
  ) -> TestReport {
    var report = TestReport()
    report.tests = passed.values.reduce(failed.count, +)
    report.failures = failed.count
    report.failed = failed
    report.passed = passed
    return report
  }

  package static func scan(
    digests: [String], _ findings: [ScanReport.Finding] = []
  ) -> Sight<[ScanReport]> {
    ofBuild([ScanReport(scanner: "Trivy", digests: digests, findings: findings)])
  }

  package static func rehearsal(steps: [String]) -> Sight<Rehearsal> {
    ofBuild(Rehearsal(kind: .rollback, environment: "staging", to: before, steps: steps))
  }
}
