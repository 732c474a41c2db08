import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// A setting that belongs to a hard cap may lower it, never raise it. The service refuses too; here
/// nobody finds out at its start. (S18-HS-10, C-66)
package enum CapsOnlyTighten: Rule {
  package static let id = "risk/caps-only-tighten"
  package static let why = "a cap that a setting can raise protects only from those who mean well"
  package static let fix = "state a value up to the cap, or delete the setting"
  package static let source = ["S18-HS-10", "S17-INT-03"]

  package static let breakers: [Breaker] = [
    .model("a value above its cap") { environment in
      environment.project.contract.caps.append(
        RiskCap("pool", limit: "3 connections", tightenedBy: "DATABASE_POOL_SIZE", "Breaks."))
    },
    .model("a value that is no number") { environment in
      environment.project.contract.caps.append(
        RiskCap("stage", limit: "3", tightenedBy: "ENVIRONMENT", "Breaks."))
    },
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    return environment.project.contract.caps.flatMap { cap -> [Violation] in
      guard let key = cap.tightenedBy, let limit = number(cap.limit) else { return [] }
      return environment.services.flatMap { service in
        service.environment.filter { $0.key == key }.compactMap { entry in
          if let value = number(entry.value), value <= limit { return nil }
          return Violation(
            .raised(service.name, key, entry.value, cap), written: entry.origins)
        }
      }
    }
  }

  /// The number before a unit: `250000.00 USD`.
  private static func number(_ text: String) -> ExactDecimal? {
    ExactDecimal(text: String(text.prefix { $0 != " " }))
  }
}

extension String {
  fileprivate static func raised(
    _ service: String, _ key: String, _ value: String, _ cap: RiskCap
  ) -> String {
    "'\(service)' would be told \(key)=\(value), above the cap '\(cap.name)' of \(cap.limit)"
  }
}
