import ServiceContract
import Slipway
import SlipwayModel

/// What a person changes to change the value of a key: its specification says it, or it follows.
struct KeyChange {
  let words: Prose

  init(_ key: KeyDeclaration, in reference: ContractUse) {
    if let binding = reference.contract.bindings.facts.first(where: { $0.key == key.name }) {
      words = binding.fact.origin
    } else if reference.contract.bindings.stamps.contains(where: { $0.key == key.name }) {
      words = "the build"
    } else if key.defaultText != nil {
      words = .code("overriding:")
    } else {
      words = Self.stated(key, in: reference.environments)
    }
  }

  /// A key without a default: an argument of `configuration:`, or the stage, says it.
  private static func stated(
    _ key: KeyDeclaration, in environments: [ResolvedEnvironment]
  ) -> Prose {
    let settings = environments.flatMap(\.specification.settings).filter { $0.key == key.name }
    guard !settings.isEmpty else { return "the build" }
    let arguments = Set(settings.compactMap(\.argument)).sorted()
    guard let argument = arguments.first else { return "the stage" }
    return "\(code: argument + ":") of \(code: "configuration:")"
  }
}

extension Fact {
  /// What it follows from.
  fileprivate var origin: Prose {
    switch self {
    case .stage, .databaseTLS, .redisTLS, .authorityFile: "the stage"
    case .environment, .databaseName: "the environment's name"
    case .component: "the component's name"
    case .databaseReplicaHosts: "\(code: "replicas:") of \(code: "database:")"
    case .siteURL, .apiURL, .webSocketURL, .trustedHosts, .allowedOrigins:
      "\(code: "names:") of \(code: "edge:")"
    case .apiInsideURL: "\(code: "forwards:") of \(code: "edge:")"
    case .secretsFolder, .databaseHost, .databasePort, .databaseUser, .databaseReader,
      .redisCacheHost, .redisStateHost, .redisPort:
      "nothing: it is the same everywhere"
    }
  }
}
