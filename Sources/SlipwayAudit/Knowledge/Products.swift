/// A program of other people that deployments run from its usual images.
struct Product: Sendable {
  enum Role: Sendable { case store, edge, watcher, exporter, tool }
  let name: String
  let role: Role
  /// Ports on which it listens as it comes.
  let ports: Set<Int>
  /// Folders that hold what must outlive the container.
  let data: [String]
  /// Names of images, or their last parts.
  private let images: Set<String>

  private init(
    _ name: String, _ role: Role, _ ports: Set<Int>, data: [String] = [], images: Set<String>
  ) {
    self.name = name
    self.role = role
    self.ports = ports
    self.data = data
    self.images = images
  }

  /// The product that an image is, by the last part of its name.
  static func of(_ image: ImageName) -> Product? {
    all.first { $0.images.contains(image.base) || $0.images.contains(image.repository) }
  }

  static func named(_ name: String) -> Product? { all.first { $0.name == name } }

  /// The exporter whose usual port or name this is.
  static func exporter(host: String, port: Int?) -> Product? {
    let exporters = all.filter { $0.role == .exporter }
    return exporters.first { host.contains($0.name) }
      ?? exporters.first { product in
        host.contains("exporter") && port.map(product.ports.contains) ?? false
      }
  }

  private static let all: [Product] = [
    Product(
      "postgres", .store, [5432], data: ["/var/lib/postgresql"],
      images: ["postgres", "postgresql", "postgis", "timescaledb", "pgvector", "timescaledb-ha"]),
    Product(
      "redis", .store, [6379], data: ["/data", "/bitnami/redis/data"],
      images: ["redis", "valkey", "keydb", "redis-stack", "redis-stack-server"]),
    Product(
      "mysql", .store, [3306, 33060], data: ["/var/lib/mysql"],
      images: ["mysql", "mariadb", "percona"]),
    Product("mongodb", .store, [27017], data: ["/data/db"], images: ["mongo", "mongodb"]),
    Product(
      "elasticsearch", .store, [9200, 9300],
      data: ["/usr/share/elasticsearch/data", "/usr/share/opensearch/data"],
      images: ["elasticsearch", "opensearch"]),
    Product("memcached", .tool, [11211], images: ["memcached"]),
    Product("rabbitmq", .tool, [5672, 15672, 15692], images: ["rabbitmq"]),
    Product("nginx", .edge, [80, 443], images: ["nginx", "nginx-unprivileged", "openresty"]),
    Product("traefik", .edge, [80, 443, 8080], images: ["traefik"]),
    Product("caddy", .edge, [80, 443, 2019], images: ["caddy"]),
    Product("haproxy", .edge, [80, 443, 8404], images: ["haproxy"]),
    Product(
      "prometheus", .watcher, [9090], data: ["/prometheus"], images: ["prometheus"]),
    Product(
      "grafana", .watcher, [3000], data: ["/var/lib/grafana"],
      images: ["grafana", "grafana-enterprise", "grafana-oss"]),
    Product("alertmanager", .watcher, [9093, 9094], images: ["alertmanager"]),
    Product("loki", .watcher, [3100], images: ["loki"]),
    Product("pushgateway", .watcher, [9091], images: ["pushgateway"]),
    Product("cadvisor", .watcher, [8080], images: ["cadvisor"]),
    Product("node-exporter", .exporter, [9100], images: ["node-exporter"]),
    Product(
      "postgres-exporter", .exporter, [9187],
      images: ["postgres-exporter", "postgres_exporter"]),
    Product("redis-exporter", .exporter, [9121], images: ["redis_exporter", "redis-exporter"]),
    Product("mysqld-exporter", .exporter, [9104], images: ["mysqld-exporter"]),
    Product(
      "nginx-exporter", .exporter, [9113],
      images: ["nginx-prometheus-exporter", "nginx-exporter"]),
    Product("blackbox-exporter", .exporter, [9115], images: ["blackbox-exporter"]),
  ]
}

extension Product {
  /// The metric with which an exporter says whether the thing behind it answers.
  var ownUp: String? {
    switch name {
    case "postgres-exporter": "pg_up"
    case "redis-exporter": "redis_up"
    case "mysqld-exporter": "mysql_up"
    case "nginx-exporter": "nginx_up"
    default: nil
    }
  }

  /// How the names of an exporter's metrics begin.
  static func exporter(metric: String) -> String? {
    let prefixes = [
      ("pg_", "postgres-exporter"), ("redis_", "redis-exporter"), ("node_", "node-exporter"),
      ("mysql_", "mysqld-exporter"),
    ]
    return prefixes.first { metric.hasPrefix($0.0) }?.1
  }
}
