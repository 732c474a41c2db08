import ServiceContract
import Slipway

extension Component {
  static let books = Component(
    "books", image: Image("ledgerly-books", build: .swift(product: "books")), runs: ["serve"],
    ports: [.metrics],
    health: .command(
      "books", "healthcheck", every: .seconds(10), within: .seconds(3),
      startingWithin: .seconds(20)),
    keys: Contract.ledgerly.keys, reads: [.signingKey], needs: [.internet],
    stopsWithin: .seconds(20))
}

extension Alert {
  static let slowBooking = Alert(
    "SlowBooking", severity: .critical,
    when: Ledgerly.booking.quantile(.percent(99), over: .minutes(5)) > .milliseconds(100),
    for: .minutes(5), summary: "one booking in a hundred takes longer than 100 ms",
    runbook: Runbook(
      "slow-booking", meaning: "Closing the month takes longer than the night.",
      firstSteps: ["Look for a long transaction.", "Add a replica."]),
    firesOn: Ledgerly.booking.observes(.seconds(1)),
    quietOn: Ledgerly.booking.observes(.milliseconds(10)))
}

let production = Environment<Production>(
  "prod",
  cluster: .nodes(
    [
      Node(
        "books-1", role: .manager, kinds: [.app, .data], size: .cpus(4, memory: .gibibytes(8)))
    ],
    reachedBy: .runner(labels: ["self-hosted", "books"])),
  configuration: .ledgerly(overriding: [.currency("EUR")]),
  runs: [
    .run(
      .books, replicas: 2, limit: .cpus(1, memory: .mebibytes(512)),
      reserve: .cpus(0.25, memory: .mebibytes(128)))
  ],
  edge: nil, database: nil, redis: nil,
  secrets: .files(under: "/etc/ledgerly/secrets"),
  backups: .daily(
    at: .utc(1, 0), keep: .days(30), loseAtMost: .minutes(5), backWithin: .hours(1),
    bucket: "ledgerly-backups", region: "eu-central-1", endpoint: "https://s3.example.com",
    on: "books-1"),
  monitoring: Monitoring(
    on: "books-1", keeps: .days(30), storage: .gibibytes(10), prometheus: .part,
    alertmanager: .part, grafana: .part, exporters: .part),
  receivers: Receivers(
    critical: [.pagerDuty(.pager)], warning: [.pagerDuty(.pager)],
    heartbeat: .webhook(.heartbeat)),
  watches: Observability(
    alerts: [.slowBooking],
    dashboards: [
      Dashboard(
        "books", title: "Books",
        panels: [
          .number("Balance", Ledgerly.balance.max),
          .graph("Entries", Ledgerly.entries.rate(over: .minutes(5), by: \.side)),
          .graph(
            "99 % booked within",
            Ledgerly.booking.quantile(.percent(99), over: .minutes(5)), marks: .slowBooking),
        ])
    ]),
  delivery: .from(branch: "main", tells: []))

extension Size {
  static let part = Size(
    limit: .cpus(0.5, memory: .mebibytes(256)), reserve: .cpus(0.05, memory: .mebibytes(64)))
}
