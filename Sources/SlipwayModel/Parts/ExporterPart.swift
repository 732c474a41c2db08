import ServiceContract
import Slipway
import SlipwayDiagnostics

/// The exporters of everything the environment runs: nothing that is scraped is missing. (C-24)
extension Resolver {
  func makeExporters(for services: [ResolvedService]) -> [ResolvedService] {
    var exporters = [makeNodeExporter()]
    for service in services {
      if service.name.hasPrefix("postgres-") { exporters.append(makePostgresExporter(service)) }
      if service.name.hasPrefix("redis-") { exporters.append(makeRedisExporter(service)) }
      if service.name == PartName.edge { exporters.append(makeNginxExporter(service)) }
    }
    return exporters
  }

  private func exporter(
    _ name: String, _ image: ThirdParty, port: Int, user: String
  ) -> ResolvedService {
    let origin = specification.monitoring.origin
    var service = ResolvedService(
      name: name, image: self.image(image), size: specification.monitoring.exporters,
      placement: specification.stage.isDeployed ? .kind(.app) : .anywhere, origin: origin)
    service.networks = [Net.watch]
    service.ports = [Port("metrics", port, reach: .metrics)]
    service.user = user
    service.origins = [.size: [origin.at("exporters")]]
    return service
  }

  private func asked(_ url: String) -> HealthCheck {
    .command(
      "wget", "-q", "-O", "/dev/null", url, every: .seconds(15), within: .seconds(3),
      startingWithin: .seconds(20))
  }

  private func makeNodeExporter() -> ResolvedService {
    var service = exporter(
      PartName.nodeExporter, .nodeExporter, port: 9100,
      user: "\(Self.nobody):\(Self.nobody)")
    service.command = [
      "--path.rootfs=/host",
      // Scripts leave what they did here: age of backups, end of certificates.
      "--collector.textfile.directory=/host\(HostPath.metrics(project.contract.name))",
      // Nor what the engine binds into the exporter's own container: each such file would be the
      // machine's disk once more.
      "--collector.filesystem.mount-points-exclude="
        + "^/(dev|proc|sys|run|etc/(hosts|hostname|resolv\\.conf)|var/lib/docker/.+)($|/)",
      "--web.listen-address=:9100",
    ]
    service.hostFolders = [HostFolder("/", at: "/host")]
    // What `node_uname_info` says is the container's name; its address changes with each start.
    service.isNamedAfterNode = true
    service.health = asked("http://127.0.0.1:9100/")
    service.replicas = specification.stage.isDeployed ? .everyNode : .count(1)
    service.placement = .anywhere
    // One a node: the old one stops before the new one starts.
    service.rolls = .stopFirst
    return service
  }

  private func makePostgresExporter(_ server: ResolvedService) -> ResolvedService {
    let suffix = server.name.dropFirst("postgres-".count)
    var service = exporter(
      "\(PartName.postgresExporter)-\(suffix)", .postgresExporter, port: 9187,
      user: "\(Self.nobody):\(Self.nobody)")
    let password = secret(.postgresExporter)
    let mode = encryptsInside ? "verify-full&sslrootcert=\(Path.authority)" : "disable"
    service.environment = [
      EnvironmentEntry("DATA_SOURCE_PASS_FILE", "\(Path.secrets)/\(password.name)"),
      EnvironmentEntry("DATA_SOURCE_URI", "\(server.name):5432/postgres?sslmode=\(mode)"),
      EnvironmentEntry("DATA_SOURCE_USER", "slipway_exporter"),
    ]
    service.command = ["--web.listen-address=:9187"]
    service.secrets = mounts([password] + (encryptsInside ? [secret(.insideAuthority)] : []))
    service.networks = [Net.data, Net.watch]
    service.health = asked("http://127.0.0.1:9187/")
    service.startsAfter = [server.name]
    return service
  }

  private func makeRedisExporter(_ server: ResolvedService) -> ResolvedService {
    let suffix = server.name.dropFirst("redis-".count)
    var service = exporter(
      "\(PartName.redisExporter)-\(suffix)", .redisExporter, port: 9121,
      user: "\(Self.nobody):\(Self.nobody)")
    let address = "\(encryptsInside ? "rediss" : "redis")://\(server.name):6379"
    service.environment = [EnvironmentEntry("REDIS_ADDR", address)]
    var secrets: [ResolvedSecret] = []
    if let key = project.contract.bindings.redisPassword {
      let map = secret(key, as: .redisExporterMap, with: "redis-cache,redis-state")
      secrets.append(map)
      service.environment.append(
        EnvironmentEntry("REDIS_PASSWORD_FILE", "\(Path.secrets)/\(map.name)"))
    }
    if encryptsInside {
      secrets.append(secret(.insideAuthority))
      service.environment.append(
        EnvironmentEntry("REDIS_EXPORTER_TLS_CA_CERT_FILE", Path.authority))
    }
    service.secrets = mounts(secrets)
    service.networks = [Net.data, Net.watch]
    // The image holds one program and nothing to ask it with; Prometheus' `up` watches it.
    service.health = nil
    service.startsAfter = [server.name]
    return service
  }

  /// One beside each edge node's nginx, which it asks through a socket that the two share: over
  /// the network one name stands for all nodes, and counters of different ones would mix. (M03)
  private func makeNginxExporter(_ server: ResolvedService) -> ResolvedService {
    var service = exporter(
      PartName.nginxExporter, .nginxExporter, port: 9113, user: "\(Self.nobody):\(Self.nobody)")
    service.command = [
      "--nginx.scrape-uri=unix:\(EdgeStatus.socket):\(EdgeStatus.page)",
      "--web.listen-address=:9113",
    ]
    service.volumes = [EdgeStatus.mount(readOnly: true)]
    service.replicas = server.replicas
    service.placement = server.placement
    service.rolls = .stopFirst
    // As above: nothing in the image to ask with.
    service.health = nil
    service.startsAfter = [server.name]
    return service
  }

  private func mounts(_ secrets: [ResolvedSecret]) -> [SecretMount] {
    secrets.map {
      SecretMount($0, at: "\(Path.secrets)/\($0.name)", uid: Self.nobody, gid: Self.nobody)
    }
  }
}

/// Folders of the machines that scripts and services share.
package enum HostPath {
  /// Where scripts leave metrics for the node exporter.
  package static func metrics(_ project: String) -> String { "/var/lib/\(project)/metrics" }
  /// Where a manager keeps release records, backups in transit and locks.
  package static func state(_ project: String, _ environment: String) -> String {
    "/var/lib/\(project)/\(environment)"
  }
}
