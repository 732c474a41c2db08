import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// What an environment is: what runs where, who may reach it, who is told, what can be lost.
struct EnvironmentReadme {
  let environment: ResolvedEnvironment

  var specification: Specification { environment.specification }
  var isDeployed: Bool { environment.stage.isDeployed }

  var page: Page {
    var page = Page(title: "\(environment.project.name): \(environment.name)")
    introduce(in: &page)
    draw(in: &page)
    describeWaivers(in: &page)
    describeNames(in: &page)
    describeServices(in: &page)
    describeNetworks(in: &page)
    describeSecrets(in: &page)
    describeVolumes(in: &page)
    describeBackups(in: &page)
    describeAlerts(in: &page)
    describeDashboards(in: &page)
    describeScrapes(in: &page)
    describeNodes(in: &page)
    describeSettings(in: &page)
    if isDeployed { describeFirstRelease(in: &page) }
    return page
  }

  /// An address of another generated file, as this page writes it.
  func address(_ path: String) -> String { relativePath(from: environment.folder, to: path) }

  private func introduce(in page: inout Page) {
    let (services, nodes) = (environment.services.count, environment.nodes.count)
    page.say(
      """
      \(strong: environment.name) is \(code: environment.stage.rawValue): \
      \(environment.stage.meaning). It runs \(services) services on \(nodes) \
      \(nodes == 1 ? "node" : "nodes"), from \
      \(code: "docker-compose.yml", at: "docker-compose.yml").
      """, from: [environment.origin])
    let (differences, reference, runbooks) = (
      address("generated/DIFFERENCES.md"), address("generated/configuration.md"),
      address("generated/runbooks/README.md")
    )
    page.bullets([
      Page.Item(delivery, from: specification.delivery.map { [$0.origin] } ?? []),
      Page.Item(
        "What differs from the other environments: \("differences", at: differences)."),
      Page.Item(
        "What each setting, secret, route and metric is: \("reference", at: reference)."),
      Page.Item("What to do when something is wrong: \("runbooks", at: runbooks)."),
    ])
  }

  private var delivery: Prose {
    guard let delivery = specification.delivery else {
      return "A developer starts it by hand."
    }
    var prose: Prose = "A push to branch \(code: delivery.branch) is delivered here"
    if let after = delivery.after { prose = "\(prose), once \(code: after) took the same images" }
    switch specification.cluster.access {
    case .local: return "\(prose)."
    case .runner(let labels):
      return "\(prose), by a runner on a manager (\(Prose.codes(labels)))."
    case .ssh(let host, let port, let user, _, _, _):
      return "\(prose), over SSH as \(code: user) to \(code: "\(host):\(port)")."
    }
  }
}

// MARK: - Names

extension EnvironmentReadme {
  /// What somebody lets pass here, or everywhere: a reviewer reads it before all else.
  fileprivate func describeWaivers(in page: inout Page) {
    let waivers = environment.project.waivers.filter {
      $0.environment == nil || $0.environment == environment.name
    }
    guard !waivers.isEmpty else { return }
    page.section("Waivers")
    page.say("These rules are broken here on purpose:")
    let rows = waivers.map { waiver in
      Table.Row(
        [
          .code(waiver.rule.id), .words(waiver.reason), .words(waiver.owner),
          .words(waiver.until.text),
        ], from: [waiver.origin])
    }
    page.table(Table(["Rule", "Why", "Who answers for it", "Last day"], rows), none: "None.")
  }

  fileprivate func describeNames(in page: inout Page) {
    guard let edge = environment.edge, let value = specification.edge else { return }
    page.section("Public names")
    page.say(certificate(edge))
    let origins = [edge.origin.at("names")]
    var rows = [
      Table.Row([.code(edge.names.site), "pages, and what pages ask of the API"], from: origins)
    ]
    rows += edge.names.also.map {
      Table.Row([.code($0), "is redirected to \(code: edge.names.site)"], from: origins)
    }
    if edge.names.api != edge.names.site {
      rows.append(Table.Row([.code(edge.names.api), "the API"], from: origins))
    }
    page.table(Table(["Name", "What it is"], rows), none: "There are none.")
    page.say("Any other name is refused. What is asked leads to, the first that fits:")
    page.table(
      Table(
        ["What is asked", "Service", "Port", "At most, from one address"], value.forwards.map(row)),
      none: "Nothing is forwarded.")
  }

