import SlipwayDiagnostics
import SlipwayModel

/// Every alert leads to a page that is generated: whoever is woken knows what to do first.
package enum EveryAlertHasARunbook: Rule {
  package static let id = "alerts/every-alert-has-a-runbook"
  package static let why = "whoever is woken at night finds a missing page instead of a first step"
  package static let fix = "this is a defect of the generator: please report the alert"
  package static let source = ["S18-INC-05"]

  package static let breakers: [Breaker] = [
    .file(
      "a link to a page that nobody writes", "prometheus/rules/critical.yml",
      replacing: "runbooks/api-errors.md", with: "runbooks/api-mistakes.md"),
    .file(
      "an alert without a link", "prometheus/rules/critical.yml", replacing: "runbook_url: ",
      with: "link: "),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    let pages = Set(environment.runbooks.map { environment.address(of: $0) })
    return subject.alertFiles.flatMap { file, alerts in
      alerts.compactMap { alert in
        guard let link = alert.annotations["runbook_url"] else {
          return Violation(.without(alert.name), lands: file.landing(line: alert.line))
        }
        guard !pages.contains(link) else { return nil }
        return Violation(.missing(alert.name, link), lands: file.landing(line: alert.line))
      }
    }
  }
}

extension String {
  fileprivate static func without(_ alert: String) -> String {
    "alert '\(alert)' has no 'runbook_url'"
  }
  fileprivate static func missing(_ alert: String, _ link: String) -> String {
    "alert '\(alert)' leads to \(link), which is not generated"
  }
}
