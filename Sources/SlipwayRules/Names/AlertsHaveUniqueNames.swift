import Slipway
import SlipwayModel

/// Two alerts of one name are one to whoever is woken by them. (C-25)
package enum AlertsHaveUniqueNames: Rule {
  package static let id = "alerts/have-unique-names"
  package static let why =
    "routing, silences and runbooks go by name; of two with one name, one is silenced by mistake"
  package static let fix = "rename one of them, or delete the one that says less"
  package static let source = ["C-25", "S17-ALERT-11"]

  package static let breakers: [Breaker] = [
    .model("the first alert twice") { $0.alerts += $0.alerts.prefix(1) }
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let alerts = subject.environment.alerts.map(\.alert)
    return alerts.indices.compactMap { index in
      guard let first = alerts.firstIndex(where: { $0.name == alerts[index].name }), first < index
      else { return nil }
      return Violation(
        .twice(alerts[index].name), written: [alerts[index].origin, alerts[first].origin],
        label: "named again")
    }
  }
}

extension String {
  fileprivate static func twice(_ name: String) -> String { "two alerts are called '\(name)'" }
}
