public import ServiceContract
public import Slipway

extension Image {
  public static let shop = Image("shop-backend", build: .swift(product: "shop"))
  public static let pages = Image("shop-pages", build: .swift(product: "shop-pages"))
}

extension Component {
  public static let backend = Component(
    "backend", image: .shop, runs: ["serve"], ports: [.api, .metrics],
    health: .command(
      "shop", "healthcheck", every: .seconds(10), within: .seconds(5),
      startingWithin: .seconds(40)),
    keys: Contract.shop.keys, reads: [.databasePassword, .readerPassword, .redisPassword],
    needs: [.database, .redis, .internet],
    migrates: .words(
      up: ["migrate"], status: ["migrate", "status"], restored: ["forget"], proof: ["prove"],
      keys: Contract.shop.keys, reads: [.databasePassword]), stopsWithin: .seconds(30))
  public static let pages = Component(
    "pages", image: .pages, runs: [], ports: [.pages],
    health: .command(
      "shop-pages", "healthcheck", every: .seconds(10), within: .seconds(5),
      startingWithin: .seconds(40)),
    keys: [], reads: [], needs: [], stopsWithin: .seconds(30))
}

extension Size {
  public static let small = Size(
    limit: .cpus(0.5, memory: .mebibytes(256)), reserve: .cpus(0.1, memory: .mebibytes(64)))
}

extension Runbook {
  public static let errors = Runbook(
    "api-errors", meaning: "Clients get errors.", firstSteps: ["Compare with the last release."])
}

extension Alert {
  public static let highErrorRate = Alert(
    "HighErrorRate", severity: .critical,
    when: Shop.requests.share(where: \.status, is: .serverError).over(.minutes(5)) > .percent(1),
    for: .minutes(5), summary: "more than one request in a hundred fails", runbook: .errors,
    firesOn: .when(
      Shop.requests.where(\.status, is: .serverError).grows(by: 10),
      Shop.requests.where(\.status, is: .success).grows(by: 90)),
    quietOn: .when(Shop.requests.where(\.status, is: .success).grows(by: 100)))
  public static let slow = Alert(
    "SlowResponses", severity: .warning,
    when: Shop.duration.quantile(.percent(95), over: .minutes(5)) > .milliseconds(100),
    for: .minutes(5), summary: "one request in twenty takes longer than 100 ms", runbook: .errors,
    firesOn: Shop.duration.observes(.seconds(1)),
    quietOn: Shop.duration.observes(.milliseconds(50)))
  public static let memory = Alert(
    "HighMemory", severity: .warning,
    when: Shop.residentMemory.of(.backend).now()
      .isAbove(.memoryLimit(of: .backend, times: .percent(80))),
    for: .minutes(5), summary: "a replica is close to its memory limit", runbook: .errors,
    firesOn: .when(
      Shop.residentMemory.of(.backend)
        .stays(at: .memoryLimit(of: .backend, times: .percent(90)))),
    quietOn: .when(Shop.residentMemory.of(.backend).stays(at: .mebibytes(10))))
}

extension Observability {
  public static let shop = Observability(
    alerts: [.highErrorRate, .slow, .memory],
    recordings: [
      Recording("job:http_requests:rate5m", Shop.requests.rate(over: .minutes(5)))
    ],
    dashboards: [
      Dashboard(
        "overview", title: "Shop: overview",
        panels: [
          .heading("Requests"),
          .number("Requests per second", Shop.requests.rate(over: .minutes(5))),
          .graph(
            "By status", Shop.requests.rate(over: .minutes(5), by: \.status)),
          .graph(
            "95 % answered within", Shop.duration.quantile(.percent(95), over: .minutes(5)),
            marks: .slow),
        ])
    ])
}

extension Project {
  public static let shop = Project(
    "Shop", contract: .shop, registry: "registry.example.com/shop",
    home: "https://git.example.com/shop",
    differences: [
      .sizes(because: "one machine is smaller than a cluster"),
      .setting("DATABASE_POOL_SIZE", because: "one developer needs few connections"),
      .service("acme", because: "a laptop has no public name to prove"),
      .service("postgres-replica-1", because: "a laptop has no second machine to read from"),
    ])
}

/// Three environments of every kind, small and boring; a test says only what differs.
public enum ShopEnvironments {
  public static let development = Environment<Development>(
    "dev", cluster: .thisMachine(.cpus(4, memory: .gibibytes(8))),
    configuration: Configuration(stating: [Setting.poolSize(5)]),
    runs: [
      .run(
        .backend, limit: .cpus(1, memory: .gibibytes(1)),
        reserve: .cpus(0.1, memory: .mebibytes(64)), source: .checkout,
        publishes: [.loopback(8000)]),
      .run(
        .pages, limit: .cpus(1, memory: .gibibytes(1)),
        reserve: .cpus(0.1, memory: .mebibytes(64)), source: .checkout),
    ],
    edge: Edge(
      names: PublicNames(site: "localhost", api: "api.localhost"), certificate: .selfSigned,
      forwards: forwards, bodyMax: .mebibytes(10), limit: .cpus(0.5, memory: .mebibytes(128)),
      reserve: .cpus(0.1, memory: .mebibytes(32))),
    database: Database(
      primary: "localhost", replicas: [], maxConnections: 100,
      limit: .cpus(1, memory: .gibibytes(1)), reserve: .cpus(0.1, memory: .mebibytes(128))),
    redis: redis(on: "localhost"), secrets: .madeUp, backups: .none,
    monitoring: Monitoring(
      on: "localhost", keeps: .days(2), storage: .gibibytes(1), prometheus: .small,
      alertmanager: .small, grafana: .small, exporters: .small, publishes: [.loopback(3001)]),
    receivers: .pageOnly, watches: .shop, delivery: .byHand)

