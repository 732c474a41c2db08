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
    let ids = Set(subject.jsons(in: "grafana/dashboards").compactMap { $0.tree["uid"]?.string })
    let dangling = subject.alertFiles.flatMap { file, alerts in
      alerts.compactMap { alert -> Violation? in
        guard let link = alert.annotations["dashboard"],
          let id = mark.words(after: link, while: { $0 != slash && $0 != question })
            .first(where: { !$0.isEmpty }),
          !ids.contains(id)
        else { return nil }
        return Violation(.dangling(alert.name, id), lands: file.landing(line: alert.line))
      }
    }
    return dangling + sources(subject)
  }

  /// What stands in front of a dashboard's id.
  private static let mark = ByteSearch("/d/")
  private static let slash = UInt8(ascii: "/")
  private static let question = UInt8(ascii: "?")

  private static func sources(_ subject: Subject) -> [Violation] {
    guard let file = subject.yaml("grafana/provisioning/datasources/prometheus.yml") else {
      return []
    }
    return (file.tree["datasources"]?.list ?? []).compactMap { source in
      guard let url = source["url"]?.scalarText, let (host, port) = listener(of: url) else {
        return nil
      }
      let service = subject.environment.service(host)
      let isServed = service?.ports.contains { String($0.number) == port } ?? false
      return isServed
        ? nil
        : Violation(.silent(url), lands: file.landing(line: source["url"]?.start.line ?? 1))
    }
  }

  /// Host and port of `http://host:port/…`; an address without a port names no service of ours.
  private static func listener(of url: String) -> (host: String, port: String)? {
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
    let parts = url.dropFirst(scheme.count).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty,
      parts[0].utf8.allSatisfy({ $0.isSmallOrDigit || $0.isHyphen })
    else { return nil }
    let port = parts[1].prefix { ("0"..."9").contains($0) }
    return port.isEmpty ? nil : (String(parts[0]), String(port))
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
