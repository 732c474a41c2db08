import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// Environments that differ in how they are delivered, and in nothing else.
enum Specimens {
  static let ssh = Access.ssh(
    host: "manager.example.com", port: 2222, user: "deploy", hostKey: .sshHost, key: .sshKey,
    signing: .sshSigning)
  static let runner = Access.runner(labels: ["shop-manager"])

  /// A small environment: two components, no edge and no stores.
  static func stage(
    _ name: String, branch: String, after: String? = nil, reachedBy access: Access = ssh,
    tells: [Receiver] = [.webhook(.heartbeatURL)], runs components: [Component] = [.backend]
  ) -> AnyEnvironment {
    AnyEnvironment(
      Environment<Staging>(
        name,
        cluster: .nodes(
          [
            Node(
              "manager", role: .manager, kinds: NodeKind.allCases,
              size: .cpus(8, memory: .gibibytes(32)), platform: "linux/arm64")
          ], reachedBy: access),
        configuration: Configuration(stating: [Setting.poolSize(5)]),
        runs: components.map {
          .run(
            $0, limit: .cpus(1, memory: .gibibytes(1)),
            reserve: .cpus(0.1, memory: .mebibytes(64)))
        },
        edge: nil, database: nil, redis: nil, secrets: .vault("secret/shop/\(name)"),
        backups: .daily(
          at: .utc(2, 0), keep: .days(14), loseAtMost: .seconds(60), backWithin: .minutes(15),
          bucket: "shop-\(name)", region: "us-east-1", endpoint: "https://s3.example.com",
          on: "manager"),
        monitoring: Monitoring(
          on: "manager", keeps: .days(2), storage: .gibibytes(1), prometheus: .small,
          alertmanager: .small, grafana: .small, exporters: .small),
        receivers: Receivers(
          critical: [.pagerDuty(.pagerKey)], warning: [.slack(.slackWebhook, channel: "#alerts")],
          heartbeat: .webhook(.heartbeatURL)),
        watches: .shop, delivery: .from(branch: branch, after: after, tells: tells)))
  }

  static let development = AnyEnvironment(ShopEnvironments.development)
  static let production = AnyEnvironment(ShopEnvironments.production)

  /// Three on two branches, one reached by a runner, and told in every way there is.
  static let delivered: [AnyEnvironment] = [
    development,
    stage("prod", branch: "release/it's", after: "staging", reachedBy: runner),
    stage("qa", branch: "main"),
    stage(
      "staging", branch: "main", after: "qa",
      tells: [.pagerDuty(.pagerKey), .slack(.slackWebhook, channel: "#deploys")]),
  ]

  /// An image of the same name as the backend's, from another product.
  static let impostor = Component(
    "impostor", image: Image("shop-backend", build: .swift(product: "other")), runs: [],
    ports: [.pages],
    health: .command(
      "other", "healthcheck", every: .milliseconds(1500), within: .seconds(5),
      startingWithin: .seconds(40)),
    keys: [], reads: [], needs: [], stopsWithin: .seconds(10))
}

extension Finding {
  /// What a person reads first.
  var summary: String { "\(severity.rawValue)[\(rule)]: \(message)" }
}
