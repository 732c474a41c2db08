import FlowrexContract
import Slipway

/// For real money, once an adapter reaches a live broker: redundant, watched. (S17-ENV-16…22)
let production = Environment<Production>(
  "prod",
  cluster: .nodes(
    [.edge1, .edge2, .app1, .app2, .app3, .data1, .data2, .data3],
    reachedBy: .ssh(
      host: "edge-1.flowrex.app", user: "deploy",
      hostKey: .deployHostKey, key: .deployKey, signing: .deploySigningKey)),
  configuration: .flowrex(trading: .paper),
  runs: [
    .run(
      .backend, replicas: 5,
      limit: .cpus(2, memory: .gibibytes(2)),
      reserve: .cpus(1, memory: .gibibytes(1))),
    .run(
      .console, replicas: 3,
      limit: .cpus(1, memory: .gibibytes(1)),
      reserve: .cpus(0.5, memory: .mebibytes(512))),
    .run(
      .worker, replicas: 2,
      limit: .cpus(1, memory: .gibibytes(1)),
      reserve: .cpus(0.5, memory: .mebibytes(512)),
      overriding: [.poolSize(5)]),
  ],
  edge: Edge(
    names: PublicNames(
      site: "flowrex.app", also: ["www.flowrex.app"], api: "api.flowrex.app"),
    certificate: .acme(
      directory: "https://acme-v02.api.letsencrypt.org/directory",
      contact: "operations@flowrex.app"),
    forwards: .flowrex,
    trusting: .contentDelivery,
    bodyMax: .mebibytes(10),
    limit: .cpus(2, memory: .mebibytes(512)),
    reserve: .cpus(0.5, memory: .mebibytes(128))),
  database: Database(
    primary: "data-1", replicas: ["data-2", "data-3"], maxConnections: 200,
    limit: .cpus(6, memory: .gibibytes(24)),
    reserve: .cpus(4, memory: .gibibytes(16))),
  redis: RedisStores(
    cache: .on(
      "data-2", memoryMax: .gibibytes(1),
      limit: .cpus(1, memory: .mebibytes(1536)),
      reserve: .cpus(0.25, memory: .gibibytes(1))),
    state: .on(
      "data-3", memoryMax: .gibibytes(1),
      limit: .cpus(1, memory: .mebibytes(2560)),
      reserve: .cpus(0.25, memory: .gibibytes(1)))),
  secrets: .vault("secret/flowrex/prod"),
  backups: .daily(
    at: .utc(2, 0), keep: .days(30), loseAtMost: .seconds(60), backWithin: .minutes(15),
    bucket: "flowrex-prod-backups", region: "us-east-1",
    endpoint: "https://s3.us-east-1.amazonaws.com", on: "data-1"),
  monitoring: Monitoring(
    on: "data-3", keeps: .days(30), storage: .gibibytes(80),
    prometheus: .prometheus, alertmanager: .small, grafana: .small, exporters: .exporter,
    reachedBy: .throughSSH(port: 3000)),
  receivers: Receivers(
    critical: [.pagerDuty(.pagerDutyKey), .slack(.slackWebhook, channel: "#flowrex-alerts")],
    warning: [.slack(.slackWebhook, channel: "#flowrex-alerts")],
    heartbeat: .webhook(.heartbeatURL)),
  watches: .production,
  delivery: .from(
    branch: "production", after: "staging",
    tells: [.slack(.slackWebhook, channel: "#flowrex-deploys")]))

/// The machines of production. (S18-ARCH-10…13)
extension Node {
  static let edge1 = Node("edge-1", role: .manager, kinds: [.edge], size: .edgeMachine)
  static let edge2 = Node("edge-2", role: .manager, kinds: [.edge], size: .edgeMachine)
  static let app1 = Node("app-1", role: .manager, kinds: [.app], size: .appMachine)
  static let app2 = Node("app-2", role: .worker, kinds: [.app], size: .appMachine)
  static let app3 = Node("app-3", role: .worker, kinds: [.app], size: .appMachine)
  static let data1 = Node("data-1", role: .worker, kinds: [.data], size: .dataMachine)
  static let data2 = Node("data-2", role: .worker, kinds: [.data], size: .dataMachine)
  static let data3 = Node("data-3", role: .worker, kinds: [.data], size: .dataMachine)
}

extension Resources {
  static let edgeMachine = Resources.cpus(4, memory: .gibibytes(8))
  static let appMachine = Resources.cpus(8, memory: .gibibytes(16))
  static let dataMachine = Resources.cpus(8, memory: .gibibytes(32))
}
