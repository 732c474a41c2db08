import ServiceContract
import Slipway
import SlipwayModel

/// A named volume is written by one container. (F5, F17)
package enum VolumesHaveOneOwner: Rule {
  package static let id = "stack/volumes-have-one-owner"
  package static let why =
    "volumes belong to a machine: a second writer elsewhere gets an empty one, here it corrupts it"
  package static let fix =
    "run one replica, placed on the node that owns the volume, and let it stop before it starts"
  package static let source = ["S03-STEP-13"]

  package static let breakers: [Breaker] = [
    .model("two primaries on one volume") { environment in
      environment.edit("postgres-primary") { $0.replicas = .count(2) }
    },
    .model("the new one starts before the old one stops") { environment in
      environment.edit("redis-state") { $0.rolls = .startFirst }
    },
    .model("anywhere") { environment in
      environment.edit("prometheus") { $0.placement = .kind(.app) }
    },
  ]

  package static let implies = ["stack/settings-are-written", "stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    subject.environment.services.flatMap { service -> [Violation] in
      guard service.volumes.contains(where: { !$0.readOnly }) else { return [] }
      var violations: [Violation] = []
      if case .count(let count) = service.replicas, count > 1 {
        violations.append(
          Violation(.many(service.name, count), written: service.written(.replicas)))
      }
      if service.rolls == .startFirst {
        violations.append(Violation(.overlap(service.name), written: service.written(.rolls)))
      }
      if case .kind = service.placement, service.replicas != .everyNode,
        subject.environment.stage.isDeployed
      {
        violations.append(
          Violation(.adrift(service.name), written: service.written(.placement)))
      }
      return violations
    }
  }
}

extension String {
  fileprivate static func many(_ name: String, _ count: Int) -> String {
    "\(count) containers of '\(name)' would write to one volume"
  }
  fileprivate static func overlap(_ name: String) -> String {
    "a new '\(name)' would open the volume before the old one has closed it"
  }
  fileprivate static func adrift(_ name: String) -> String {
    "'\(name)' has a volume but no node of its own, and would lose it when it moves"
  }
}
