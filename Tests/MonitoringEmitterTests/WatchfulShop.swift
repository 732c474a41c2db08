import Fixtures
import ServiceContract
import Slipway

// An environment whose alerts have every shape that decides which labels reach a notification.

enum Region: String, LabelValue { case north, south, west }

struct RegionLabels: LabelSet {
  let region: ServiceContract.Label<Region> = "region"
}

struct DiskLabels: LabelSet {
  let device: OpenLabel = "device"
  let mount: OpenLabel = "mountpoint"
}

enum Watched {
  static let queue = Gauge<RegionLabels, Count>("queue_items", "Waiting.")
  static let open = Gauge<RegionLabels, Count>("shop_open", "1 while a region sells.")
  static let sales = Counter<RegionLabels>("sales_total", "Sold.")
  static let failures = Counter<RegionLabels>("sale_failures_total", "Not sold.")
  static let free = Gauge<DiskLabels, ByteCount>("disk_free_bytes", "Free.")
  static let backup = Gauge<Unlabelled, Moment>("backup_timestamp_seconds", "Last copy.")
  static let certificate = Gauge<Unlabelled, Moment>("certificate_end_seconds", "Last day.")
  static let wait = Histogram<RegionLabels, Duration>(
    "wait_seconds", buckets: [.milliseconds(100), .milliseconds(500), .seconds(5)], "Wait.")

  static let page = Runbook("shop-trouble", meaning: "People wait.", firstSteps: ["Look."])
  static let hostile = Runbook(
    "odd", meaning: "`{{ $labels.x }}` means \"nothing\": 100 % on\n0123, #no, é🙂 $HOME ${X}.",
    firstSteps: ["Look."])
  static let kept = Objective(
    "sales", .percent(99.9), over: .days(30), bad: failures.share(of: sales))
}

/// Each alert is one shape; the last word says what is odd about it.
enum WatchfulAlerts {
  static let all: [Alert] = [
    someOfSeveral, byLabel, withoutLabels, eachAndOpen, eitherSide, joined, burning, absent,
    falling, predicted, old, ending, noSales, quantile, multiplied, rewritten, ranked, hostile,
    offset,
  ]

  private static let north = Watched.queue.where(\.region, is: .north)
  private static let south = Watched.queue.where(\.region, is: .south)

  private static func waiting(_ region: Region, _ time: Duration) -> Case {
    let series = Watched.wait.where(\.region, is: region)
      .observes(time, buckets: Watched.wait.buckets)
    return .when(series[0], series[1], series[2], series[3], series[4])
  }

