import ServiceContract
import Slipway
import SlipwayModel

/// What is kept free for services fits the machines they are placed on, with the one container
/// more that a roll starts before it stops another. (S18-HS-09, engine facts F5 and F19)
package enum NodesHoldTheirServices: Rule {
  package static let id = "cluster/nodes-hold-their-services"
  package static let why =
    "the engine keeps what finds no room waiting for ever, or a roll stands still half way"
  package static let fix = "lower `reserve:` or the replicas, or declare larger or more machines"
  package static let source = ["S18-HS-09", "S18-ARCH-10", "S18-ARCH-13"]

  package static let breakers: [Breaker] = [
    .model("more kept free than a node has") { environment in
      environment.edit("postgres-primary") { $0.size = $0.size.reserving(memory: .gibibytes(40)) }
    },
    .model("replicas that fill all nodes of their kind, and no room for a roll") { environment in
      environment.edit("backend") {
        $0.size = $0.size.reserving(memory: .gibibytes(8))
        $0.replicas = .count(2)
      }
    },
    .model("processors that no machine of the kind has") { environment in
      environment.edit("backend") {
        $0.size = Size(
          limit: .cpus(100, memory: $0.size.limit.memory), reserve: $0.size.reserve)
      }
    },
  ]

  package static let implies = ["stack/settings-are-written", "stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    guard environment.stage.isDeployed else { return [] }
    let cluster = ClusterLoad(environment)
    return tooLarge(environment) + overfull(cluster, environment) + homeless(cluster, environment)
  }

  /// A limit that is above its machine. A rehearsal's machine may be smaller than the declared one.
  private static func tooLarge(_ environment: ResolvedEnvironment) -> [Violation] {
    guard environment.nodes == environment.specification.cluster.nodes else { return [] }
    return environment.services.compactMap { service in
      let nodes = environment.nodes.filter { service.placement.allows($0) }
      let limit = service.size.limit
      let fits = nodes.contains { $0.size.cpus >= limit.cpus && $0.size.memory >= limit.memory }
      guard !fits, !nodes.isEmpty else { return nil }
      return Violation(
        .tooLarge(service.name), written: service.written(.size), label: "limited here",
        fix: "lower `limit:`, or place it on a larger machine")
    }
  }

  /// Pinned services that do not fit their node together.
  private static func overfull(
    _ cluster: ClusterLoad, _ environment: ResolvedEnvironment
  ) -> [Violation] {
    environment.nodes.compactMap { node in
      let load = cluster.pinned[node.name] ?? Load()
      guard !load.fits(node.size), let largest = cluster.largest(on: node) else { return nil }
      return Violation(
        .overfull(node.name, load, node.size), written: [node.origin] + largest.written(.size),
        label: "declared here")
    }
  }

  /// Services that may go anywhere among nodes of a kind, and find no room there.
  private static func homeless(
    _ cluster: ClusterLoad, _ environment: ResolvedEnvironment
  ) -> [Violation] {
    var free = environment.nodes.map { node in
      (node: node, left: (cluster.pinned[node.name] ?? Load()).left(of: node.size))
    }
    var violations: [Violation] = []
    // The largest first, each where most is left: what this cannot place, the engine cannot either
    // without luck.
    let movable = cluster.movable.sorted {
      ($1.size.reserve.memory, $0.name) < ($0.size.reserve.memory, $1.name)
    }
    for service in movable {
      for _ in 0..<ClusterLoad.containers(of: service) {
        let best = free.indices.filter {
          service.placement.allows(free[$0].node) && free[$0].left.holds(service.size.reserve)
        }.max { free[$0].left.memory < free[$1].left.memory }
        guard let best else {
          violations.append(
            Violation(
              .homeless(service.name, ClusterLoad.containers(of: service)),
              written: service.written(.size) + service.written(.replicas), label: "reserved here"))
          break
        }
        free[best].left.take(service.size.reserve)
      }
    }
    return violations
  }
}

extension String {
  fileprivate static func tooLarge(_ name: String) -> String {
    "'\(name)' may use more than any machine has that it may run on"
  }
  fileprivate static func overfull(_ node: String, _ load: Load, _ size: Resources) -> String {
    "services on '\(node)' keep \(load.cpus) CPU and \(load.memory.bytes >> 20) MiB free; it "
      + "has \(size.cpus) CPU and \(size.memory.bytes >> 20) MiB"
  }
  fileprivate static func homeless(_ name: String, _ count: Int) -> String {
    "no machine has room left for all \(count) containers of '\(name)', one of a roll included"
  }
}
