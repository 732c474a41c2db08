import Fixtures
import ServiceContract
import Slipway
import SlipwayModel

/// Every number that people write into an environment, and the environment made of them.
struct Extremes {
  var replicas = 1
  var limit = Resources.cpus(1, memory: .gibibytes(1))
  var reserve = Resources.cpus(0.5, memory: .mebibytes(512))
  var port = 8000
  var stopsWithin = Duration.seconds(30)
  var every = Duration.seconds(10)
  var within = Duration.seconds(5)
  var startingWithin = Duration.seconds(40)
  var retries = 3
  var edge = Resources.cpus(1, memory: .mebibytes(256))
  var bodyMax = ByteCount.mebibytes(10)
  var database = Resources.cpus(2, memory: .gibibytes(4))
  var maxConnections = 100
  var jobTime = Duration.hours(1)
  var jobLimit = Resources.cpus(1, memory: .gibibytes(1))
  var store = Resources.cpus(0.5, memory: .mebibytes(384))
  var monitoring = Resources.cpus(1, memory: .gibibytes(1))
  var poolSize = 10
  var statement = Duration.seconds(4)
  var memoryMax = ByteCount.mebibytes(128)
  var keep = Duration.days(30)
  var loseAtMost = Duration.seconds(60)
  var backWithin = Duration.minutes(15)
  var hour = 2
  var minute = 0
  var scrapesEvery = Duration.seconds(15)
  var keeps = Duration.days(30)
  var storage = ByteCount.gibibytes(50)
  var hold = Duration.minutes(5)
  var threshold: ExactDecimal = 0.01
  var window = Duration.minutes(5)
  var value: ExactDecimal = 3
  var node = Resources.cpus(16, memory: .gibibytes(64))
  var sshPort = 22
  var secretVersion = 2
  var answersWithin = Duration.seconds(8)
  var perMinute = 60
  var burst = 10
  var strength = 256
  var rotate = Duration.days(90)
  var until = Day.day(2099, 1, 1)

  var project: Project {
    let shop = Contract.shop
    let limit = LimitClass("reads", perMinute: perMinute, burst: burst)
    let contract = Contract(
      name: shop.name, metrics: shop.metrics, keys: shop.keys, secrets: shop.secrets + [secret],
      routes: [
        .get("/api/v1/things", auth: .user, limit: limit, within: answersWithin, "Things.")
      ], ports: shop.ports, limits: [limit], bindings: shop.bindings, timeouts: shop.timeouts)
    var project = Project(
      "Shop", contract: contract, registry: "registry.example.com/shop",
      home: "https://git.example.com/shop")
    project.waivers = [
      .waive(
        .timeoutsGrowOutwards, in: "prod", because: "it is tried", owner: "tests", until: until)
    ]
    return project
  }

  private var secret: SecretKey {
    SecretKey("EXTREME_KEY", atLeast: strength, rotate: rotate, "As strong as is written.")
  }

  private var component: Component {
    Component(
      "backend", image: .shop, runs: ["serve"],
      ports: [Port("backend-http", port, reach: .edge), .metrics],
      health: .command(
        "shop", "healthcheck", every: every, within: within, retries: retries,
        startingWithin: startingWithin),
      keys: Contract.shop.keys,
      reads: [.databasePassword, .readerPassword, .redisPassword, secret],
      needs: [.database, .redis, .internet],
      migrates: .words(
        up: ["migrate"], status: ["migrate", "status"], keys: Contract.shop.keys,
        reads: [.databasePassword]), stopsWithin: stopsWithin)
  }

  private var alert: Alert {
    Alert(
      "Extreme", severity: .warning,
      when: Shop.requests.share(where: \.status, is: .serverError).over(window)
        > Ratio(threshold),
      for: hold, summary: "it is too much", runbook: .errors,
      firesOn: .when(
        Shop.requests.where(\.status, is: .serverError).grows(by: Int(value.mantissa))),
      quietOn: .when(Shop.requests.where(\.status, is: .success).grows(by: 100)))
  }

  func environment() -> Environment<Production> {
    let port = Port("backend-http", port, reach: .edge)
    let size = Size(limit: monitoring, reserve: .cpus(0.5, memory: .mebibytes(512)))
    let store = RedisServer.on(
      "one", memoryMax: memoryMax, limit: self.store,
      reserve: .cpus(0.1, memory: .mebibytes(128)))
    let job = JobLimit.within(jobTime, limit: jobLimit)
    return Environment<Production>(
      "prod",
      cluster: .nodes(
        [Node("one", role: .manager, kinds: [.edge, .app, .data], size: node)],
        reachedBy: .ssh(
          host: "one.example.com", port: sshPort, user: "deploy", hostKey: .sshHost,
          key: .sshKey, signing: .sshSigning)),
      configuration: Configuration(
        stating: [Setting.poolSize(poolSize), Setting.statementTimeout(statement)]),
      runs: [.run(component, replicas: replicas, limit: limit, reserve: reserve)],
      edge: Edge(
        names: PublicNames(site: "shop.example.com", api: "api.shop.example.com"),
        certificate: .acme(
          directory: "https://acme.example.com/directory", contact: "ops@example.com"),
        forwards: [.routes(project.contract.routes, to: component, port)], bodyMax: bodyMax,
        limit: edge, reserve: .cpus(0.1, memory: .mebibytes(32))),
      database: Database(
        primary: "one", replicas: [], maxConnections: maxConnections, limit: database,
        reserve: .cpus(0.5, memory: .gibibytes(1)),
        jobs: DatabaseJobs(dumps: job, copies: job, migration: job, others: job)),
      redis: RedisStores(cache: store, state: store),
      secrets: .vault("secret/shop/prod", versions: [.version(secretVersion, of: secret)]),
      backups: .daily(
        at: .utc(hour, minute), keep: keep, loseAtMost: loseAtMost, backWithin: backWithin,
        bucket: "b", region: "r", endpoint: "https://s3.example.com", on: "one"),
      monitoring: Monitoring(
        on: "one", scrapesEvery: scrapesEvery, keeps: keeps, storage: storage, prometheus: size,
        alertmanager: .small, grafana: .small, exporters: .small),
      receivers: Receivers(
        critical: [.pagerDuty(.pagerKey)], warning: [.pagerDuty(.pagerKey)],
        heartbeat: .webhook(.heartbeatURL)),
      watches: Observability(alerts: [alert], dashboards: []),
      delivery: .from(branch: "main", tells: []))
  }
}
