package import PromQL
package import ServiceContract
package import Slipway
package import SlipwayDiagnostics

/// An environment in which every default is filled in and every name has become a value; it knows
/// no engine and no file format.
package struct ResolvedEnvironment: Sendable {
  package let name: String
  package let stage: StageKind
  package var project: Project
  package let specification: Specification
  package let lock: ImageLock
  package var nodes: [Node]
  package var networks: [ResolvedNetwork]
  package var volumes: [ResolvedVolume]
  package var services: [ResolvedService]
  package var secrets: [ResolvedSecret]
  package var edge: ResolvedEdge?
  package var scrapes: [ScrapeJob]
  package var alerts: [ResolvedAlert]
  package var recordings: [Recording]
  /// The specification's alerts and the standard ones. Joined once, when all else is resolved:
  /// many emitters ask, and the series of their tests are long.
  package internal(set) var ruleAlerts: [RuleAlert] = []
  /// How a release's image works on the database; `nil` where none does.
  package internal(set) var migration: ResolvedMigration?

  /// The prefix of everything an engine names: `shop-prod`.
  package var stack: String { "\(project.contract.name)-\(name)" }
  package var origin: Origin { specification.origin }
  package func service(_ name: String) -> ResolvedService? { services.first { $0.name == name } }
}

/// The words that a release's image runs on its database, with what they are told.
package struct ResolvedMigration: Sendable, Hashable {
  /// The component whose image it is.
  package let component: String
  package let image: ImageReference
  package let words: Migration
  /// Plain configuration, never a secret. (C-16)
  package let environment: [EnvironmentEntry]
  package let secrets: [SecretMount]
}

/// A network, and whether it leads outside.
package struct ResolvedNetwork: Sendable, Hashable {
  package let name: String
  /// Containers on it alone reach nothing outside the environment.
  package let isInternal: Bool
  package let purpose: String
}

/// A named volume and the node that owns it.
package struct ResolvedVolume: Sendable, Hashable {
  package let name: String
  package let owner: Placement
  package let purpose: String
  /// `nil` where what is in it is kept.
  package let memory: VolumeMemory?
  package let origin: Origin
}

/// What nginx is told.
package struct ResolvedEdge: Sendable {
  package let names: PublicNames
  package let certificate: CertificateValue
  package let proxies: TrustedProxies
  package let bodyMax: ByteCount
  package let locations: [EdgeLocation]
  package let upstreams: [EdgeUpstream]
  /// Whether limits are enforced; never off outside development. (C-07)
  package let limits: Bool
  package let strictTransport: Bool
  package let httpPort: Int
  package let httpsPort: Int
  package let origin: Origin
}

/// A group of containers that nginx forwards to.
package struct EdgeUpstream: Sendable, Hashable {
  package let name: String
  package let service: String
  package let port: Int
}

/// One `location` of the edge.
package struct EdgeLocation: Sendable, Hashable {
  package enum Match: Sendable, Hashable {
    case exactly(String)
    /// A template with `{…}` for one path segment each.
    case template(String)
    case prefix(String)
  }
  package let match: Match
  package let upstream: String
  /// The strictest limit of its methods.
  package let limit: LimitClass?
  /// The limit of each method that has one.
  package let limits: [Route.Method: LimitClass]
  package let within: Duration
  package let methods: [Route.Method]
  package let isWebSocket: Bool
  package let isStatic: Bool
  package let isAPI: Bool
  /// A health endpoint: never limited, never logged, answers during maintenance. (C-10, C-55)
  package let isHealth: Bool
  package let origin: Origin
}

/// A group of targets that Prometheus asks.
package struct ScrapeJob: Sendable, Hashable {
  package let name: String
  /// The services whose containers are asked, each container by its own address.
  package let services: [String]
  package let port: Int
  package let path: String
  package let interval: Duration
  /// How many targets there should be; `nil` where every node has one.
  package let expected: Int?
  package let origin: Origin

  package init(
    name: String, services: [String], port: Int, path: String, interval: Duration, expected: Int?,
    origin: Origin
  ) {
    self.name = name
    self.services = services
    self.port = port
    self.path = path
    self.interval = interval
    self.expected = expected
    self.origin = origin
  }
}

/// An alert whose symbolic bounds have become numbers.
package struct ResolvedAlert: Sendable {
  package let alert: Alert
  package let expression: PromQL.Expression
  package let firesOn: [ResolvedSeries]
  package let quietOn: [ResolvedSeries]
}

/// An input series of a rule's unit test.
package struct ResolvedSeries: Sendable, Hashable {
  /// `name{label="value"}`.
  package let series: String
  /// Prometheus' notation for test values: `0+10x60`.
  package let values: String
}
