import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// The page that a reviewer reads first. (design §5)
package struct EnvironmentPage: Emitter {
  package static let name = "environment-page"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    var page = MarkdownPage()
    page.heading(1, "\(environment.project.name): \(environment.name)")
    page.paragraph(
      "\(environment.services.count) services on \(environment.nodes.count) "
        + "\(environment.nodes.count == 1 ? "machine" : "machines"), stage "
        + "\(environment.stage.rawValue). Names only: no secret's value is in this repository.",
      from: [environment.origin])
    topology(environment, &page)
    services(environment, &page)
    places(environment, &page)
    names(environment, &page)
    secrets(environment, &page)
    watching(environment, &page)
    safety(environment, &page)
    settings(environment, &page)
    return Emission([
      Artefact(path: environment.folder + "README.md", document: page.document)
    ])
  }

  // MARK: Topology

  private func topology(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    page.heading(2, "Topology")
    var lines = ["flowchart LR"]
    if environment.edge != nil { lines.append("  internet([internet]) --> edge") }
    for network in environment.networks {
      let members = environment.services.filter { service in
        home(of: service, environment) == network.name
      }
      guard !members.isEmpty else { continue }
      lines.append("  subgraph \(network.name)[\"\(network.name): \(network.purpose)\"]")
      for service in members {
        lines.append("    \(id(service.name))[\"\(service.name) \(replicas(service))\"]")
      }
      lines.append("  end")
    }
    for upstream in environment.edge?.upstreams ?? [] {
      lines.append("  edge --> \(id(upstream.service))")
    }
    for service in environment.services {
      for name in service.startsAfter where environment.service(name) != nil {
        lines.append("  \(id(service.name)) --> \(id(name))")
      }
    }
    lines.append("  \(id(PartName.prometheus)) --> \(id(PartName.alertmanager))")
    lines.append("  \(id(PartName.grafana)) --> \(id(PartName.prometheus))")
    page.block("mermaid", lines)
  }

  /// The first network that says what a service is for.
  private func home(of service: ResolvedService, _ environment: ResolvedEnvironment) -> String? {
    environment.networks.map(\.name).first { service.networks.contains($0) }
  }

  private func id(_ name: String) -> String { name.map { $0 == "-" ? "_" : String($0) }.joined() }

  private func replicas(_ service: ResolvedService) -> String {
    switch service.replicas {
    case .count(let count): "×\(count)"
    case .everyNode: "on every node"
    }
  }

  // MARK: Services

  private func services(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    page.heading(2, "Services")
    page.table(
      ["service", "image", "replicas", "limit", "reserved", "answers outside", "placed", "roll"],
      environment.services.map { service in
        (
          [
            service.name.code, image(service).code, replicas(service),
            size(service.size.limit), size(service.size.reserve),
            service.publications.map { "\($0.host)" }.joined(separator: ", "),
            place(service), service.rolls.rawValue,
          ], [service.origin] + service.written(.size) + service.written(.replicas)
        )
      })
  }

  private func image(_ service: ResolvedService) -> String {
    switch service.image {
    case .locked(let image): "\(image.name):\(image.tag)@\(image.digest.prefix(19))…"
    case .unlocked(let name, let tag): "\(name):\(tag) (not locked)"
    case .release(let variable): variable
    case .checkout(let image, _): "\(image) (built here)"
    }
  }

  private func size(_ resources: Resources) -> String {
    "\(resources.cpus) CPU, \(resources.memory.bytes >> 20) MiB"
  }

  private func place(_ service: ResolvedService) -> String {
    switch service.placement {
    case .kind(let kind): "nodes for \(kind.rawValue)"
    case .node(let name): name.code
    case .anywhere: "anywhere"
    }
  }

  private func places(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    guard environment.stage.isDeployed else { return }
    page.heading(2, "Machines")
    page.table(
      ["machine", "role", "labels", "size", "platform"],
      environment.nodes.map { node in
        (
          [
            node.name.code, node.role.rawValue,
            node.kinds.map { "\($0.rawValue)=true".code }.joined(separator: " "),
            size(node.size), node.platform,
          ], [node.origin]
        )
      })
    page.paragraph(
      "Each engine's own configuration sets `no-new-privileges`: a stack cannot say it for its "
        + "services.")
    page.table(
      ["volume", "owner", "holds"],
      environment.volumes.map { volume in
        var owner = "any"
        if case .node(let name) = volume.owner { owner = name.code }
        if case .kind(let kind) = volume.owner { owner = "every node for \(kind.rawValue)" }
        return ([volume.name.code, owner, volume.purpose], [volume.origin])
      })
  }

  private func names(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    guard let edge = environment.edge else { return }
    page.heading(2, "Names")
    var rows = [
      (["https://\(edge.names.site)".code, "the site"], [edge.origin.at("names")]),
      (["https://\(edge.names.api)".code, "the API"], [edge.origin.at("names")]),
    ]
    rows += edge.names.also.map {
      (["https://\($0)".code, "sent on to the site"], [edge.origin.at("names")])
    }
    page.table(["name", "leads to"], rows)
  }

  private func secrets(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    page.heading(2, "Secrets")
    page.table(
      ["secret", "version", "form", "read by"],
      environment.secrets.map { secret in
        let readers = environment.services.filter { service in
          service.secrets.contains { $0.secret.name == secret.name }
        }
        return (
          [
            secret.key.name.code, "\(secret.version)", secret.form.rawValue,
            readers.map(\.name.code).joined(separator: " "),
          ], readers.flatMap { $0.written(.secrets) }
        )
      })
  }

  // MARK: Watching

  private func watching(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    page.heading(2, "Alerts")
    let receivers = environment.specification.receivers
    page.table(
      ["severity", "reaches"],
      [
        (
          ["critical", receivers.critical.map(describe).joined(separator: ", ")], [receivers.origin]
        ),
        (["warning", receivers.warning.map(describe).joined(separator: ", ")], [receivers.origin]),
        (["heartbeat", receivers.heartbeat.map(describe) ?? ""], [receivers.origin]),
      ])
    page.table(
      ["alert", "severity", "for", "means", "what to do"],
      environment.ruleAlerts.map { alert in
        (
          [
            alert.name.code, alert.level.rawValue, "\(alert.hold.wholeSeconds) s", alert.summary,
            "[\(alert.runbook.name)](../runbooks/\(alert.runbook.name).md)",
          ], [alert.origin]
        )
      })
    page.heading(2, "Dashboards")
    page.list(
      environment.specification.watches.dashboards.map {
        "[\($0.title)](grafana/dashboards/\($0.name).json)"
      })
  }

  private func describe(_ receiver: Receiver) -> String {
    switch receiver.kind {
    case .pagerDuty: "PagerDuty"
    case .slack(let channel): "Slack \(channel)"
    case .webhook: "webhook \(receiver.key.name.code)"
    }
  }

  private func safety(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    guard let backups = environment.specification.backups else { return }
    page.heading(2, "Backups")
    let at =
      "\(backups.at.hour < 10 ? "0" : "")\(backups.at.hour):"
      + "\(backups.at.minute < 10 ? "0" : "")\(backups.at.minute) UTC"
    page.table(
      ["what", "how"],
      [
        (["taken", "every day at \(at)"], [backups.origin.at("at")]),
        (["proved by a restore", "two hours later, every day"], [backups.origin.at("at")]),
        (["kept", "\(backups.keep.wholeSeconds / 86_400) days"], [backups.origin.at("keep")]),
        (
          ["lost at most", "\(backups.loseAtMost.wholeSeconds) s of writes"],
          [backups.origin.at("loseAtMost")]
        ),
        (
          ["back within", "\(backups.backWithin.wholeSeconds / 60) minutes"],
          [backups.origin.at("backWithin")]
        ),
        (["in", backups.bucket.code], [backups.origin.at("bucket")]),
      ])
  }

  private func settings(_ environment: ResolvedEnvironment, _ page: inout MarkdownPage) {
    page.heading(2, "Settings")
    page.paragraph("What this environment states; every other key has the contract's default.")
    page.table(
      ["key", "value"],
      environment.specification.settings.sorted { $0.key < $1.key }.map { setting in
        (
          [setting.key.code, setting.text.isEmpty ? "(empty)" : setting.text.code],
          [Origin(file: setting.file, line: setting.line, argument: setting.argument)]
        )
      })
  }
}
