import ExporterCatalogues
import FlowrexContract
import Slipway

/// What Flowrex is made of, in every environment. How much of it runs, and where, is said in
/// `Production.swift`, `Staging.swift` and `Development.swift`.
extension Component {
  static let backend = Component(
    "backend", image: .backend, runs: ["serve"],
    ports: [.backend, .backendMetrics],
    health: .command(
      "flowrex", "healthcheck", every: .seconds(10), within: .seconds(5),
      startingWithin: .seconds(40)),
    keys: Program.backend.keys, reads: Program.backend.secrets,
    needs: [.database, .redis, .internet],
    migrates: .words(
      up: ["migrate", "up"], status: ["migrate", "status", "--report"],
      restored: ["user", "end-sessions"], proof: ["audit", "verify", "--report"],
      keys: Program.migrate.keys, reads: Program.migrate.secrets),
    stopsWithin: .seconds(30))

  static let worker = Component(
    "worker", image: .backend, runs: ["worker"],
    ports: [.workerMetrics],
    health: .command(
      "flowrex", "healthcheck", every: .seconds(10), within: .seconds(5),
      startingWithin: .seconds(40)),
    keys: Program.worker.keys, reads: Program.worker.secrets,
    needs: [.database, .redis, .internet], stopsWithin: .seconds(30))

  static let console = Component(
    "console", image: .console, runs: [],
    ports: [.console, .consoleMetrics],
    health: .command(
      "flowrex-console", "healthcheck", every: .seconds(10), within: .seconds(5),
      startingWithin: .seconds(40)),
    keys: Program.console.keys, reads: Program.console.secrets,
    needs: [], stopsWithin: .seconds(30))
}

/// What the repository builds.
extension Image {
  static let backend = Image(
    "flowrex-backend",
    build: .swift(
      product: "flowrex", pins: .versions("dependencies.txt"), sources: ["environments"],
      buildNeeds: [
        .package("libpq-dev", series: "16.*"), .package("libhiredis-dev", series: "1.2.*"),
        .package("libsqlite3-dev", series: "3.45.*"), .package("libssl-dev", series: "3.0.*"),
      ],
      runtimeNeeds: [
        .certificates, .package("libpq5", series: "16.*"),
        .package("libhiredis1.1.0", series: "1.2.*"),
        .package("libsqlite3-0", series: "3.45.*"), .package("libssl3t64", series: "3.0.*"),
      ],
      schema: ["migrate", "version"]))

  static let console = Image(
    "flowrex-console",
    build: .swift(
      product: "flowrex-console", pins: .versions("dependencies.txt"), sources: ["environments"]))
}

extension Project {
  static let flowrex = Project(
    "Flowrex", contract: .flowrex, exporters: ExporterCatalogues.all,
    registry: "registry.flowrex.app/flowrex",
    home: "https://git.flowrex.app/platform",
    differences: .flowrex)
}
