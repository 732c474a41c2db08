import PromQL
import SlipwayAudit
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEvidence
import SlipwayLeaks
import SlipwayModel

/// A reader of bytes that somebody else wrote. Whatever they are, it answers or refuses: it does not
/// crash, it ends, and what it keeps is bounded by what it was given.
package enum Trial: String, CaseIterable, Sendable {
  // Forms of documents.
  case yaml, json, nginx, dockerfile, dotenv, promql, template
  // What the audit makes of a file by its name; the rules look at each, too.
  case auditCompose = "audit-compose", auditNginx = "audit-nginx"
  case auditPrometheus = "audit-prometheus", auditAlerts = "audit-alerts"
  case auditAlertmanager = "audit-alertmanager", auditDashboard = "audit-dashboard"
  case auditWorkflow = "audit-workflow", auditDockerfile = "audit-dockerfile"
  case auditDotenv = "audit-dotenv", auditShell = "audit-shell", auditSource = "audit-source"
  // Evidence.
  case tests, coverage, form, sarif, trivy, vex, release, stack, expectations, nodes, replicas
  case migrations, targets, metric, certificates, rehearsal, signers, signature
  case signOff = "sign-off", secretPlan = "secret-plan"
  // What a registry answers, what is pinned, and what may be a secret.
  case manifest, challenge, lock, leaks
}

extension Trial {
  /// Reads once. What it says of the bytes does not matter here.
  package func run(_ bytes: [UInt8]) {
    switch self {
    case .yaml: _ = try? YAMLReader.readAll(bytes: bytes)
    case .json: _ = try? JSONReader.read(bytes: bytes)
    case .nginx: _ = try? NginxReader.read(bytes: bytes)
    case .dockerfile: _ = try? DockerfileReader.read(bytes: bytes)
    case .dotenv: _ = try? DotenvReader.read(bytes: bytes)
    case .promql: _ = try? PromQL.Parser.parse(Self.text(bytes))
    case .template: _ = Template(path: "trial", text: Self.text(bytes)).render([:])
    case .manifest: _ = try? Manifest.read(bytes)
    case .challenge: _ = Challenge.read(Self.text(bytes))
    case .lock: _ = ImageLock.read(Self.text(bytes), path: "Lock.json")
    case .leaks: _ = LeakScanner().leaks(in: bytes, path: "trial.env")
    default:
      if let path = auditedPath { audit(bytes, path) } else { readEvidence(bytes) }
    }
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// The name under which the audit takes a file for what this trial is about.
  private var auditedPath: String? {
    switch self {
    case .auditCompose: "compose.yml"
    case .auditNginx: "nginx/nginx.conf"
    case .auditPrometheus: "prometheus/prometheus.yml"
    case .auditAlerts: "prometheus/rules/alerts.yml"
    case .auditAlertmanager: "alertmanager/alertmanager.yml"
    case .auditDashboard: "grafana/dashboards/overview.json"
    case .auditWorkflow: ".github/workflows/deploy.yml"
    case .auditDockerfile: "Dockerfile"
    case .auditDotenv: ".env"
    case .auditShell: "deploy.sh"
    case .auditSource: "app.py"
    default: nil
    }
  }

  /// Every finding and note has a line that the file has, else an editor shows it nowhere.
  private func audit(_ bytes: [UInt8], _ path: String) {
    let report = Audit.run([AuditedFile(path: path, shown: path, bytes: bytes)])
    let last = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
    let lines = report.findings.compactMap { $0.lands?.line } + report.notes.map(\.spot.line)
    precondition(lines.allSatisfy { $0 > 0 && $0 <= last }, "a line outside of the file")
  }
}