  public static let production = production()

  /// The backups of production; tests change one argument.
  public static func nightly(
    at: TimeOfDay = .utc(2, 0), keep: Duration = .days(30), loseAtMost: Duration = .seconds(60),
    bucket: String = "shop-prod-backups", on node: String = "data-1"
  ) -> Backups<Production> {
    .daily(
      at: at, keep: keep, loseAtMost: loseAtMost, backWithin: .minutes(15), bucket: bucket,
      region: "us-east-1", endpoint: "https://s3.example.com", on: node)
  }

  public static func production(
    settings: [Setting] = [Setting.poolSize(10)], backups: Backups<Production> = nightly(),
    backendReserve: Resources = .cpus(1, memory: .gibibytes(1))
  ) -> Environment<Production> {
    Environment<Production>(
      "prod",
      cluster: .nodes(
        [
          Node(
            "edge-1", role: .manager, kinds: [.edge], size: .cpus(4, memory: .gibibytes(8))),
          Node(
            "edge-2", role: .worker, kinds: [.edge], size: .cpus(4, memory: .gibibytes(8))),
          Node("app-1", role: .worker, kinds: [.app], size: .cpus(8, memory: .gibibytes(16))),
          Node("data-1", role: .worker, kinds: [.data], size: .cpus(8, memory: .gibibytes(32))),
          Node("data-2", role: .worker, kinds: [.data], size: .cpus(8, memory: .gibibytes(32))),
        ],
        reachedBy: .ssh(
          host: "edge-1.example.com", user: "deploy", hostKey: .sshHost, key: .sshKey,
          signing: .sshSigning)),
      configuration: Configuration(stating: settings),
      runs: [
        .run(
          .backend, replicas: 3, limit: .cpus(2, memory: .gibibytes(2)),
          reserve: backendReserve),
        .run(
          .pages, replicas: 2, limit: .cpus(1, memory: .gibibytes(1)),
          reserve: .cpus(0.5, memory: .mebibytes(512))),
      ],
      edge: Edge(
        names: PublicNames(
          site: "shop.example.com", also: ["www.shop.example.com"], api: "api.shop.example.com"),
        certificate: .acme(
          directory: "https://acme.example.com/directory", contact: "ops@example.com"),
        forwards: forwards,
        trusting: .ranges(["198.51.100.0/24"], header: "CF-Connecting-IP"),
        bodyMax: .mebibytes(10), limit: .cpus(1, memory: .mebibytes(256)),
        reserve: .cpus(0.25, memory: .mebibytes(64))),
      database: Database(
        primary: "data-1", replicas: ["data-2"], maxConnections: 200,
        limit: .cpus(4, memory: .gibibytes(16)), reserve: .cpus(2, memory: .gibibytes(8))),
      redis: redis(on: "data-1"), secrets: .vault("secret/shop/prod"),
      backups: backups,
      monitoring: Monitoring(
        on: "data-2", keeps: .days(30), storage: .gibibytes(50), prometheus: .small,
        alertmanager: .small, grafana: .small, exporters: .small),
      receivers: Receivers(
        critical: [.pagerDuty(.pagerKey), .slack(.slackWebhook, channel: "#alerts")],
        warning: [.slack(.slackWebhook, channel: "#alerts")], heartbeat: .webhook(.heartbeatURL)),
      watches: .shop,
      delivery: .from(
        branch: "production", tells: [.slack(.slackWebhook, channel: "#deploys")]))
  }

  static let forwards: [Forward] = [
    .routes(Route.shop, to: .backend, .api),
    .exactly("/api/health", to: .pages, .pages),
    .staticFiles(under: "/static/", to: .pages, .pages),
    .everythingElse(to: .pages, .pages),
  ]

  static func redis(on node: String) -> RedisStores {
    RedisStores(
      cache: .on(
        node, memoryMax: .mebibytes(128), limit: .cpus(0.5, memory: .mebibytes(256)),
        reserve: .cpus(0.1, memory: .mebibytes(128))),
      state: .on(
        node, memoryMax: .mebibytes(128), limit: .cpus(0.5, memory: .mebibytes(384)),
        reserve: .cpus(0.1, memory: .mebibytes(128))))
  }
}
