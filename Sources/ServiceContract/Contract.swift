/// A hard limit on risk that no configuration can raise. (S17-INT-03, S18-HS-10)
public struct RiskCap: Sendable, Hashable {
  public let name: String
  /// The limit itself, with its unit: `250000.00 USD`.
  public let limit: String
  /// The configuration key that may tighten it, and nothing else.
  public let tightenedBy: String?
  public let help: String

  public init(_ name: String, limit: String, tightenedBy: String?, _ help: String) {
    self.name = name
    self.limit = limit
    self.tightenedBy = tightenedBy
    self.help = help
  }
}

/// A part of the code and the least share of its lines that tests must run. (C-41)
public struct ModuleFloor: Sendable, Hashable {
  public let name: String
  /// Folders under the repository's root: `Sources/Limits/`. One that holds no line fails the gate.
  public let folders: [String]
  public let percent: Int

  public init(_ name: String, under folders: [String], percent: Int) {
    self.name = name
    self.folders = folders
    self.percent = percent
  }
}

/// Everything that a service and the files that deploy it must agree on.
///
/// The service creates instruments, reads configuration and mounts routes only through it; the
/// generator refers only to things in it.
public struct Contract: Sendable {
  /// The service's name, which prefixes images, networks and secrets.
  public let name: String
  public let metrics: [MetricFamily]
  /// Those of ``metrics`` that no process exports: scripts leave them in text files. (C-24)
  public let measured: [MetricFamily]
  public let keys: [KeyDeclaration]
  public let secrets: [SecretKey]
  /// SHA-256 of values that are published, in hexadecimal digits: no secret may have one. (C-16)
  public let deniedSecrets: [String]
  /// Pairs whose values must differ. (C-47)
  public let distinctSecrets: [(SecretKey, SecretKey)]
  /// Parts of the code that have a coverage floor of their own. (C-41)
  public let floors: [ModuleFloor]
  public let routes: [Route]
  public let ports: [Port]
  public let limits: [LimitClass]
  public package(set) var caps: [RiskCap]
  /// Test modules that prove the caps: a release whose tests ran without them does not go out.
  public let capProofs: [String]
  public let bindings: Bindings
  /// Who waits for whom, the shortest first. (C-35)
  public let timeouts: [TimeoutStep]

  public init(
    name: String, metrics: [MetricFamily], measured: [MetricFamily] = [], keys: [KeyDeclaration],
    secrets: [SecretKey],
    deniedSecrets: [String] = [], distinctSecrets: [(SecretKey, SecretKey)] = [],
    floors: [ModuleFloor] = [], routes: [Route] = [], ports: [Port] = [], limits: [LimitClass] = [],
    caps: [RiskCap] = [], capProofs: [String] = [],
    bindings: Bindings = Bindings(), timeouts: [TimeoutStep] = []
  ) {
    self.name = name
    self.metrics = metrics + measured
    self.measured = measured
    self.keys = keys
    self.secrets = secrets
    self.deniedSecrets = deniedSecrets
    self.distinctSecrets = distinctSecrets
    self.floors = floors
    self.routes = routes
    self.ports = ports
    self.limits = limits
    self.caps = caps
    self.capProofs = capProofs
    self.bindings = bindings
    self.timeouts = timeouts
  }
}
