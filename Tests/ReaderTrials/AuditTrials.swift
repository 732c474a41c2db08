import SlipwayAudit
import SlipwayDiagnostics

extension Trial {
  /// What the audit makes of a file by its name; the rules look at each, too.
  package static let audited: [Trial] = [
    audit("compose", "compose.yml"),
    audit("nginx", "nginx/nginx.conf"),
    audit("prometheus", "prometheus/prometheus.yml"),
    audit("alerts", "prometheus/rules/alerts.yml"),
    audit("alertmanager", "alertmanager/alertmanager.yml"),
    audit("dashboard", "grafana/dashboards/overview.json"),
    audit("workflow", ".github/workflows/deploy.yml"),
    audit("dockerfile", "Dockerfile"),
    audit("dotenv", ".env"),
    audit("shell", "deploy.sh"),
    audit("source", "app.py"),
  ]

  /// A finding or a note far behind the end of its file would be shown by no editor. A carriage
  /// return counts as an end of a line of its own, as readers of YAML take it.
  private static func audit(_ name: String, _ path: String) -> Trial {
    Trial("audit-\(name)") { bytes in
      let report = Audit.run([AuditedFile(path: path, shown: path, bytes: bytes)])
      let last = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
      let lines = report.findings.compactMap { $0.lands?.line } + report.notes.map(\.spot.line)
      precondition(lines.allSatisfy { $0 > 0 && $0 <= last }, "a line outside of the file")
      // What is not understood is a note; the audit refuses nothing.
      guard report.notes.isEmpty else { throw Refused() }
    }
  }
}
