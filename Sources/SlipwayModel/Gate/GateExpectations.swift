package import ServiceContract

/// What the gate must know of an environment, as `generated/<environment>/gate.json` says it. It
/// travels with a release, so that the cluster needs no specification; it holds names and
/// strengths of secrets, never a value. (S17-HS-10, S18-HS-07)
package struct GateExpectations: Sendable, Hashable {
  package var environment: String
  package var stage: StageKind
  package var project: String
  /// The environment that takes every release before this one.
  package var after: String?
  /// The folder in which a manager keeps records and facts: `/var/lib/shop/prod`.
  package var state: String
  /// The folder in which scripts leave metrics.
  package var metrics: String
  package var coverage: CoverageExpectation
  /// Test modules that must be among those that ran: they prove the hard caps. (S18-HS-10)
  package var capProofs: [String]
  package var images: [ImageExpectation]
  package var secrets: SecretExpectations
  /// The public names that a certificate must cover; empty without an edge.
  package var names: [String]
  package var services: [ServiceExpectation]
  package var scrapes: [ScrapeExpectation]
  package var nodes: [NodeExpectation]
  /// The metric with the time at which a backup was last restored and compared; `nil` where
  /// nothing is backed up.
  package var backupMetric: String?
  /// Whether a release has a schema.
  package var hasSchema: Bool
  /// Who must sign a release. (S04-SIGN-01 … 08)
  package var roles: [String]

  package init(environment: String, stage: StageKind, project: String) {
    self.environment = environment
    self.stage = stage
    self.project = project
    state = "/var/lib/\(project)/\(environment)"
    metrics = "/var/lib/\(project)/metrics"
    coverage = CoverageExpectation(floor: 80, modules: [])
    capProofs = []
    images = []
    secrets = SecretExpectations(source: .madeUp, keys: [])
    names = []
    services = []
    scrapes = []
    nodes = []
    hasSchema = false
    roles = []
  }
}

/// The least share of lines that tests must run. (S17-HS-02, C-41)
package struct CoverageExpectation: Sendable, Hashable {
  package struct Module: Sendable, Hashable {
    package let name: String
    /// Folders of sources, under the repository's root: `Sources/Limits/`.
    package let folders: [String]
    /// In percent.
    package let floor: Int
    package init(name: String, folders: [String], floor: Int) {
      self.name = name
      self.folders = folders
      self.floor = floor
    }
  }
  /// In percent, over everything under `Sources/`.
  package let floor: Int
  package let modules: [Module]
  package init(floor: Int, modules: [Module]) {
    self.floor = floor
    self.modules = modules
  }
}

/// The image of a service. (engine fact F13)
package struct ImageExpectation: Sendable, Hashable {
  package enum Origin: Sendable, Hashable {
    /// `name:tag@sha256:…`
    case locked(String)
    /// `name:tag`, which is not in the lock file.
    case unlocked(String)
    /// The variable that a release record fills.
    case release(String)
    /// Built from the working tree; only in development.
    case checkout(String)
  }
  package let service: String
  package let origin: Origin
  package init(service: String, origin: Origin) {
    self.service = service
    self.origin = origin
  }
}

/// Which secrets there must be, and where.
package struct SecretExpectations: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    case vault(path: String)
    case aws(prefix: String, region: String)
    case files(path: String)
    /// Files under this folder, made up on a developer's machine.
    case madeUp
  }
  package struct Key: Sendable, Hashable {
    package let name: String
    package let form: SecretKey.Form
    /// The least strength, in bits.
    package let bits: Int
    package init(name: String, form: SecretKey.Form, bits: Int) {
      self.name = name
      self.form = form
      self.bits = bits
    }
    package init(_ key: SecretKey) {
      self.init(name: key.name, form: key.form, bits: key.bits)
    }
    /// The name of the file that holds it: `postgres-password`.
    package var fileName: String {
      String(name.map { $0 == "_" ? "-" : Character($0.lowercased()) })
    }
  }
  package var source: Source
  package var keys: [Key]
  /// SHA-256 of values that are public, in hexadecimal digits.
  package var denied: [String]
  /// Names whose values must differ. (C-47)
  package var distinct: [[String]]

  package init(
    source: Source, keys: [Key], denied: [String] = [], distinct: [[String]] = []
  ) {
    self.source = source
    self.keys = keys
    self.denied = denied
    self.distinct = distinct
  }
}

/// A service and how many containers of it there must be.
package struct ServiceExpectation: Sendable, Hashable {
  package let name: String
  /// `nil` for one on each node that may hold it.
  package let replicas: Int?
  /// Whether the repository builds it, so that a container of it has a build id.
  package let isOurs: Bool
  package init(name: String, replicas: Int?, isOurs: Bool) {
    self.name = name
    self.replicas = replicas
    self.isOurs = isOurs
  }
}

/// A job of Prometheus and how many targets it must reach; `nil` for at least one.
package struct ScrapeExpectation: Sendable, Hashable {
  package let job: String
  package let targets: Int?
  package init(job: String, targets: Int?) {
    self.job = job
    self.targets = targets
  }
}

/// A machine of the cluster.
package struct NodeExpectation: Sendable, Hashable {
  package let name: String
  package let isManager: Bool
  /// Labels that place services: `edge`, `app`, `data`.
  package let labels: [String]
  /// In thousandths of a processor.
  package let milliCPUs: Int
  package let memory: ByteCount
  package let platform: String
  package init(
    name: String, isManager: Bool, labels: [String], milliCPUs: Int, memory: ByteCount,
    platform: String
  ) {
    self.name = name
    self.isManager = isManager
    self.labels = labels
    self.milliCPUs = milliCPUs
    self.memory = memory
    self.platform = platform
  }
}
