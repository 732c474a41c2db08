import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every address that monitoring tells people is one that answers: the declared operations address,
/// or a path of the site that the edge has a location for.
package enum LinksLeadSomewhere: Rule {
  package static let id = "alerts/links-lead-somewhere"
  package static let why = "whoever follows a link at night finds nothing, and starts to search"
  package static let fix =
    "let it begin with the address of `reachedBy:`, or add a location to the edge"
  package static let source = ["S18-INC-05", "S18-DC-19"]
  package static let implies = ["stack/settings-are-written", "stack/services-are-written"]

  package static let breakers: [Breaker] = [
    .model("Alertmanager under the public name") { environment in
      let site = environment.edge?.names.site ?? ""
      environment.edit("alertmanager") { service in
        service.command = ["--web.external-url=https://\(site)/alertmanager"]
      }
    },
    .model("Grafana without an address of its own") { environment in
      environment.edit("grafana") { service in
        service.environment = [EnvironmentEntry("GF_SERVER_ROOT_URL", "http://grafana:3000/")]
      }
    },
    .file(
      "a link without a name", "prometheus/rules/warning.yml",
      replacing: "dashboard: http://localhost:3000/", with: "dashboard: /"),
    .without("nobody hands it on", OperationsPart.file),
  ]

  private static let flag = "--web.external-url="
  private static let variable = "GF_SERVER_ROOT_URL"

  package static func check(_ subject: Subject) -> [Violation] {
    let services = subject.environment.services.flatMap { service -> [Violation] in
      let flags = service.command.filter { $0.hasPrefix(flag) }.map {
        (String($0.dropFirst(flag.count)), service.written(.command))
      }
      let variables = service.environment.filter { $0.key == variable }.map {
        ($0.value, $0.origins)
      }
      return (flags + variables).filter { !answers($0.0, subject) }.map { address, origins in
        Violation(.nowhere("'\(service.name)'", address), written: origins)
      }
    }
    let alerts = subject.alertFiles.flatMap { file, alerts in
      alerts.compactMap { alert -> Violation? in
        guard let link = alert.annotations["dashboard"], !answers(link, subject) else {
          return nil
        }
        return Violation(
          .nowhere("alert '\(alert.name)'", link), lands: file.landing(line: alert.line))
      }
    }
    return services + alerts
  }

  private static func answers(_ address: String, _ subject: Subject) -> Bool {
    let environment = subject.environment
    let operations = environment.specification.monitoring.address
    if let path = address.path(after: operations) {
      // On a developer's machine Grafana itself answers there.
      guard environment.stage.isDeployed else { return true }
      return locations(of: OperationsPart.file, subject).contains { path.hasPrefix($0) }
    }
    for name in environment.edge?.names.all ?? [] {
      guard let path = address.path(after: "https://\(name)") else { continue }
      // What stands at the root answers anything, with a page that says that there is none.
      return locations(of: "nginx/nginx.conf", subject).contains {
        $0 != "/" && path.hasPrefix($0)
      }
    }
    return false
  }

  private static func locations(of file: String, _ subject: Subject) -> [String] {
    guard let file = subject.nginx(file) else { return [] }
    return locations(in: file.tree.nodes)
  }

  private static func locations(in nodes: [LocatedNginxNode]) -> [String] {
    nodes.flatMap { node in
      node.name == "location" ? [node.arguments.last ?? ""] : locations(in: node.children)
    }
  }
}

extension String {
  /// What follows the name: always with a slash.
  fileprivate func path(after base: String) -> String? {
    guard self == base || hasPrefix(base + "/") else { return nil }
    let path = dropFirst(base.count)
    return path.hasSuffix("/") || path.contains("?") ? String(path) : path + "/"
  }

  fileprivate static func nowhere(_ what: String, _ address: String) -> String {
    "\(what) leads people to \(address), where nothing answers"
  }
}
