import Fixtures
import ServiceContract
import Slipway
import SlipwayEvidence
import SlipwayModel

/// The ten criteria of the deployment document.
extension HardStopCase {
  static let deployment: [HardStopCase] =
    health + pipeline + images + workingBackups + rollback + certificates + leaks + monitoring
    + limits + caps

  /// Every case of the table, in the order of its criteria.
  package static let all = preparation + deployment + service

  private static let deploy = ".github/workflows/deploy.yml"

  private static let health: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-01", level: .deploy, stoppedBy: "health/replicas-answer",
      broken: "a replica is ill",
      attempt: .evidence {
        $0.evidence.replicas = GateScene.ofNow([
          ReplicaFact(service: "backend", node: "app-1", isHealthy: false, build: GateScene.before)
        ])
      }),
    HardStopCase(
      criterion: "S18-HS-01", level: .compile, stoppedBy: "",
      broken: "a component says nothing of its health",
      attempt: .snippet("a component without a health check")),
    HardStopCase(
      criterion: "S18-HS-01", level: .audit, stoppedBy: "health/every-service-is-probed",
      broken: "a check that is switched off", attempt: .breaker),
  ]

  private static let pipeline: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-02", level: .deploy, stoppedBy: "tests/pass", broken: "no test ran",
      attempt: .evidence {
        $0.expectations.capProofs = []
        $0.evidence.tests = GateScene.ofBuild(GateScene.tests(passed: [:]))
      }),
    HardStopCase(
      criterion: "S18-HS-02", level: .audit, stoppedBy: "workflows/checks-stop-the-run",
      broken: "the tests may fail",
      attempt: .text(
        path: deploy, replacing: "        make test\n", with: "        make test || true\n")),
  ]

  private static let images: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-03", level: .deploy, stoppedBy: "supply/no-known-vulnerabilities",
      broken: "an image has a high one",
      attempt: .evidence {
        let finding = ScanReport.Finding(
          id: "CVE-2026-2", component: "libssl3@3.0", severity: .high, fixedIn: "3.1")
        $0.evidence.scans[1] = GateScene.scan(digests: [GateScene.digest], [finding])
      }),
    HardStopCase(
      criterion: "S18-HS-03", level: .audit, stoppedBy: "workflows/scans-can-fail",
      broken: "the scanner ends well whatever it finds",
      attempt: .text(path: deploy, replacing: "--exit-code 1 ", with: "")),
  ]

  private static let workingBackups: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-04", level: .deploy, stoppedBy: "backups/are-restore-verified",
      broken: "no copy was restored for two days",
      attempt: .evidence {
        $0.evidence.backup = GateScene.ofNow(
          BackupFact(newest: GateScene.ago(hours: 10), verified: GateScene.ago(hours: 48)))
      }),
    HardStopCase(
      criterion: "S18-HS-04", level: .compile, stoppedBy: "",
      broken: "copies have no place to go", attempt: .snippet("backups that are kept nowhere")),
    HardStopCase(
      criterion: "S18-HS-04", level: .generate, stoppedBy: "spec/backups-can-run",
      broken: "copies are taken on a machine that there is not",
      attempt: .value {
        AnyEnvironment(
          ShopEnvironments.production(backups: ShopEnvironments.nightly(on: "data-9")))
      }),
    HardStopCase(
      criterion: "S18-HS-04", level: .audit, stoppedBy: "backups/are-taken",
      broken: "a timer that never runs", attempt: .breaker),
  ]

  private static let rollback: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-05", level: .deploy, stoppedBy: "release/rollback-was-rehearsed",
      broken: "nobody rehearsed this pair",
      attempt: .evidence { $0.evidence.rehearsals = [] }),
    HardStopCase(
      criterion: "S18-HS-05", level: .generate, stoppedBy: "delivery/releases-can-go-back",
      broken: "an image that no release record names", attempt: .breaker),
    HardStopCase(
      criterion: "S18-HS-05", level: .audit, stoppedBy: "delivery/releases-can-go-back",
      broken: "a deployment that forgets what ran before", attempt: .breaker),
  ]

  private static let certificates: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-06", level: .deploy, stoppedBy: "edge/certificates-are-valid",
      broken: "the certificate ended an hour ago",
      attempt: .evidence {
        $0.evidence.certificates = GateScene.ofNow([
          CertificateFact(
            node: "edge-1", names: ["shop.example"], notBefore: GateScene.ago(hours: 2000),
            notAfter: GateScene.ago(hours: 1))
        ])
      }),
    HardStopCase(
      criterion: "S18-HS-06", level: .compile, stoppedBy: "edge/has-a-trusted-certificate",
      broken: "production signs its own",
      attempt: .snippet("a self-signed certificate in production")),
    HardStopCase(
      criterion: "S18-HS-06", level: .audit, stoppedBy: "edge/public-names-are-certified",
      broken: "a name that no certificate covers", attempt: .breaker),
  ]

  private static let leaks: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-07", level: .compile, stoppedBy: "",
      broken: "text is made of a secret's value", attempt: .snippet("the value of a secret")),
    HardStopCase(
      criterion: "S18-HS-07", level: .audit, stoppedBy: "secrets/stay-out-of-the-environment",
      broken: "a password in a variable", attempt: .breaker),
    HardStopCase(
      criterion: "S18-HS-07", level: .deploy, stoppedBy: "supply/no-known-vulnerabilities",
      broken: "the scan of sources found a key",
      attempt: .evidence {
        let finding = ScanReport.Finding(
          id: "aws-access-key-id", component: "", severity: .critical, fixedIn: nil)
        $0.evidence.scans[0] = GateScene.scan(digests: [], [finding])
      }),
  ]

  private static let monitoring: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-08", level: .generate, stoppedBy: "scrapes/reach-listeners",
      broken: "a target without a service", attempt: .breaker),
    HardStopCase(
      criterion: "S18-HS-08", level: .compile, stoppedBy: "", broken: "nobody is woken",
      attempt: .snippet("nobody is woken")),
    HardStopCase(
      criterion: "S18-HS-08", level: .audit, stoppedBy: "alerts/severities-reach-receivers",
      broken: "a severity without a route", attempt: .breaker),
    HardStopCase(
      criterion: "S18-HS-08", level: .deploy, stoppedBy: "monitoring/targets-are-up",
      broken: "a target does not answer",
      attempt: .evidence {
        $0.evidence.targets = GateScene.ofNow([
          TargetFact(job: "backend", instance: "a", isUp: false)
        ])
      }),
  ]

  private static let limits: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-09", level: .compile, stoppedBy: "", broken: "a run without a limit",
      attempt: .snippet("a component without a limit")),
    HardStopCase(
      criterion: "S18-HS-09", level: .generate, stoppedBy: "spec/reserve-fits-the-limit",
      broken: "more is kept free than may be used",
      attempt: .value {
        AnyEnvironment(
          ShopEnvironments.production(backendReserve: .cpus(1, memory: .gibibytes(4))))
      }),
    HardStopCase(
      criterion: "S18-HS-09", level: .audit, stoppedBy: "capacity/every-service-is-limited",
      broken: "no limit of memory", attempt: .breaker),
    HardStopCase(
      criterion: "S18-HS-09", level: .deploy, stoppedBy: "capacity/limits-are-set",
      broken: "somebody took a limit out of the stack on the machine that deploys",
      attempt: .evidence {
        $0.evidence.stack = GateScene.ofNow(
          StackFact(services: [.init(name: "backend", unlimited: ["memory"])]))
      }),
  ]

  private static let caps: [HardStopCase] = [
    HardStopCase(
      criterion: "S18-HS-10", level: .compile, stoppedBy: "", broken: "a cap is given a new value",
      attempt: .snippet("a hard cap that is raised")),
    HardStopCase(
      criterion: "S18-HS-10", level: .generate, stoppedBy: "risk/caps-only-tighten",
      broken: "a value above its cap", attempt: .breaker),
    HardStopCase(
      criterion: "S18-HS-10", level: .deploy, stoppedBy: "tests/caps-are-proved",
      broken: "the tests of the caps did not run",
      attempt: .evidence {
        $0.evidence.tests = GateScene.ofBuild(GateScene.tests(passed: ["OtherTests": 10]))
      }),
  ]
}
