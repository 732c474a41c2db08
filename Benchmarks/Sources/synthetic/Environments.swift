import ServiceContract
import Slipway

extension Component {
  static let api = worker("api")
  static let jobs = worker("jobs")
  static let mail = worker("mail")

  private static func worker(_ name: String) -> Component {
    Component(
      name, image: Image("synthetic-\(name)", build: .swift(product: name)), runs: ["serve"],
      ports: [.metrics],
      health: .command(
        name, "healthcheck", every: .seconds(10), within: .seconds(3),
        startingWithin: .seconds(20)),
      keys: [], reads: [.signingKey], needs: [.internet], stopsWithin: .seconds(20))
  }
}

extension Runbook {
  static let slow = Runbook(
    "slow", meaning: "People wait.", firstSteps: ["Compare with the last release."])
}

extension Alert {
  static let errors = Alert(
    "Errors", severity: .critical,
    when: Metrics.requests.share(where: \.status, is: .serverError).over(.minutes(5))
      > .percent(1),
    for: .minutes(5), summary: "more than one request in a hundred fails", runbook: .slow,
    firesOn: .when(
      Metrics.requests.where(\.status, is: .serverError).grows(by: 10),
      Metrics.requests.where(\.status, is: .success).grows(by: 90)),
    quietOn: .when(Metrics.requests.where(\.status, is: .success).grows(by: 100)))
  static let slow = Alert(
    "Slow", severity: .warning,
    when: Metrics.duration.quantile(.percent(95), over: .minutes(5)) > .milliseconds(100),
    for: .minutes(5), summary: "one request in twenty takes longer than 100 ms", runbook: .slow,
    firesOn: Metrics.duration.observes(.seconds(1)),
    quietOn: Metrics.duration.observes(.milliseconds(50)))
}

extension Dashboard {
  static let overview = Dashboard(
    "overview", title: "Overview",
    panels: [
      .number("Requests per second", Metrics.requests.rate(over: .minutes(5))),
      .graph(
        "95 % answered within", Metrics.duration.quantile(.percent(95), over: .minutes(5)),
        marks: .slow),
    ])
}

extension Size {
  static let part = Size(
    limit: .cpus(0.5, memory: .mebibytes(256)), reserve: .cpus(0.05, memory: .mebibytes(64)))
}

/// One of many: three services of its own on one machine, and all that watches them.
func environment(_ number: Int) -> Environment<Production> {
  let node = "machine-\(number)"
  return Environment<Production>(
    "site-\(number)",
    cluster: .nodes(
      [Node(node, role: .manager, kinds: [.app, .data], size: .cpus(8, memory: .gibibytes(16)))],
      reachedBy: .runner(labels: ["self-hosted", node])),
    configuration: Configuration(stating: []),
    runs: [.api, .jobs, .mail].map { component in
      .run(
        component, replicas: 1 + number % 3, limit: .cpus(1, memory: .mebibytes(512)),
        reserve: .cpus(0.25, memory: .mebibytes(128)))
    },
    edge: nil, database: nil, redis: nil, secrets: .files(under: "/etc/synthetic/\(number)"),
    backups: .daily(
      at: .utc(1, 0), keep: .days(30), loseAtMost: .minutes(5), backWithin: .hours(1),
      bucket: "backups-\(number)", region: "eu-central-1", endpoint: "https://s3.example.com",
      on: node),
    monitoring: Monitoring(
      on: node, keeps: .days(30), storage: .gibibytes(10), prometheus: .part, alertmanager: .part,
      grafana: .part, exporters: .part),
    receivers: Receivers(
      critical: [.pagerDuty(.pager)], warning: [.pagerDuty(.pager)],
      heartbeat: .webhook(.heartbeat)),
    watches: Observability(alerts: [.errors, .slow], dashboards: [.overview]),
    delivery: .from(branch: "site-\(number)", tells: []))
}
