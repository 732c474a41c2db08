import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// `gate.json`: what the gate must know of an environment, in one file that travels with a release.
/// (S17-HS-10, design §3)
package struct GateEmitter: Emitter {
  package static let name = "gate"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    let writer = GateWriter(expectations: GateExpectations(environment), environment: environment)
    return Emission([
      Artefact(path: environment.folder + "gate.json", document: .json(writer.node))
    ])
  }
}

extension GateExpectations {
  /// What follows from a specification.
  package init(_ environment: ResolvedEnvironment) {
    let contract = environment.project.contract
    self.init(
      environment: environment.name, stage: environment.stage, project: environment.project.name)
    after = environment.specification.delivery?.after
    state = HostPath.state(contract.name, environment.name)
    metrics = HostPath.metrics(contract.name)
    coverage = CoverageExpectation(
      floor: environment.project.coverage.rawValue,
      modules: contract.floors.map { .init(name: $0.name, folders: $0.folders, floor: $0.percent) })
    capProofs = contract.capProofs
    images = environment.services.map { ImageExpectation($0) }
    secrets = SecretExpectations(environment)
    if let edge = environment.edge, edge.certificate != .selfSigned { names = edge.names.all }
    services = environment.services.map { ServiceExpectation($0, in: environment) }
    scrapes = environment.scrapes.map { ScrapeExpectation(job: $0.name, targets: $0.expected) }
    nodes = environment.nodes.map(NodeExpectation.init)
    if environment.specification.backups != nil {
      backupMetric = "\(contract.name)_backup_last_verified_timestamp_seconds"
    }
    hasSchema = environment.migrating != nil
    if environment.stage == .production { roles = Self.signingRoles }
  }

  /// Who signs before real money is at stake. (S04-SIGN-01 … 08)
  package static let signingRoles = [
    "security", "infrastructure", "quality", "development", "product", "risk", "compliance",
    "operations",
  ]
}

extension ImageExpectation {
  fileprivate init(_ service: ResolvedService) {
    let origin: Origin =
      switch service.image {
      case .locked(let image): .locked(image.reference)
      case .unlocked(let name, let tag): .unlocked("\(name):\(tag)")
      case .release(let variable): .release(variable)
      case .checkout(let image, _): .checkout(image)
      }
    self.init(service: service.name, origin: origin)
  }
}

extension ServiceExpectation {
  fileprivate init(_ service: ResolvedService, in environment: ResolvedEnvironment) {
    let replicas: Int? =
      switch service.replicas {
      case .count(let count): count
      case .everyNode: environment.nodesHolding(service.placement)
      }
    // Components say which build they are; images that we only add files to do not.
    let isOurs = environment.specification.runs.contains { $0.component.name == service.name }
    self.init(name: service.name, replicas: replicas, isOurs: isOurs)
  }
}

extension ResolvedEnvironment {
  fileprivate func nodesHolding(_ placement: Placement) -> Int {
    switch placement {
    case .anywhere: nodes.count
    case .kind(let kind): nodes.filter { $0.kinds.contains(kind) }.count
    case .node: 1
    }
  }
}

extension NodeExpectation {
  fileprivate init(_ node: Node) {
    let thousandths = node.size.cpus * ExactDecimal(1000)
    var milli = thousandths.mantissa
    for _ in 0..<thousandths.scale { milli /= 10 }
    self.init(
      name: node.name, isManager: node.role == .manager, labels: node.kinds.map(\.rawValue),
      milliCPUs: Int(milli), memory: node.size.memory, platform: node.platform)
  }
}

extension SecretExpectations {
  fileprivate init(_ environment: ResolvedEnvironment) {
    let source: Source =
      switch environment.specification.secrets.source {
      case .vault(let path): .vault(path: path)
      case .aws(let prefix, let region): .aws(prefix: prefix, region: region)
      case .files(let path): .files(path: path)
      case .madeUp: .madeUp
      }
    var keys: [Key] = []
    for secret in environment.secrets where !keys.contains(where: { $0.name == secret.key.name }) {
      keys.append(Key(secret.key))
    }
    let names = Set(keys.map(\.name))
    let contract = environment.project.contract
    self.init(
      source: source, keys: keys, denied: contract.deniedSecrets,
      distinct: contract.distinctSecrets.map { [$0.0.name, $0.1.name] }
        .filter { $0.allSatisfy(names.contains) })
  }
}
