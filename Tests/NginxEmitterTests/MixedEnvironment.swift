import Fixtures
import ServiceContract
import Slipway

/// An environment whose edge uses what the fixture's does not: pages with routes of their own,
/// limits that differ by method, one name for everything, nothing that catches the rest.
enum MixedEnvironment {
  static let production = production(edge)

  /// The same with an edge that forwards this.
  static func production(forwarding forwards: [Forward]) -> Environment<Production> {
    production(edge(forwards))
  }

  private static func production(_ edge: Edge<Production>) -> Environment<Production> {
    Environment<Production>(
      "prod",
      cluster: .nodes(
        [
          Node(
            "one", role: .manager, kinds: [.edge, .app, .data],
            size: .cpus(8, memory: .gibibytes(16)))
        ],
        reachedBy: .ssh(
          host: "one.example.com", user: "deploy", hostKey: .sshHost, key: .sshKey,
          signing: .sshSigning)),
      configuration: Configuration(stating: []),
      runs: [
        .run(
          .backend, limit: .cpus(1, memory: .gibibytes(1)),
          reserve: .cpus(0.1, memory: .mebibytes(64))),
        .run(
          .pages, limit: .cpus(1, memory: .gibibytes(1)),
          reserve: .cpus(0.1, memory: .mebibytes(64))),
      ],
      edge: edge, database: nil, redis: nil, secrets: .vault("secret/shop/prod"),
      backups: .daily(
        at: .utc(2, 0), keep: .days(30), loseAtMost: .seconds(60), backWithin: .minutes(15),
        bucket: "shop-prod-backups", region: "us-east-1", endpoint: "https://s3.example.com",
        on: "one"),
      monitoring: Monitoring(
        on: "one", keeps: .days(30), storage: .gibibytes(50), prometheus: .small,
        alertmanager: .small, grafana: .small, exporters: .small),
      receivers: Receivers(
        critical: [.pagerDuty(.pagerKey)], warning: [.slack(.slackWebhook, channel: "#alerts")],
        heartbeat: .webhook(.heartbeatURL)),
      watches: Observability(alerts: [], recordings: [], dashboards: []),
      delivery: .from(branch: "production", tells: []))
  }

  private static let edge = edge([
    .routes([.orders, write, cancel, .socket, .health], to: .backend, .api),
    .pages([form, .signInForm], to: .pages, .pages),
    .exactly("/robots.txt", to: .pages, .pages, limit: .reads),
    .staticFiles(under: "/assets/", to: .pages, .pages, limit: .reads),
  ])

  private static func edge(_ forwards: [Forward]) -> Edge<Production> {
    Edge<Production>(
      names: PublicNames(site: Shop.site, api: Shop.site),
      certificate: .acme(
        directory: "https://acme.example.com/directory", contact: "ops@example.com"),
      forwards: forwards,
      bodyMax: .kibibytes(1_500), limit: .cpus(2.5, memory: .mebibytes(256)),
      reserve: .cpus(0.1, memory: .mebibytes(64)))
  }

  private static let write = Route.post(
    "/api/v1/orders", auth: .user, limit: LimitClass("writes", perMinute: 2, burst: 1),
    within: .milliseconds(9_500), "Places an order.")
  private static let cancel = Route(
    .delete, "/api/v1/orders/{id}", auth: .user, limit: .reads, within: .seconds(8), "Cancels.")
  private static let form = Route.get(
    "/sign-in", auth: .anonymous, limit: nil, within: .seconds(2), "The form.")
}

extension Route {
  fileprivate static let signInForm = Route.post(
    "/sign-in", auth: .anonymous, limit: .signIn, within: .seconds(2), "Signs in.")
}
