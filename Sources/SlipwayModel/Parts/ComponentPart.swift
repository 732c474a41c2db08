import ServiceContract
import Slipway
import SlipwayDiagnostics

/// The repository's own components.
extension Resolver {
  func makeComponent(_ run: RunValue) -> ResolvedService {
    let component = run.component
    var service = ResolvedService(
      name: component.name, image: image(of: run), size: run.size,
      placement: .kind(run.nodes), origin: run.origin)
    service.command = component.arguments
    service.environment = environment(of: run, reading: component.keys)
    service.secrets = mounts(
      component.reads, isInside: component.needs.contains { $0 != .internet })
    service.scratch = [ScratchMount("/tmp", .mebibytes(64))]
    service.networks = networks(of: component)
    service.publications = run.publishes.map {
      ResolvedPublication(
        host: $0.port, container: component.ports.first?.number ?? $0.port, reach: .loopback)
    }
    service.ports = component.ports
    service.health = component.health
    service.replicas = .count(run.replicas)
    service.stopsWithin = component.stopsWithin
    service.user = "1000:1000"
    service.reaps = true
    service.startsAfter = startsAfter(component)
    if case .checkout(.onChange) = run.source { service.rebuildsOn = component.image.code }
    let (here, there) = (run.origin, component.origin)
    service.origins = [
      .name: [there], .image: [component.image.origin, here.at("source")],
      .command: [there.at("runs")], .environment: [here.at("overriding")],
      .secrets: [there.at("reads")], .networks: [there.at("needs")],
      .publications: [here.at("publishes")], .ports: [there.at("ports")],
      .health: [there.at("health")], .size: [here.at("limit"), here.at("reserve")],
      .rebuildsOn: [here.at("source")], .replicas: [here.at("replicas")],
      .placement: [here.at("on")],
      .stopsWithin: [there.at("stopsWithin")],
    ]
    return service
  }

  private func image(of run: RunValue) -> ImageReference {
    switch run.source {
    case .release: .release(variable: run.component.image.variable)
    case .checkout:
      .checkout(
        image: run.component.image.name,
        dockerfile: "generated/docker/\(run.component.image.name).Dockerfile")
    }
  }

  /// Facts, then what the environment states, then what the run overrides, as far as the component
  /// reads it; a key stands once, with every place that had a say in it.
  private func environment(
    of run: RunValue, reading keys: [KeyDeclaration]
  ) -> [EnvironmentEntry] {
    let read = Set(keys.map(\.name))
    var entries = factEntries(for: run.component.name)
    for setting in specification.settings + run.overriding {
      let origin = Origin(file: setting.file, line: setting.line, argument: setting.argument)
      if let index = entries.firstIndex(where: { $0.key == setting.key }) {
        let origins = entries[index].origins + [origin]
        entries[index] = EnvironmentEntry(setting.key, setting.text, from: origins)
      } else {
        entries.append(EnvironmentEntry(setting.key, setting.text, from: [origin]))
      }
    }
    return entries.filter { read.contains($0.key) }.sorted { $0.key < $1.key }
  }

  /// The first component that says how its image works on the database: it is told what those
  /// words read, and given no secret that only the service needs.
  func makeMigration() -> ResolvedMigration? {
    for run in specification.runs {
      guard let words = run.component.migrates else { continue }
      return ResolvedMigration(
        component: run.component.name, image: image(of: run), words: words,
        environment: environment(of: run, reading: words.keys),
        secrets: mounts(words.reads, isInside: true))
    }
    return nil
  }

  /// - Parameter isInside: Whether it talks to services of the environment, whose certificates
  ///   have an authority of their own.
  private func mounts(_ reads: [SecretKey], isInside: Bool) -> [SecretMount] {
    var keys = reads
    if encryptsInside, isInside { keys.append(.insideAuthority) }
    return keys.map {
      SecretMount(secret($0), at: "\(Path.secrets)/\($0.fileName)", uid: 1000, gid: 1000)
    }
  }

  private func networks(of component: Component) -> [String] {
    var networks: [String] = []
    if component.ports.contains(where: { $0.reach == .edge }), specification.edge != nil {
      networks.append(Net.front)
    }
    if component.needs.contains(.database) || component.needs.contains(.redis) {
      networks.append(Net.data)
    }
    if component.ports.contains(where: { $0.reach == .metrics }) { networks.append(Net.watch) }
    if component.needs.contains(.internet) { networks.append(Net.outside) }
    return networks
  }

  private func startsAfter(_ component: Component) -> [String] {
    var names: [String] = []
    if component.needs.contains(.database), specification.database != nil {
      names.append(PartName.primary)
    }
    if component.needs.contains(.redis), specification.redis != nil {
      names += [PartName.redisCache, PartName.redisState]
    }
    return names
  }
}
