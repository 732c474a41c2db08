import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The dashboard that an alert leads to is one that is generated, and Grafana asks the Prometheus
/// that there is. Looks at the bytes. (C-24)
package enum LinksLeadToDashboards: Rule {
  package static let id = "alerts/links-lead-to-dashboards"
  package static let why = "who is woken follows the link first, and it shows nothing"
  package static let fix = "this is a defect of the generator: please report the alert"
  package static let source = ["C-24"]

  package static let breakers: [Breaker] = [
    .file(
      "a dashboard under another name", "grafana/dashboards/overview.json",
      replacing: "\"uid\": \"shop-overview\"", with: "\"uid\": \"shop-outlook\""),
    .file(
      "a source that is no service", "grafana/provisioning/datasources/prometheus.yml",
      replacing: "url: http://prometheus:", with: "url: http://prometheuz:"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let folder = subject.environment.folder + "grafana/dashboards/"
    let ids = subject.files.filter { $0.path.hasPrefix(folder) }.compactMap { file in
      (try? JSONReader.read(file.text).root)?["uid"]?.string
    }
    let dangling = subject.yamls(in: "prometheus/rules").flatMap { file in
      AlertRule.all(in: file.tree).compactMap { alert -> Violation? in
        guard let link = alert.annotations["dashboard"], let path = link.firstRange(of: "/d/"),
          let id = link[path.upperBound...].split(whereSeparator: { "/?".contains($0) }).first,
          !ids.contains(String(id))
        else { return nil }
        return Violation(.dangling(alert.name, String(id)), lands: file.landing(line: alert.line))
      }
    }
    return dangling + sources(subject)
  }

  private static func sources(_ subject: Subject) -> [Violation] {
    guard let file = subject.yaml("grafana/provisioning/datasources/prometheus.yml") else {
      return []
    }
    return (file.tree["datasources"]?.list ?? []).compactMap { source in
      guard let url = source["url"]?.scalarText,
        let match = url.wholeMatch(of: #/https?://([a-z0-9-]+):(\d+).*/#)
      else { return nil }
      let service = subject.environment.service(String(match.output.1))
      let isServed = service?.ports.contains { String($0.number) == match.output.2 } ?? false
      return isServed
        ? nil
        : Violation(.silent(url), lands: file.landing(line: source["url"]?.start.line ?? 1))
    }
  }
}

extension String {
  fileprivate static func dangling(_ alert: String, _ id: String) -> String {
    "alert '\(alert)' leads to dashboard '\(id)', which is not generated"
  }
  fileprivate static func silent(_ url: String) -> String {
    "Grafana would ask '\(url)', where nobody listens"
  }
}
