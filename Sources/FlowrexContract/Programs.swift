public import ServiceContract

/// A process of Flowrex and its part of the contract.
///
/// The two-way test starts each and compares what it read, mounted, opened and exported with
/// these lists.
public enum Program: String, Sendable, CaseIterable {
  /// `flowrex serve`: the API and its stream. (S18-ARCH-04)
  case backend
  /// `flowrex worker`: what happens without a request. (S18-ARCH-12)
  case worker
  /// `flowrex migrate up`: once, before a release; and what else works on the database by itself,
  /// `user` and `audit`. (S17-MIG-01)
  case migrate
  /// `flowrex-console`: the pages. (S18-ARCH-03)
  case console
  /// `flowrex venue`: the simulated venue as a process of its own. (S17-ENV-03)
  case venue

  /// What the container runs.
  public var arguments: [String] {
    switch self {
    case .backend: ["flowrex", "serve"]
    case .worker: ["flowrex", "worker"]
    case .migrate: ["flowrex", "migrate", "up"]
    case .console: ["flowrex-console"]
    case .venue: ["flowrex", "venue"]
    }
  }

  /// The variables that it reads.
  public var keys: [KeyDeclaration] {
    typealias Keys = KeyDeclaration
    return switch self {
    case .backend:
      Keys.commonKeys + Keys.processKeys + Keys.publicKeys + Keys.apiKeys + Keys.databaseKeys
        + Keys.poolKeys + Keys.replicaKeys + Keys.redisKeys + Keys.tradingKeys + Keys.riskKeys
    case .worker:
      Keys.commonKeys + Keys.processKeys + Keys.databaseKeys + Keys.poolKeys + Keys.redisKeys
        + Keys.tradingKeys + Keys.riskKeys + Keys.workerKeys + [Setting.backendHost.declaration]
    case .migrate:
      Keys.commonKeys + Keys.databaseKeys + Keys.migrationKeys
        + [Derived.databaseReader.declaration]
    case .console: Keys.commonKeys + Keys.processKeys + Keys.publicKeys + Keys.consoleKeys
    case .venue: Keys.commonKeys + Keys.processKeys + Keys.venueKeys
    }
  }

  /// The secrets that it reads.
  public var secrets: [SecretKey] {
    switch self {
    case .backend: SecretKey.backendSecrets
    case .worker: SecretKey.workerSecrets
    case .migrate: SecretKey.migrationSecrets
    case .console: SecretKey.consoleSecrets
    case .venue: []
    }
  }

  /// What it answers people, on the port that the edge forwards to.
  public var routes: [Route] {
    switch self {
    case .backend: Route.backendRoutes
    case .worker, .migrate, .venue: []
    case .console: Route.consoleRoutes
    }
  }

  /// What it answers other processes, on a port of the inner network that the edge does not know.
  public var peerRoutes: [Route] {
    switch self {
    case .venue: Route.venueRoutes
    case .backend, .worker, .migrate, .console: []
    }
  }

  /// What it answers on its metrics port, which the edge never forwards to. (C-05)
  public var insideRoutes: [Route] {
    switch self {
    case .backend, .console: [.metrics]
    case .worker, .venue: [.metrics, .health, .healthReady, .healthLive]
    case .migrate: []
    }
  }

  /// What it listens on.
  public var ports: [Port] {
    switch self {
    case .backend: [.backend, .backendMetrics]
    case .worker: [.workerMetrics]
    case .migrate: []
    case .console: [.console, .consoleMetrics]
    case .venue: [.venue, .venueMetrics]
    }
  }

  /// What it exports.
  public var metrics: [MetricFamily] {
    switch self {
    case .backend:
      Flowrex.processFamilies + Flowrex.dependencyFamilies + Flowrex.modeFamilies
        + Flowrex.httpFamilies + Flowrex.authFamilies + Flowrex.storeFamilies
        + Flowrex.viewFamilies + Flowrex.decisionFamilies + Flowrex.marketFamilies
    case .worker:
      Flowrex.processFamilies + Flowrex.dependencyFamilies + Flowrex.storeFamilies
        + Flowrex.deliveryFamilies + Flowrex.workerFamilies + Flowrex.marketFamilies
        + Flowrex.bookFamilies
    case .migrate: []
    case .console: Flowrex.processFamilies + Flowrex.consoleFamilies
    case .venue: Flowrex.processFamilies
    }
  }
}
