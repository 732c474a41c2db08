/// The images of others that environments run. Digests stand in `environments/Lock.json`.
package enum ThirdParty: String, CaseIterable, Sendable {
  case postgres = "docker.io/library/postgres"
  case redis = "docker.io/library/redis"
  case nginx = "docker.io/library/nginx"
  case prometheus = "docker.io/prom/prometheus"
  case alertmanager = "docker.io/prom/alertmanager"
  case grafana = "docker.io/grafana/grafana"
  case nodeExporter = "quay.io/prometheus/node-exporter"
  case postgresExporter = "quay.io/prometheuscommunity/postgres-exporter"
  case redisExporter = "docker.io/oliver006/redis_exporter"
  case nginxExporter = "docker.io/nginx/nginx-prometheus-exporter"
  case lego = "docker.io/goacme/lego"
  case debian = "docker.io/library/debian"
  /// Builds what is written in Swift.
  case swift = "docker.io/library/swift"
  /// The runtime alone.
  case swiftSlim = "docker.io/library/swift slim"
  /// Looks for known vulnerabilities, secrets and weak settings.
  case trivy = "docker.io/aquasec/trivy"
  /// Builds images; without a pin, its own builder would come by a tag that moves.
  case buildkit = "docker.io/moby/buildkit"

  /// The repository.
  package var name: String { rawValue.split(separator: " ").first.map(String.init) ?? rawValue }

  /// Whether a tag of the repository is the variant that is meant.
  func accepts(_ tag: String) -> Bool {
    switch self {
    case .swift: !tag.hasSuffix("slim")
    case .swiftSlim: tag.hasSuffix("slim")
    default: true
    }
  }

  /// The tag that is meant while the lock file has no entry.
  package var tag: String {
    switch self {
    case .postgres: "16-bookworm"
    case .redis: "7.4-bookworm"
    case .nginx: "1.30"
    case .prometheus: "v3.14.0"
    case .alertmanager: "v0.34.0"
    case .grafana: "12.3.1"
    case .nodeExporter: "v1.12.1"
    case .postgresExporter: "v0.20.1"
    case .redisExporter: "v1.90.0"
    case .nginxExporter: "1.5.1"
    case .lego: "v5.5.2"
    case .debian: "bookworm-slim"
    case .swift: "6.3-noble"
    case .swiftSlim: "6.3-slim"
    case .trivy: "0.74.0"
    case .buildkit: "v0.31.1"
    }
  }
}

extension ImageLock {
  /// The reference to an image: pinned if the lock file has it.
  package func reference(_ image: ThirdParty) -> ImageReference {
    let locked = images.first { $0.name == image.name && image.accepts($0.tag) }
    if let locked { return .locked(locked) }
    return .unlocked(name: image.name, tag: image.tag)
  }
}
