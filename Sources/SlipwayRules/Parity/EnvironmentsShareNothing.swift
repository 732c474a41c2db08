import ServiceContract
import Slipway
import SlipwayDiagnostics
package import SlipwayModel

/// No two environments share a name, a database, an issuer of tokens, a cache, a place of secrets,
/// a bucket or a machine, even of one stage: what happens in one cannot reach the other.
/// (S17-ENV-09, C-49)
package enum EnvironmentsShareNothing: ProjectRule {
  package static let id = "parity/environments-share-nothing"
  package static let why =
    "a test in one environment would trade, overwrite or lock out in the other"
  package static let fix = "give each environment its own"
  package static let source = ["S17-ENV-09", "C-49", "S17-PR-05"]

  package static let breakers: [ProjectBreaker] = [
    ProjectBreaker(name: "an environment that stands twice") { environments in
      guard let last = environments.last else { return }
      environments.append(last)
    },
    .model("the cache of another", in: "prod") { environment in
      environment.edit("backend") { $0.state("CACHE_PREFIX", "shop:dev:") }
    },
    ProjectBreaker(name: "the names of another") { environments in
      guard environments.count > 1 else { return }
      environments[0].edge = environments[1].edge
    },
  ]

  package static func check(_ environments: [ResolvedEnvironment]) -> [Violation] {
    var owners: [Possession: (environment: String, origin: Origin)] = [:]
    var violations: [Violation] = []
    for environment in environments {
      for (possession, origin) in environment.possessions {
        if let owner = owners[possession] {
          violations.append(
            Violation(
              .shared(possession, owner.environment, environment.name),
              written: [origin, owner.origin], label: "stated again here"))
        } else {
          owners[possession] = (environment.name, origin)
        }
      }
    }
    return violations
  }
}

/// Something that only one environment may have.
private struct Possession: Hashable {
  let kind: String
  let value: String
}

extension ResolvedEnvironment {
  fileprivate var possessions: [(Possession, Origin)] {
    var all = [(Possession(kind: "the name", value: name), origin)]
    // Keys that carry the environment's own name: its database, who signs its tokens, its cache.
    let own = project.contract.bindings.facts.filter {
      $0.fact == .environment || $0.fact == .databaseName
    }
    for service in services {
      for entry in service.environment where own.contains(where: { $0.key == entry.key }) {
        let value = Possession(kind: entry.key, value: entry.value)
        if !all.contains(where: { $0.0 == value }) {
          all.append((value, entry.origins.last ?? service.origin))
        }
      }
    }
    if let edge {
      for name in edge.names.all {
        all.append((Possession(kind: "the public name", value: name), edge.origin.at("names")))
      }
    }
    let secrets = specification.secrets
    switch secrets.source {
    case .vault(let path), .files(let path):
      all.append((Possession(kind: "the secrets under", value: path), secrets.origin))
    case .aws(let prefix, let region):
      all.append(
        (Possession(kind: "the secrets under", value: "\(region) \(prefix)"), secrets.origin))
    case .madeUp: break
    }
    if let backups = specification.backups {
      let place = "\(backups.endpoint) \(backups.bucket)"
      all.append((Possession(kind: "the bucket", value: place), backups.origin.at("bucket")))
    }
    if stage.isDeployed {
      all += nodes.map { (Possession(kind: "the node", value: $0.name), $0.origin) }
    }
    return all
  }
}

extension String {
  fileprivate static func shared(
    _ possession: Possession, _ first: String, _ second: String
  ) -> String {
    "'\(first)' and '\(second)' would share \(possession.kind) '\(possession.value)'"
  }
}
