import FlowrexContract
import Slipway

/// A developer's machine: everything at once, simulated broker, no limits on rate. (S17-ENV-01…08)
let development = Environment<Development>(
  "dev",
  cluster: .thisMachine(.cpus(4, memory: .gibibytes(16))),
  configuration: .flowrex(),
  runs: [
    .run(
      .backend,
      limit: .cpus(2, memory: .gibibytes(1)),
      reserve: .cpus(0.1, memory: .mebibytes(64)),
      source: .checkout(reload: .onChange), publishes: [.loopback(8000)]),
    .run(
      .worker,
      limit: .cpus(1, memory: .mebibytes(512)),
      reserve: .cpus(0.1, memory: .mebibytes(64)),
      source: .checkout(reload: .onChange)),
    .run(
      .console,
      limit: .cpus(1, memory: .mebibytes(512)),
      reserve: .cpus(0.1, memory: .mebibytes(64)),
      source: .checkout(reload: .onChange), publishes: [.loopback(3000)]),
  ],
  edge: Edge(
    names: PublicNames(site: "localhost", api: "api.localhost"),
    certificate: .selfSigned,
    forwards: .flowrex,
    bodyMax: .mebibytes(10),
    limit: .cpus(0.5, memory: .mebibytes(128)),
    reserve: .cpus(0.05, memory: .mebibytes(32))),
  database: Database(
    primary: "localhost", replicas: [], maxConnections: 100,
    limit: .cpus(1, memory: .gibibytes(1)),
    reserve: .cpus(0.1, memory: .mebibytes(128)),
    publishes: [.loopback(5432)]),
  redis: RedisStores(
    cache: .on(
      "localhost", memoryMax: .mebibytes(64),
      limit: .cpus(0.5, memory: .mebibytes(128)),
      reserve: .cpus(0.05, memory: .mebibytes(32))),
    state: .on(
      "localhost", memoryMax: .mebibytes(64),
      limit: .cpus(0.5, memory: .mebibytes(192)),
      reserve: .cpus(0.05, memory: .mebibytes(32)))),
  secrets: .madeUp,
  backups: .none,
  monitoring: Monitoring(
    on: "localhost", keeps: .days(3), storage: .gibibytes(1),
    prometheus: .development, alertmanager: .development, grafana: .development,
    exporters: .exporter, publishes: [.loopback(3001)]),
  receivers: .pageOnly,
  watches: .development,
  delivery: .byHand)
