import Fixtures
import ServiceContract
import Slipway
import SlipwayEvidence
import SlipwayModel

/// The ten criteria of the preparation document.
extension HardStopCase {
  static let preparation: [HardStopCase] =
    tests + coverage + secrets + vulnerabilities + schema + debug + tokenKey + backups + wayBack
    + readiness

  private static let deploy = ".github/workflows/deploy.yml"

  private static let tests: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-01", level: .deploy, stoppedBy: "tests/pass", broken: "one test failed",
      attempt: .evidence {
        $0.evidence.tests = GateScene.ofBuild(GateScene.tests(failed: ["OtherTests.A/b()"]))
      }),
    HardStopCase(
      criterion: "S17-HS-01", level: .audit, stoppedBy: "workflows/deploys-wait-for-tests",
      broken: "no job waits for the tests",
      attempt: .text(path: deploy, replacing: "    - test\n", with: "")),
  ]

  private static let coverage: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-02", level: .deploy, stoppedBy: "tests/cover-the-code",
      broken: "79 of 100 lines ran",
      attempt: .evidence {
        $0.evidence.coverage = GateScene.ofBuild(
          CoverageReport(files: [.init(path: "Sources/A.swift", lines: 100, covered: 79)]))
      }),
    HardStopCase(
      criterion: "S17-HS-02", level: .compile, stoppedBy: "",
      broken: "a project states a lower floor",
      attempt: .snippet("a coverage floor below 80 percent")),
    HardStopCase(
      criterion: "S17-HS-02", level: .audit, stoppedBy: "delivery/coverage-is-asked",
      broken: "a lower floor", attempt: .breaker),
  ]

  private static let secrets: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-03", level: .compile, stoppedBy: "secrets/have-a-source",
      broken: "production makes its secrets up",
      attempt: .snippet("made-up secrets in production")),
    HardStopCase(
      criterion: "S17-HS-03", level: .generate, stoppedBy: "secrets/reach-their-readers",
      broken: "a secret that nobody hands over", attempt: .breaker),
    HardStopCase(
      criterion: "S17-HS-03", level: .audit, stoppedBy: "secrets/reach-their-readers",
      broken: "a secret mounted where nobody looks", attempt: .breaker),
    HardStopCase(
      criterion: "S17-HS-03", level: .deploy, stoppedBy: "secrets/are-present-and-strong",
      broken: "a secret is not at its source",
      attempt: .evidence {
        $0.evidence.secrets = GateScene.ofNow(SecretFacts(faults: ["JWT_KEY": .missing]))
      }),
  ]

  private static let vulnerabilities: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-04", level: .deploy, stoppedBy: "supply/no-known-vulnerabilities",
      broken: "a library of the sources has a critical one",
      attempt: .evidence {
        let finding = ScanReport.Finding(
          id: "CVE-2026-1", component: "zlib@1.2", severity: .critical, fixedIn: nil)
        $0.evidence.scans[0] = GateScene.scan(digests: [], [finding])
      }),
    HardStopCase(
      criterion: "S17-HS-04", level: .audit, stoppedBy: "workflows/checks-stop-the-run",
      broken: "the scan of sources counts for nothing",
      attempt: .text(
        path: deploy, replacing: "  security:\n",
        with: "  security:\n    continue-on-error: true\n")),
  ]

  private static let schema: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-05", level: .deploy, stoppedBy: "database/schema-fits",
      broken: "the database is a migration behind",
      attempt: .evidence {
        $0.evidence.schema = GateScene.ofNow(SchemaFact(applied: "0040", serves: ["0040"]))
      }),
    HardStopCase(
      criterion: "S17-HS-05", level: .generate, stoppedBy: "database/schema-is-migrated",
      broken: "nobody migrates", attempt: .breaker),
  ]

  private static let debug: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-06", level: .compile, stoppedBy: "",
      broken: "production asks for details of faults", attempt: .snippet("debug in production")),
    HardStopCase(
      criterion: "S17-HS-06", level: .audit, stoppedBy: "configuration/debug-stays-in-development",
      broken: "the level", attempt: .breaker),
    HardStopCase(
      criterion: "S17-HS-06", level: .deploy, stoppedBy: "configuration/debug-is-off",
      broken: "somebody edited the stack on the machine that deploys",
      attempt: .evidence {
        $0.evidence.stack = GateScene.ofNow(
          StackFact(services: [.init(name: "backend", debugging: ["LOG_LEVEL"])]))
      }),
  ]

  private static let tokenKey: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-07", level: .compile, stoppedBy: "",
      broken: "production states the key itself", attempt: .snippet("a token key as a setting")),
    HardStopCase(
      criterion: "S17-HS-07", level: .generate, stoppedBy: "secrets/are-long-enough",
      broken: "a key of 31 characters", attempt: .breaker),
    HardStopCase(
      criterion: "S17-HS-07", level: .deploy, stoppedBy: "secrets/are-present-and-strong",
      broken: "the key at its source has 31 characters",
      attempt: .evidence {
        $0.evidence.secrets = GateScene.ofNow(
          SecretFacts(faults: ["JWT_KEY": .tooWeak(bits: 124, needed: 256)]))
      }),
  ]

  private static let backups: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-08", level: .compile, stoppedBy: "backups/are-taken",
      broken: "production takes none", attempt: .snippet("no backups in production")),
    HardStopCase(
      criterion: "S17-HS-08", level: .generate, stoppedBy: "spec/backups-are-kept",
      broken: "copies are kept for a week",
      attempt: .value {
        AnyEnvironment(
          ShopEnvironments.production(backups: ShopEnvironments.nightly(keep: .days(7))))
      }),
    HardStopCase(
      criterion: "S17-HS-08", level: .audit, stoppedBy: "backups/are-taken", broken: "no timer",
      attempt: .breaker),
    HardStopCase(
      criterion: "S17-HS-08", level: .deploy, stoppedBy: "backups/are-restore-verified",
      broken: "the newest copy is of the day before yesterday",
      attempt: .evidence {
        $0.evidence.backup = GateScene.ofNow(
          BackupFact(newest: GateScene.ago(hours: 40), verified: GateScene.ago(hours: 9)))
      }),
  ]

  private static let wayBack: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-09", level: .deploy, stoppedBy: "release/rollback-was-rehearsed",
      broken: "the rehearsal did not get back",
      attempt: .evidence { $0.evidence.rehearsals = [GateScene.rehearsal(steps: [])] }),
    HardStopCase(
      criterion: "S17-HS-09", level: .generate, stoppedBy: "delivery/releases-can-go-back",
      broken: "an image that no release record names", attempt: .breaker),
    HardStopCase(
      criterion: "S17-HS-09", level: .audit, stoppedBy: "delivery/releases-can-go-back",
      broken: "a roll that goes on when it fails", attempt: .breaker),
  ]

  private static let readiness: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-10", level: .deploy, stoppedBy: "cluster/nodes-are-fit",
      broken: "nobody asked the nodes",
      attempt: .evidence { $0.evidence.nodes = .missing("there is no 'nodes.json'") }),
    HardStopCase(
      criterion: "S17-HS-10", level: .audit, stoppedBy: "delivery/gate-is-asked",
      broken: "a refusal that is only said", attempt: .breaker),
  ]
}
