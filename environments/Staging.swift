import FlowrexContract
import Slipway

/// Like production, on one machine, with paper money. (S17-ENV-09…15)
let staging = Environment<Staging>(
  "staging",
  cluster: .nodes(
    [
      Node(
        "staging-1", role: .manager, kinds: [.edge, .app, .data],
        size: .cpus(8, memory: .gibibytes(32)))
    ],
    reachedBy: .ssh(
      host: "staging-1.flowrex.app", user: "deploy",
      hostKey: .deployHostKey, key: .deployKey, signing: .deploySigningKey)),
  configuration: .flowrex(trading: .paper),
  runs: [
    .run(
      .backend, replicas: 2,
      limit: .cpus(2, memory: .gibibytes(2)),
      reserve: .cpus(0.5, memory: .gibibytes(1))),
    .run(
      .worker,
      limit: .cpus(1, memory: .gibibytes(1)),
      reserve: .cpus(0.25, memory: .mebibytes(512))),
    .run(
      .console, replicas: 2,
      limit: .cpus(1, memory: .gibibytes(1)),
      reserve: .cpus(0.25, memory: .mebibytes(512))),
  ],
  edge: Edge(
    names: PublicNames(site: "staging.flowrex.app", api: "api.staging.flowrex.app"),
    certificate: .acme(
      directory: "https://acme-v02.api.letsencrypt.org/directory",
      contact: "operations@flowrex.app"),
    forwards: .flowrex,
    trusting: .contentDelivery,
    bodyMax: .mebibytes(10),
    limit: .cpus(1, memory: .mebibytes(256)),
    reserve: .cpus(0.1, memory: .mebibytes(64))),
  database: Database(
    primary: "staging-1", replicas: ["staging-1"], maxConnections: 100,
    limit: .cpus(2, memory: .gibibytes(4)),
    reserve: .cpus(0.5, memory: .gibibytes(2))),
  redis: RedisStores(
    cache: .on(
      "staging-1", memoryMax: .mebibytes(256),
      limit: .cpus(0.5, memory: .mebibytes(384)),
      reserve: .cpus(0.1, memory: .mebibytes(256))),
    state: .on(
      "staging-1", memoryMax: .mebibytes(256),
      limit: .cpus(0.5, memory: .mebibytes(640)),
      reserve: .cpus(0.1, memory: .mebibytes(256)))),
  secrets: .vault("secret/flowrex/staging"),
  backups: .daily(
    at: .utc(2, 0), keep: .days(14), loseAtMost: .seconds(60), backWithin: .minutes(15),
    bucket: "flowrex-staging-backups", region: "us-east-1",
    endpoint: "https://s3.us-east-1.amazonaws.com", on: "staging-1"),
  monitoring: Monitoring(
    on: "staging-1", keeps: .days(15), storage: .gibibytes(20),
    prometheus: .prometheus, alertmanager: .small, grafana: .small, exporters: .exporter,
    reachedBy: .throughSSH(port: 3002)),
  receivers: Receivers(
    critical: [.slack(.slackWebhook, channel: "#flowrex-staging")],
    warning: [.slack(.slackWebhook, channel: "#flowrex-staging")],
    heartbeat: .webhook(.heartbeatURL)),
  watches: .staging,
  delivery: .from(
    branch: "main",
    tells: [.slack(.slackWebhook, channel: "#flowrex-deploys")]))
