import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// What a contract says, together with who uses it in the environments.
struct ContractUse {
  /// Keys that the same components read.
  struct Group {
    let readers: [String]
    let keys: [KeyDeclaration]
  }

  let project: Project
  let environments: [ResolvedEnvironment]
  /// Each component once, in the order in which environments name them.
  let components: [Component]
  /// All services of all environments.
  private let services: [ResolvedService]
  /// What all environments tell their services, by key. Gathered once: there are many keys, and
  /// each is asked for.
  private let stated: [String: [EnvironmentEntry]]
  private let inDevelopment: [String: EnvironmentEntry]

  init(project: Project, environments: [ResolvedEnvironment]) {
    self.project = project
    self.environments = environments
    var components: [Component] = []
    for run in environments.flatMap(\.specification.runs)
    where !components.contains(where: { $0.name == run.component.name }) {
      components.append(run.component)
    }
    self.components = components
    services = environments.flatMap(\.services)
    stated = Dictionary(grouping: services.flatMap(\.environment), by: \.key)
    let development = environments.first { $0.stage == .development }?.services ?? []
    inDevelopment = Dictionary(
      development.flatMap(\.environment).map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  var contract: Contract { project.contract }

  /// Keys by their readers, in the order of the contract; those that nobody reads come last.
  var groups: [Group] {
    let read = components.map { (name: $0.name, keys: Set($0.keys.map(\.name))) }
    let readers = contract.keys.map { key in
      read.filter { $0.keys.contains(key.name) }.map(\.name)
    }
    var orders: [[String]] = []
    for names in readers where !names.isEmpty && !orders.contains(names) { orders.append(names) }
    return (orders + [[]]).compactMap { names in
      let keys = zip(contract.keys, readers).filter { $0.1 == names }.map(\.0)
      return keys.isEmpty ? nil : Group(readers: names, keys: keys)
    }
  }

  /// What a heading calls a group.
  func title(of group: Group) -> String {
    if group.readers.isEmpty { return "Read by no component that runs" }
    if group.readers.count == components.count, group.readers.count > 1 {
      return "Read by every component"
    }
    return "Read by \(group.readers.joined(separator: ", "))"
  }

  /// The secrets of the contract, then those of the parts that environments are made of.
  var secrets: [SecretKey] {
    var found = contract.secrets
    for secret in environments.flatMap(\.secrets)
    where !found.contains(where: { $0.name == secret.key.name }) {
      found.append(secret.key)
    }
    return found
  }

  /// The services that a secret is mounted into, in some environment.
  func readers(of secret: SecretKey) -> [String] {
    var names: [String] = []
    for service in services
    where service.secrets.contains(where: { $0.secret.key.name == secret.name })
      && !names.contains(service.name)
    {
      names.append(service.name)
    }
    return names
  }

  /// What the development environment tells the first component that reads the key.
  func statedInDevelopment(_ key: KeyDeclaration) -> EnvironmentEntry? {
    inDevelopment[key.name]
  }

  /// Every place that states the key in some environment.
  func origins(of key: KeyDeclaration) -> [Origin] {
    Set((stated[key.name] ?? []).flatMap(\.origins)).sorted()
  }

  /// Every component that reads the secret.
  func origins(of secret: SecretKey) -> [Origin] {
    let readers = services.filter { service in
      service.secrets.contains { $0.secret.key.name == secret.name }
    }
    return Set(readers.flatMap { $0.written(.secrets) }).sorted()
  }

  /// The key that tells a component in which folder its secrets stand.
  var secretsFolderKey: String? {
    contract.bindings.facts.first { $0.fact == .secretsFolder }?.key
  }
}

extension SecretKey.Form {
  /// What a value looks like.
  var readable: String {
    switch self {
    case .random: "random text"
    case .url: "an address"
    case .passwordHash: "a password's hash"
    case .pem: "PEM"
    case .issued: "issued by somebody else"
    }
  }
}
