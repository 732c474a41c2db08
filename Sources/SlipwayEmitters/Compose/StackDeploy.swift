import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayModel

/// The `deploy` part of a service: how many, where, how large, and how they are replaced.
extension StackEmitter {
  func deploy(_ service: ResolvedService) -> YAMLNode {
    let isSwarm = target == .swarm
    return .map(
      replicas(service) + [
        // Containers are found one by one by their name; there is no virtual address. (F9, F12)
        isSwarm ? .entry("endpoint_mode", "dnsrr") : nil,
        isSwarm ? placement(service) : nil,
        .entry("resources", resources(service)),
        isSwarm ? .entry("update_config", roll(service, failure: "rollback")) : nil,
        isSwarm ? .entry("rollback_config", roll(service, failure: "pause")) : nil,
        isSwarm ? .entry("restart_policy", restart) : nil,
      ])
  }

  private func replicas(_ service: ResolvedService) -> [YAMLEntry?] {
    switch service.replicas {
    case .count(let count):
      [.entry("replicas", .integer(count, from: service.written(.replicas)))]
    case .everyNode:
      target == .swarm
        ? [.entry("mode", .string("global", from: service.written(.replicas)))]
        : [.entry("replicas", .integer(1, from: service.written(.replicas)))]
    }
  }

  private func placement(_ service: ResolvedService) -> YAMLEntry? {
    let origins = service.written(.placement)
    switch service.placement {
    case .anywhere: return nil
    case .node(let name):
      return .entry(
        "placement",
        .map([.entry("constraints", .list([.string("node.hostname == \(name)", from: origins)]))]))
    case .kind(let kind):
      return .entry(
        "placement",
        .map([
          .entry(
            "constraints",
            .list([.string("node.labels.\(kind.rawValue) == true", from: origins)])),
          service.replicas == .everyNode
            ? nil
            : .entry("preferences", .list([.map([.entry("spread", "node.id")])])),
        ]))
    }
  }

  private func resources(_ service: ResolvedService) -> YAMLNode {
    let origins = service.written(.size)
    func part(_ resources: Resources) -> YAMLNode {
      .map(
        [
          .entry("cpus", .string(resources.cpus.description, from: origins)),
          .entry("memory", .string(memory(resources.memory), from: origins)),
        ], from: origins)
    }
    return .map([
      .entry("limits", part(service.size.limit)),
      .entry("reservations", part(service.size.reserve)),
    ])
  }

  private func memory(_ amount: ByteCount) -> String {
    if amount.bytes % (1 << 30) == 0 { return "\(amount.bytes >> 30)G" }
    if amount.bytes % (1 << 20) == 0 { return "\(amount.bytes >> 20)M" }
    return "\(amount.bytes)"
  }

  /// One at a time, each watched before the next; a failure takes all back. (F3, F5)
  private func roll(_ service: ResolvedService, failure: String) -> YAMLNode {
    .map([
      .entry("parallelism", 1), .entry("delay", "5s"), .entry("failure_action", .string(failure)),
      .entry("monitor", "30s"), .entry("max_failure_ratio", 0),
      .entry("order", .string(service.rolls.rawValue, from: service.written(.rolls))),
    ])
  }

  /// What `restart: unless-stopped` says to Compose, which a stack ignores. (F2)
  private var restart: YAMLNode {
    .map([.entry("condition", "any"), .entry("delay", "5s")])
  }
}
