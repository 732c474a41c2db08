import Foundation
import SlipwayAudit
import SlipwayDiagnostics
import TestSupport
import Testing

/// The rules over what this repository generates: nothing is found, and every cut edge is.
struct OwnOutputTests {
  /// The files of one environment, as an audit of its folder sees them.
  static func files(_ environment: String) -> [AuditedFile] {
    let root = URL(fileURLWithPath: packageRoot + "/generated" + environment)
      .resolvingSymlinksInPath().path
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.sorted().compactMap { name in
      FileManager.default.contents(atPath: root + "/" + name).map {
        AuditedFile(path: name, shown: name, bytes: Array($0))
      }
    }
  }

  @Test(arguments: ["/dev", "/staging", "/prod", ""])
  func `nothing is found in generated files`(environment: String) {
    let files = Self.files(environment)
    #expect(files.count > 20)
    let report = Audit.run(files)
    #expect(report.findings.map(\.line) == [])
    #expect(report.understood > 20)
  }

  /// A cut: a text of a file of prod that names something, and what is written in its place.
  struct Cut: Sendable, CustomStringConvertible {
    let path: String
    let old: String
    let new: String
    let rule: String
    var description: String { "\(rule): \(old)" }
  }

  static let cuts: [Cut] = [
    Cut(
      path: "docker-compose.yml", old: "    networks:\n    - front\n",
      new: "    networks:\n    - gone\n",
      rule: "references/stack-names-are-declared"),
    Cut(
      path: "docker-compose.yml", old: "- source: jwt-secret-key\n", new: "- source: gone\n",
      rule: "references/stack-names-are-declared"),
    Cut(
      path: "docker-compose.yml", old: "- source: nginx-nginx-conf\n", new: "- source: gone\n",
      rule: "references/stack-names-are-declared"),
    Cut(
      path: "docker-compose.yml", old: "  backend:\n    image", new: "  gone:\n    image",
      rule: "references/targets-are-services"),
    Cut(
      path: "docker-compose.yml", old: "  backend:\n    image", new: "  gone:\n    image",
      rule: "references/upstreams-are-services"),
    Cut(
      path: "prometheus/prometheus.yml", old: "    - backend\n", new: "    - gone\n",
      rule: "references/targets-are-services"),
    Cut(
      path: "prometheus/prometheus.yml", old: "      - alertmanager\n", new: "      - gone\n",
      rule: "references/targets-are-services"),
    Cut(
      path: "prometheus/prometheus.yml", old: "    port: 9090\n", new: "    port: 9999\n",
      rule: "monitoring/targets-listen"),
    Cut(
      path: "prometheus/prometheus.yml", old: "- job_name: backend\n", new: "- job_name: gone\n",
      rule: "monitoring/queried-jobs-are-scraped"),
    Cut(
      path: "alertmanager/alertmanager.yml", old: "receivers:\n- name: ",
      new: "receivers:\n- name: x",
      rule: "alerts/routes-lead-to-receivers"),
    Cut(
      path: "grafana/provisioning/datasources/prometheus.yml", old: "uid: ", new: "uid: x",
      rule: "dashboards/datasources-exist"),
    Cut(
      path: "prometheus/rules/critical.yml", old: "severity: critical", new: "urgency: critical",
      rule: "alerts/every-alert-has-a-severity"),
    Cut(
      path: "nginx/nginx.conf", old: "server backend:8000", new: "server backend:8001",
      rule: "references/upstreams-are-services"),
  ]

  @Test(arguments: cuts)
  func `a cut edge is found`(cut: Cut) throws {
    var files = Self.files("/prod")
    let index = try #require(files.firstIndex { $0.path == cut.path })
    let text = String(decoding: files[index].bytes ?? [], as: UTF8.self)
    let range = try #require(text.range(of: cut.old), "'\(cut.old)' does not stand there")
    files[index] = AuditedFile(
      path: cut.path, shown: cut.path,
      bytes: Array(text.replacingCharacters(in: range, with: cut.new).utf8))
    let rules = Set(Audit.run(files).findings.map(\.rule))
    #expect(rules.contains(cut.rule), "\(rules.sorted())")
  }
}

extension Finding {
  /// On one line, for failures of tests.
  var line: String { "\(rule) \(lands?.path ?? ""):\(lands?.line ?? 0) \(message)" }
}
