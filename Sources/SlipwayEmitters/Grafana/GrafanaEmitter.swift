import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes what Grafana is provisioned with: the data source, where dashboards lie, and each
/// dashboard as the bare object. (C17, G01 … G05, S18-PROM-09 … 18, S03-DASH-*)
package struct GrafanaEmitter: Emitter {
  package static let name = "grafana"

  package init() {}

  /// The one data source; every target names it.
  static let dataSource = "prometheus"

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    let folder = environment.folder + "grafana/"
    var emission = Emission([
      Artefact(
        path: folder + "provisioning/datasources/prometheus.yml",
        document: .yaml(dataSources(environment))),
      Artefact(
        path: folder + "provisioning/dashboards/provider.yml",
        document: .yaml(provider(environment))),
    ])
    for dashboard in environment.specification.watches.dashboards {
      let writer = DashboardWriter(environment: environment, dashboard: dashboard)
      emission.artefacts.append(
        Artefact(
          path: folder + "dashboards/\(dashboard.name).json", document: .json(writer.document)))
      emission.findings += writer.findings
    }
    emission.findings += doubled(environment)
    return emission
  }

  private func dataSources(_ environment: ResolvedEnvironment) -> YAMLNode {
    let monitoring = environment.specification.monitoring
    let port = environment.service(PartName.prometheus)?.ports.first?.number ?? 9090
    let source = YAMLNode.map([
      .entry("name", "Prometheus"),
      .entry("uid", .string(Self.dataSource)),
      .entry("type", "prometheus"),
      .entry("access", "proxy"),
      .entry("url", .string("http://\(PartName.prometheus):\(port)")),
      .entry("isDefault", true),
      .entry("editable", false),
      .entry(
        "jsonData",
        .map([
          .entry("httpMethod", "POST"),
          .entry("manageAlerts", false),
          .entry("prometheusType", "Prometheus"),
          .entry(
            "timeInterval",
            .string(
              monitoring.scrapesEvery.prometheusText,
              from: [monitoring.origin.at("scrapesEvery")])),
        ])),
    ])
    return .map([
      .entry("apiVersion", 1), .entry("prune", true), .entry("datasources", .list([source])),
    ])
  }

  private func provider(_ environment: ResolvedEnvironment) -> YAMLNode {
    let project = environment.project
    let provider = YAMLNode.map([
      .entry("name", .string(project.contract.name)),
      .entry("orgId", 1),
      .entry("folder", .string(project.name.literalInProvisioning, from: [project.origin])),
      .entry("type", "file"),
      .entry("disableDeletion", true),
      .entry("allowUiUpdates", false),
      .entry("updateIntervalSeconds", 30),
      .entry(
        "options", .map([.entry("path", .string("\(Path.configs)/grafana/dashboards"))])),
    ])
    return .map([.entry("apiVersion", 1), .entry("providers", .list([provider]))])
  }

  /// Two dashboards of one name would be one file and one address.
  private func doubled(_ environment: ResolvedEnvironment) -> [Finding] {
    let dashboards = environment.specification.watches.dashboards
    return dashboards.enumerated().compactMap { index, dashboard in
      guard let first = dashboards.firstIndex(where: { $0.name == dashboard.name }), first < index
      else { return nil }
      return Finding(
        rule: "dashboards/have-their-own-name",
        message: "two dashboards are called '\(dashboard.name)'",
        written: [dashboard.origin, dashboards[first].origin], label: "named again",
        why: "the name is the dashboard's file and address: the second would replace the first",
        fix: "give one of them another name")
    }
  }
}

extension String {
  /// Grafana replaces variables in provisioning files; a doubled dollar is one.
  var literalInProvisioning: String {
    reduce(into: "") { $0 += $1 == "$" ? "$$" : String($1) }
  }
}