  private func certificate(_ edge: ResolvedEdge) -> Prose {
    let limits: Prose =
      edge.limits ? "Limits on rate are enforced." : "Limits on rate are not enforced here."
    return switch edge.certificate {
    case .selfSigned: "The certificate is made on this machine, and no browser trusts it. \(limits)"
    case .acme(let directory, let contact):
      """
      The certificate comes from \(code: directory) and is renewed by script; the authority writes \
      to \(code: contact). \(limits)
      """
    }
  }

  private func row(_ forward: Forward) -> Table.Row {
    let reference = address("generated/configuration.md") + "#routes"
    let limit: Prose = forward.limit.map { "\($0.perMinute) a minute (\(code: $0.name))" } ?? "–"
    let (what, most): (Prose, Prose) =
      switch forward.matches {
      case .routes(let routes):
        ("\("\(routes.count) routes of the API", at: reference)", "each route its own")
      case .pages(let routes):
        ("\("\(routes.count) pages", at: reference)", "each page its own")
      case .exactly(let path): ("\(code: path), exactly", limit)
      case .staticFiles(let prefix): ("files under \(code: prefix), kept for a year", limit)
      case .everythingElse: ("everything else, at the site's name", limit)
      }
    return Table.Row(
      [what, .code(forward.component.name), "\(forward.port.number)", most],
      from: [forward.origin])
  }
}

// MARK: - Services, networks, volumes

extension EnvironmentReadme {
  fileprivate func describeServices(in page: inout Page) {
    page.section("Services")
    let columns: [Prose] = [
      "Service", "Image", "Replicas", "Limit of one", "Kept free for one", "Ports", "Runs on",
      "When replaced",
    ]
    let rows = environment.services.map { service in
      Table.Row(
        [
          .code(service.name), service.image.prose(from: environment.folder),
          .words(service.replicas.readable), .words(service.size.limit.readable),
          .words(service.size.reserve.readable), ports(of: service), service.placement.prose,
          .words(service.rolls.readable),
        ],
        from: service.written(.image) + service.written(.replicas) + service.written(.size)
          + service.written(.placement))
    }
    page.table(Table(columns, rows), none: "None.")
  }

  private func ports(of service: ResolvedService) -> Prose {
    let published = service.publications.map { publication -> Prose in
      let reach: Prose =
        publication.reach == .everybody
        ? "\(strong: "from everywhere")" : "from this machine only"
      return "\(publication.host) → \(publication.container) \(reach)"
    }
    let inside = service.ports.filter { port in
      !service.publications.contains { $0.container == port.number }
    }
    let listens = inside.map { "\($0.number) (\($0.reach.readable))" as Prose }
    return published.isEmpty && listens.isEmpty ? "–" : .list(published + listens)
  }

  fileprivate func describeNetworks(in page: inout Page) {
    page.section("Networks")
    let rows = environment.networks.map { network in
      let members = environment.services.filter { $0.networks.contains(network.name) }
      return Table.Row(
        [
          .code(network.name), network.isInternal ? "no" : "yes", .words(network.purpose),
          .codes(members.map(\.name)),
        ], from: [environment.origin])
    }
    page.table(Table(["Network", "Leads outside", "For", "Services"], rows), none: "None.")
  }

  fileprivate func describeVolumes(in page: inout Page) {
    page.section("Volumes")
    let rows = environment.volumes.map { volume in
      let users = environment.services.filter { service in
        service.volumes.contains { $0.volume == volume.name }
      }
      return Table.Row(
        [.code(volume.name), volume.owner.prose, .codes(users.map(\.name))],
        from: [volume.origin])
    }
    page.table(Table(["Volume", "Stands on", "Used by"], rows), none: "Nothing is kept.")
  }
}

extension Port.Reach {
  /// Who may reach a port that is not published.
  var readable: String {
    switch self {
    case .edge: "the edge"
    case .inside: "inside"
    case .metrics: "monitoring"
    }
  }
}
