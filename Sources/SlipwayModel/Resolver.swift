import ServiceContract
package import Slipway
package import SlipwayDiagnostics

/// Fills in defaults and turns names into values; finds what no default can mend.
package struct Resolver {
  let specification: Specification
  let project: Project
  let site: Site
  let lock: ImageLock
  var findings: [Finding] = []

  /// What came out: an environment if nothing is wrong, and all that was found.
  package struct Resolution: Sendable {
    package let environment: ResolvedEnvironment?
    package let findings: [Finding]
  }

  /// Resolves one environment. All findings at once; with an error there is no environment.
  package static func resolve(
    _ environment: AnyEnvironment, of project: Project, at site: Site = .declared, lock: ImageLock
  ) -> Resolution {
    var resolver = Resolver(
      specification: environment.value, project: project, site: site, lock: site.lock ?? lock)
    let resolved = resolver.run()
    let findings = resolver.findings.map { $0.within(environment.value.name) }.sorted()
    let stops = findings.contains { $0.severity == .error }
    return Resolution(environment: stops ? nil : resolved, findings: findings)
  }

  private mutating func run() -> ResolvedEnvironment? {
    // What follows from a number that nothing can have is not worked out: it would not end.
    guard checkRanges() else { return nil }
    let nodes = site.nodes ?? specification.cluster.nodes
    let services = makeServices()
    let edge = specification.edge.map(makeEdge)
    var environment = ResolvedEnvironment(
      name: specification.name, stage: specification.stage, project: project,
      specification: specification, lock: lock, nodes: nodes, networks: makeNetworks(),
      volumes: [], services: services, secrets: [], edge: edge, scrapes: [], alerts: [],
      recordings: specification.watches.recordings)
    environment.volumes = makeVolumes(services)
    environment.migration = makeMigration()
    let mounts = services.flatMap(\.secrets) + (environment.migration?.secrets ?? [])
    environment.secrets = unique(mounts.map(\.secret))
    environment.scrapes = makeScrapes(services)
    environment.alerts = specification.watches.alerts.map { resolve($0, in: environment) }
    environment.ruleAlerts = environment.joinedAlerts()
    checkValues(environment)
    return environment
  }

  /// All services, ours first, then what stands in front, below and beside them.
  private func makeServices() -> [ResolvedService] {
    var services = specification.runs.map(makeComponent)
    services += makeEdgeServices()
    services += makeDatabase()
    services += makeRedis()
    services += makeMonitoring()
    services += makeExporters(for: services)
    return services.map(adjusted)
  }

  /// A rehearsal's nodes stand for the declared ones: engines refuse a limit above a node's
  /// processors, and to keep less free than 0.001 of one and 4 MiB.
  private func adjusted(_ service: ResolvedService) -> ResolvedService {
    guard let nodes = site.nodes else { return service }
    var copy = service
    if case .node(let name) = service.placement { copy.placement = .node(standIn(for: name)) }
    let (limit, reserve) = (service.size.limit, service.size.reserve)
    let part = ExactDecimal(Int64(site.reserves), scale: 2)
    let most = nodes.map(\.size.cpus).max() ?? limit.cpus
    copy.size = Size(
      limit: .cpus(min(limit.cpus, most), memory: limit.memory),
      reserve: .cpus(
        min(max(reserve.cpus * part, min(reserve.cpus, 0.001)), most),
        memory: max(reserve.memory.share(Ratio(part)), min(reserve.memory, .mebibytes(4)))))
    return copy
  }

  /// The node of the site that takes a declared node's place: itself, or the first of its kinds.
  private func standIn(for name: String) -> String {
    guard let nodes = site.nodes, !nodes.contains(where: { $0.name == name }) else { return name }
    let kinds = specification.cluster.nodes.first { $0.name == name }?.kinds ?? []
    return nodes.first { $0.kinds.contains(where: kinds.contains) }?.name ?? name
  }

  private func makeNetworks() -> [ResolvedNetwork] {
    var networks: [ResolvedNetwork] = []
    if specification.edge != nil {
      networks.append(
        ResolvedNetwork(
          name: Net.front, isInternal: false, purpose: "the edge and what it forwards to"))
    }
    if specification.database != nil || specification.redis != nil {
      networks.append(
        ResolvedNetwork(name: Net.data, isInternal: true, purpose: "the data stores"))
    }
    networks.append(
      ResolvedNetwork(
        name: Net.watch, isInternal: true, purpose: "metrics, from everything to Prometheus"))
    networks.append(
      ResolvedNetwork(
        name: Net.outside, isInternal: false, purpose: "what must reach the internet"))
    return networks
  }

  private func makeVolumes(_ services: [ResolvedService]) -> [ResolvedVolume] {
    var volumes: [ResolvedVolume] = []
    for service in services {
      for mount in service.volumes where !volumes.contains(where: { $0.name == mount.volume }) {
        volumes.append(
          ResolvedVolume(
            name: mount.volume, owner: service.placement, purpose: "data of '\(service.name)'",
            memory: mount.memory, origin: service.origin))
      }
    }
    return volumes
  }

  /// Each secret once, in the order of their names; of two with one name the first.
  private func unique(_ secrets: [ResolvedSecret]) -> [ResolvedSecret] {
    let named = Dictionary(secrets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return named.keys.sorted().compactMap { named[$0] }
  }

  /// A secret in the version that is in force.
  func secret(
    _ key: SecretKey, as form: ResolvedSecret.Form = .plain, with parameter: String = ""
  ) -> ResolvedSecret {
    let stated = specification.secrets.versions.first { $0.key == key }
    return ResolvedSecret(key, form: form, parameter: parameter, version: stated?.version ?? 1)
  }

  func image(_ image: ThirdParty) -> ImageReference { lock.reference(image) }

  /// Whether traffic between services is encrypted. (C-60)
  var encryptsInside: Bool { specification.stage.isDeployed }
}

/// The networks that an environment may have.
package enum Net {
  package static let front = "front"
  package static let data = "data"
  package static let watch = "watch"
  package static let outside = "outside"
}

/// The names of the parts that every environment is made of.
package enum PartName {
  package static let edge = "edge"
  package static let acme = "acme"
  package static let primary = "postgres-primary"
  package static func replica(_ number: Int) -> String { "postgres-replica-\(number)" }
  package static let redisCache = "redis-cache"
  package static let redisState = "redis-state"
  package static let prometheus = "prometheus"
  package static let alertmanager = "alertmanager"
  package static let grafana = "grafana"
  package static let nodeExporter = "node-exporter"
  package static let postgresExporter = "postgres-exporter"
  package static let redisExporter = "redis-exporter"
  package static let nginxExporter = "nginx-exporter"
}
