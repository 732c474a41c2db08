import ServiceContract
import Slipway
import SlipwayDiagnostics

/// Prometheus, Alertmanager and Grafana.
extension Resolver {
  /// `nobody` in the images of the Prometheus project.
  static let nobody = 65_534
  static let grafanaUser = 472

  func makeMonitoring() -> [ResolvedService] {
    [makePrometheus(), makeAlertmanager(), makeGrafana()]
  }

  private var monitoring: MonitoringValue { specification.monitoring }

  private func part(
    _ name: String, _ image: ThirdParty, size: Size, argument: String
  ) -> ResolvedService {
    let origin = monitoring.origin
    var service = ResolvedService(
      name: name, image: self.image(image), size: size,
      placement: specification.stage.isDeployed ? .node(monitoring.node) : .anywhere,
      origin: origin)
    service.rolls = .stopFirst
    service.origins = [.size: [origin.at(argument)], .placement: [origin.at("on")]]
    return service
  }

  private func makePrometheus() -> ResolvedService {
    var service = part(
      PartName.prometheus, .prometheus, size: monitoring.prometheus, argument: "prometheus")
    let folder = "\(Path.configs)/prometheus"
    service.command = [
      "--config.file=\(folder)/prometheus.yml", "--storage.tsdb.path=/prometheus",
      "--storage.tsdb.retention.time=\(monitoring.keeps.wholeSeconds)s",
      "--storage.tsdb.retention.size=\(monitoring.storage.bytes)B",
      "--web.listen-address=:9090",
    ]
    service.command += externalAddress("prometheus")
    service.configs = [ConfigMount(folder: "prometheus", at: folder, except: ["tests"])]
    service.volumes = [VolumeMount("prometheus-data", at: "/prometheus")]
    service.networks = [Net.watch]
    service.ports = [Port("web", 9090, reach: .metrics)]
    service.health = .command(
      "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9090/-/healthy", every: .seconds(10),
      within: .seconds(3), startingWithin: .seconds(120))
    service.stopsWithin = .seconds(60)
    service.user = "\(Self.nobody):\(Self.nobody)"
    service.origins[.command] = [
      monitoring.origin.at("keeps"), monitoring.origin.at("storage"),
    ]
    return service
  }

  private func makeAlertmanager() -> ResolvedService {
    var service = part(
      PartName.alertmanager, .alertmanager, size: monitoring.alertmanager,
      argument: "alertmanager")
    let folder = "\(Path.configs)/alertmanager"
    service.command = [
      "--config.file=\(folder)/alertmanager.yml", "--storage.path=/alertmanager",
      // One instance: gossip would only open a port.
      "--cluster.listen-address=", "--web.listen-address=:9093",
    ]
    service.command += externalAddress("alertmanager")
    service.configs = [ConfigMount(folder: "alertmanager", at: folder)]
    service.secrets = receiverKeys.map {
      SecretMount(
        secret($0), at: "\(Path.secrets)/\($0.fileName)", uid: Self.nobody, gid: Self.nobody)
    }
    service.volumes = [VolumeMount("alertmanager-data", at: "/alertmanager")]
    service.networks = [Net.watch, Net.outside]
    service.ports = [Port("web", 9093, reach: .metrics)]
    service.health = .command(
      "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9093/-/healthy", every: .seconds(10),
      within: .seconds(3), startingWithin: .seconds(30))
    service.user = "\(Self.nobody):\(Self.nobody)"
    service.origins[.secrets] = [specification.receivers.origin]
    return service
  }

  /// The path is part of links only; requests from inside, and those that the operations address
  /// hands on, come without it. On a developer's machine only Grafana is reached.
  private func externalAddress(_ path: String) -> [String] {
    guard specification.stage.isDeployed else { return [] }
    return ["--web.external-url=\(monitoring.address)/\(path)", "--web.route-prefix=/"]
  }

  private var receiverKeys: [SecretKey] {
    let receivers = specification.receivers
    var keys: [SecretKey] = []
    let all = receivers.critical + receivers.warning + [receivers.heartbeat].compactMap { $0 }
    for receiver in all where !keys.contains(receiver.key) {
      keys.append(receiver.key)
    }
    return keys
  }

  private func makeGrafana() -> ResolvedService {
    var service = part(PartName.grafana, .grafana, size: monitoring.grafana, argument: "grafana")
    let folder = "\(Path.configs)/grafana"
    service.environment = [
      EnvironmentEntry("GF_ANALYTICS_CHECK_FOR_UPDATES", "false"),
      EnvironmentEntry("GF_ANALYTICS_REPORTING_ENABLED", "false"),
      EnvironmentEntry("GF_AUTH_ANONYMOUS_ENABLED", "false"),
      EnvironmentEntry("GF_LOG_MODE", "console"),
      EnvironmentEntry("GF_PATHS_PROVISIONING", "\(folder)/provisioning"),
      EnvironmentEntry(
        "GF_SECURITY_ADMIN_PASSWORD__FILE",
        "\(Path.secrets)/\(SecretKey.grafanaAdmin.fileName)"),
      // The browser speaks to its own machine; SSH, not TLS, is what leaves it. A secure cookie
      // would not be sent there by every browser, and nobody could sign in.
      EnvironmentEntry("GF_SECURITY_COOKIE_SECURE", "false"),
      EnvironmentEntry(
        "GF_SERVER_ROOT_URL", "\(monitoring.address)/", from: [monitoring.origin.at("reachedBy")]),
      EnvironmentEntry("GF_SNAPSHOTS_EXTERNAL_ENABLED", "false"),
      EnvironmentEntry("GF_USERS_ALLOW_SIGN_UP", "false"),
    ]
    service.configs = [ConfigMount(folder: "grafana", at: folder)]
    service.secrets = [
      SecretMount(
        secret(.grafanaAdmin), at: "\(Path.secrets)/\(SecretKey.grafanaAdmin.fileName)",
        uid: Self.grafanaUser, gid: 0)
    ]
    service.volumes = [VolumeMount("grafana-data", at: "/var/lib/grafana")]
    service.scratch = [ScratchMount("/tmp", .mebibytes(64))]
    // Port publication in development needs a network that leads outside.
    service.networks = [Net.watch] + (monitoring.publishes.isEmpty ? [] : [Net.outside])
    service.ports = [Port("web", 3000, reach: .metrics)]
    service.publications = monitoring.publishes.map {
      ResolvedPublication(host: $0.port, container: 3000, reach: .loopback)
    }
    service.health = .command(
      "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health", every: .seconds(10),
      within: .seconds(3), startingWithin: .seconds(60))
    service.user = "\(Self.grafanaUser):0"
    service.origins[.publications] = [monitoring.origin.at("publishes")]
    return service
  }
}
