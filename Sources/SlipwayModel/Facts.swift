import ServiceContract
import Slipway
import SlipwayDiagnostics

/// The values of the facts that follow from a specification. (``ServiceContract/Fact``)
extension Resolver {
  var databaseName: String { "\(project.contract.name)_\(specification.name)" }
  var databaseUser: String { project.contract.name }
  var databaseReader: String { "\(project.contract.name)_reader" }
  var names: PublicNames? { site.names ?? specification.edge?.names }

  /// The variables with which a component is told of the environment around it.
  func factEntries(for component: String) -> [EnvironmentEntry] {
    project.contract.bindings.facts.compactMap { binding in
      value(of: binding.fact, for: component).map {
        EnvironmentEntry(
          binding.key, binding.before + $0 + binding.after,
          from: origins(of: binding.fact, for: component))
      }
    }
  }

  /// What a person would edit to change a fact; empty where it is the generator's own choice.
  private func origins(of fact: Fact, for component: String) -> [Origin] {
    switch fact {
    case .stage, .environment: [specification.origin]
    case .component:
      specification.runs.filter { $0.component.name == component }.map(\.component.origin)
    case .secretsFolder, .authorityFile: []
    case .databaseName, .databaseUser, .databaseReader:
      (specification.database.map { [$0.origin] } ?? []) + [specification.origin]
    case .databaseHost, .databasePort, .databaseTLS:
      specification.database.map { [$0.origin] } ?? []
    case .databaseReplicaHosts: specification.database.map { [$0.origin.at("replicas")] } ?? []
    case .redisCacheHost: specification.redis.map { [$0.cache.origin] } ?? []
    case .redisStateHost: specification.redis.map { [$0.state.origin] } ?? []
    case .redisPort, .redisTLS:
      specification.redis.map { [$0.cache.origin, $0.state.origin] } ?? []
    case .siteURL, .apiURL, .webSocketURL, .trustedHosts, .allowedOrigins:
      specification.edge.map { [$0.origin.at("names")] } ?? []
    case .apiInsideURL: specification.edge.map { [$0.origin.at("forwards")] } ?? []
    }
  }

  /// `nil` when the environment has nothing that the fact is about.
  func value(of fact: Fact, for component: String) -> String? {
    switch fact {
    case .stage: return specification.stage.rawValue
    case .environment: return specification.name
    case .component: return component
    case .secretsFolder: return Path.secrets
    case .databaseHost, .databasePort, .databaseName, .databaseUser, .databaseReader,
      .databaseReplicaHosts, .databaseTLS:
      return specification.database.flatMap { databaseValue(of: fact, $0) }
    case .redisCacheHost: return specification.redis.map { _ in PartName.redisCache }
    case .redisStateHost: return specification.redis.map { _ in PartName.redisState }
    case .redisPort: return specification.redis.map { _ in "6379" }
    case .redisTLS: return specification.redis.map { _ in encryptsInside ? "true" : "false" }
    case .authorityFile: return encryptsInside ? Path.authority : nil
    case .siteURL, .apiURL, .webSocketURL, .trustedHosts, .allowedOrigins:
      return names.map { nameValue(of: fact, $0) }
    case .apiInsideURL:
      guard let forward = specification.edge?.forwards.first(where: \.isAPI) else { return nil }
      return "http://\(forward.component.name):\(forward.port.number)"
    }
  }

  private func databaseValue(of fact: Fact, _ database: DatabaseValue) -> String? {
    switch fact {
    case .databaseHost: PartName.primary
    case .databasePort: "5432"
    case .databaseName: databaseName
    case .databaseUser: databaseUser
    case .databaseReader: databaseReader
    case .databaseReplicaHosts:
      database.replicas.indices.map { PartName.replica($0 + 1) }.joined(separator: ",")
    case .databaseTLS: encryptsInside ? "verify-full" : "disable"
    default: nil
    }
  }

  private func nameValue(of fact: Fact, _ names: PublicNames) -> String {
    let port = specification.stage.isDeployed ? "" : ":8443"
    switch fact {
    case .siteURL: return "https://\(names.site)\(port)"
    case .apiURL: return "https://\(names.api)\(port)"
    case .webSocketURL: return "wss://\(names.api)\(port)/ws"
    case .allowedOrigins: return "https://\(names.site)\(port)"
    default: return names.all.joined(separator: ",")
    }
  }
}

extension Forward {
  var isAPI: Bool {
    if case .routes = matches { true } else { false }
  }
}

/// Paths inside containers.
package enum Path {
  package static let secrets = "/run/secrets"
  package static let authority = "/run/secrets/inside-ca"
  package static let configs = "/etc/slipway"
}