  /// One of three series is beyond the bound: one instance fires, with its label.
  static let someOfSeveral = Alert(
    "QueueLong", severity: .warning, when: Watched.queue.now > 10, for: .minutes(5),
    summary: "a queue is long", runbook: Watched.page,
    firesOn: .when(
      north.stays(at: 20), south.stays(at: 5),
      Watched.queue.where(\.region, is: .west).stays(at: 11)),
    quietOn: .when(north.stays(at: 10)))
  static let byLabel = Alert(
    "QueueLongByRegion", severity: .warning, when: Watched.queue.all.max(by: \.region) > 10,
    for: .zero, summary: "a queue is long", runbook: Watched.page,
    firesOn: .when(north.stays(at: 20), south.stays(at: 30)), quietOn: .when(south.stays(at: 1)))
  static let withoutLabels = Alert(
    "QueuesLong", severity: .critical, when: Watched.queue.sum > 10, for: .minutes(1),
    summary: "queues are long", runbook: Watched.page,
    firesOn: .when(north.stays(at: 6), south.stays(at: 6)),
    quietOn: .when(north.stays(at: 6), south.stays(at: 4)))
  static let eachAndOpen = Alert(
    "QueueLongWhileOpen", severity: .warning,
    when: (Watched.queue.now > 10) && (Watched.open.now == 1), for: .minutes(5),
    summary: "a queue is long while its region sells", runbook: Watched.page,
    firesOn: .when(
      north.stays(at: 20), south.stays(at: 20),
      Watched.open.where(\.region, is: .north).stays(at: 1),
      Watched.open.where(\.region, is: .south).stays(at: 0)),
    quietOn: .when(north.stays(at: 20), Watched.open.where(\.region, is: .south).stays(at: 1)))
  static let eitherSide = Alert(
    "QueueOdd", severity: .warning, when: (Watched.queue.now > 10) || (Watched.queue.now < 1),
    for: .minutes(5), summary: "a queue is long or empty", runbook: Watched.page,
    firesOn: .when(north.stays(at: 20), south.stays(at: 0)), quietOn: .when(north.stays(at: 5)))
  static let joined = Alert(
    "NoSalesWhileOpen", severity: .critical,
    when: (Watched.sales.increase(over: .hours(1)) == 0)
      .and(atTheSameTime: Watched.open.max == 1), for: .hours(2),
    summary: "nothing is sold although the shop is open", runbook: Watched.page,
    firesOn: .when(
      Watched.sales.where(\.region, is: .north).grows(by: 0),
      Watched.open.where(\.region, is: .north).stays(at: 1)),
    quietOn: .when(
      Watched.sales.where(\.region, is: .north).grows(by: 0),
      Watched.open.where(\.region, is: .north).stays(at: 0)))
  static let burning = Alert(
    "SalesBudgetBurns", severity: .critical,
    when: Watched.kept.burns(14.4, over: .hours(6), and: .minutes(5)), for: .minutes(2),
    summary: "the budget of failed sales burns", runbook: Watched.page,
    firesOn: .when(
      Watched.sales.where(\.region, is: .north).grows(by: 1000),
      Watched.failures.where(\.region, is: .north).grows(by: 20)),
    quietOn: .when(
      Watched.sales.where(\.region, is: .north).grows(by: 1000),
      Watched.failures.where(\.region, is: .north).grows(by: 1)))
  static let absent = Alert(
    "QueueUnknown", severity: .critical,
    when: .absent(Watched.queue.where(\.region, is: .north).scraped(from: "backend")),
    for: .minutes(5), summary: "nobody says how long the queue is", runbook: Watched.page,
    firesOn: .when(south.stays(at: 1)),
    quietOn: .when(
      Watched.queue.where(\.region, is: .north).scraped(from: "backend").stays(at: 1)))
  /// Reaches its bound only after an hour and a half.
  static let falling = Alert(
    "DiskFull", severity: .critical, when: Watched.free.now < .gibibytes(10), for: .minutes(5),
    summary: "a disk is full", runbook: Watched.page,
    firesOn: .when(
      Watched.free.where(\.device, is: "sda").falls(from: .gibibytes(100), by: .gibibytes(1)),
      Watched.free.where(\.device, is: "sdb").stays(at: .gibibytes(50))),
    quietOn: .when(Watched.free.where(\.device, is: "sda").stays(at: .gibibytes(11))))
  static let predicted = Alert(
    "DiskFillsUp", severity: .warning,
    when: Watched.free.all.predicted(in: .hours(4), from: .hours(1)) < .gibibytes(0),
    for: .minutes(10), summary: "a disk will be full in four hours", runbook: Watched.page,
    firesOn: .when(
      Watched.free.where(\.device, is: "sda").falls(from: .gibibytes(100), by: .gibibytes(1))),
    quietOn: .when(Watched.free.where(\.device, is: "sda").stays(at: .gibibytes(11))))
  static let old = Alert(
    "BackupOld", severity: .critical, when: Watched.backup.age() > .hours(26), for: .zero,
    summary: "the last copy is old", runbook: Watched.page,
    firesOn: .when(Watched.backup.all.lies(before: .hours(27))),
    quietOn: .when(Watched.backup.all.lies(before: .hours(1))))
  static let ending = Alert(
    "CertificateEnds", severity: .warning, when: Watched.certificate.timeLeft() < .days(14),
    for: .hours(1), summary: "a certificate ends soon", runbook: Watched.page,
    firesOn: .when(Watched.certificate.all.lies(after: .days(10))),
    quietOn: .when(Watched.certificate.all.lies(after: .days(40))))
  static let noSales = Alert(
    "SalesFail", severity: .warning,
    when: Watched.failures.all.share(with: Watched.sales.all, over: .minutes(5)) > .percent(50),
    for: .minutes(5), summary: "half of the sales fail", runbook: Watched.page,
    firesOn: .when(
      Watched.failures.where(\.region, is: .north).grows(by: 9),
      Watched.sales.where(\.region, is: .south).grows(by: 1)),
    quietOn: .when(
      Watched.failures.where(\.region, is: .north).grows(by: 1),
      Watched.sales.where(\.region, is: .south).grows(by: 9)))
  static let quantile = Alert(
    "WaitsLong", severity: .warning,
    when: Watched.wait.quantile(.percent(95), over: .minutes(5), by: \.region)
      > .milliseconds(500),
    for: .minutes(5), summary: "people of a region wait", runbook: Watched.page,
    firesOn: waiting(.north, .seconds(2)) + waiting(.south, .milliseconds(50)),
    quietOn: waiting(.south, .milliseconds(50)))
  static let multiplied = Alert(
    "QueueShareLong", severity: .warning,
    when: Query<Ratio>.raw("queue_items / on (region) group_left (shop) (shop_open * 100)")
      > .percent(50),
    for: .minutes(5), summary: "a queue is long for its shop", runbook: Watched.page,
    firesOn: .when(
      north.stays(at: 60), south.stays(at: 40),
      Watched.open.where(\.region, is: .north).stays(at: 1),
      Watched.open.where(\.region, is: .south).stays(at: 1)),
    quietOn: .when(north.stays(at: 60)))
  /// Its labels cannot be told beforehand.
  static let rewritten = Alert(
    "QueueRenamed", severity: .warning,
    when: Query<Count>.raw(
      #"label_replace(queue_items, "place", "$1", "region", "(n.*)") > 10"#) > 10,
    for: .minutes(5), summary: "a queue is long", runbook: Watched.page,
    firesOn: .when(north.stays(at: 20)), quietOn: .when(north.stays(at: 1)))
  static let ranked = Alert(
    "QueueLongest", severity: .warning,
    when: Query<Count>.raw(#"topk(1, queue_items{region=~"n.+|s.+"})"#) > 10,
    for: .minutes(5), summary: "the longest queue is long", runbook: Watched.page,
    firesOn: .when(
      north.stays(at: 20), south.stays(at: 30),
      Watched.queue.where(\.region, is: .west).stays(at: 99)),
    quietOn: .when(north.stays(at: 1)))
  static let hostile = Alert(
    "Odd", severity: .warning, when: Watched.queue.now > 10, for: .seconds(90),
    summary: "{{ .Labels }} {{{ \"on\": 'no' # $1 }} \\ end", runbook: Watched.hostile,
    firesOn: .when(
      Watched.free.where(\.device, is: #"{{ $x }} "quoted" \ 0123"#).stays(at: .gibibytes(1)),
      north.stays(at: 20)),
    quietOn: .when(north.stays(at: 1)))
  static let offset = Alert(
    "QueueGrew", severity: .warning,
    when: Query<Count>.raw("queue_items - queue_items offset 30m") > 10, for: .minutes(5),
    summary: "a queue grew", runbook: Watched.page,
    firesOn: .when(north.moves(from: 0, by: 1), south.stays(at: 100)),
    quietOn: .when(north.stays(at: 50)))
}

enum WatchfulShop {
  static let panels: [Panel] =
    [.heading("Queues")]
    + [
      .number("Now", Watched.queue.sum, marks: WatchfulAlerts.withoutLabels),
      .number("Now", Watched.queue.sum), .number("Least", Watched.queue.min),
      .number("Most", Watched.queue.max), .number("Free", Watched.free.min),
      .graph("Queues", Watched.queue.now, marks: WatchfulAlerts.someOfSeveral),
      .graph(
        "By region", Watched.queue.all.max(by: \.region), marks: WatchfulAlerts.byLabel),
      .graph("Free", Watched.free.now, marks: WatchfulAlerts.falling),
      .heading("Sales"),
      .gauge(
        "Failing", Watched.kept.failing(over: .minutes(5)), marks: WatchfulAlerts.burning),
      .graph("Per second", Watched.sales.rate(over: .minutes(5), by: \.region)),
    ]

  static let observability = Observability(
    alerts: WatchfulAlerts.all,
    recordings: [Recording("shop:queue_items:sum", Watched.queue.sum)],
    dashboards: [
      Dashboard("queues", title: "Queues, {{ \"all\" }} of $them", panels: panels),
      Dashboard(
        "a-name-that-is-longer-than-grafana-takes-for-an-address", title: "Long",
        panels: [.number("Now", Watched.queue.sum)]),
    ])

  static func environment(
    receivers: Receivers<Staging>, watches: Observability = observability
  ) -> Environment<Staging> {
    Environment<Staging>(
      "staging",
      cluster: .nodes(
        [
          Node(
            "one", role: .manager, kinds: NodeKind.allCases, size: .cpus(4, memory: .gibibytes(8)))
        ],
        reachedBy: .runner(labels: ["staging"])),
      configuration: Configuration(stating: []),
      runs: [
        .run(
          .backend, replicas: 2, limit: .cpus(1, memory: .gibibytes(1)),
          reserve: .cpus(0.1, memory: .mebibytes(64)))
      ],
      edge: nil, database: nil, redis: nil, secrets: .files(under: "/srv/secrets"),
      backups: .daily(
        at: .utc(2, 0), keep: .days(7), loseAtMost: .seconds(60), backWithin: .minutes(15),
        bucket: "b", region: "r", endpoint: "https://s3.example.com", on: "one"),
      monitoring: Monitoring(
        on: "one", scrapesEvery: .seconds(10), keeps: .days(2), storage: .gibibytes(1),
        prometheus: .small, alertmanager: .small, grafana: .small, exporters: .small),
      receivers: receivers, watches: watches, delivery: .from(branch: "main", tells: []))
  }

  static let environment = environment(
    receivers: Receivers(
      critical: [.slack(.slackWebhook, channel: "#alerts"), .webhook(.heartbeatURL)],
      warning: [.slack(.slackWebhook, channel: "#later")], heartbeat: .webhook(.heartbeatURL)))
}

enum ShopEnvironmentsWithout {
  /// A deployed environment in which only the heartbeat is heard.
  static let receivers = WatchfulShop.environment(
    receivers: Receivers(critical: [], warning: [], heartbeat: .webhook(.heartbeatURL)))
}
