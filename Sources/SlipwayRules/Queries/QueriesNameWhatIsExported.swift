import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// Every selector names a metric that something exports, with labels it has. (C-24, S17-ALERT-11)
///
/// Typed queries cannot break it; text in `.raw("…")` can.
package enum QueriesNameWhatIsExported: Rule {
  package static let id = "queries/name-what-is-exported"
  package static let why =
    "a query about nothing is empty: the alert never fires, the panel stays blank, nobody notices"
  package static let fix = "use a metric of the contract or of an exporter, with one of its labels"
  package static let source = ["C-24", "S17-ALERT-11"]

  package static let breakers: [Breaker] = [
    .model("a recording of nothing") { environment in
      environment.recordings.append(
        Recording(
          "job:nothing:sum", Query<Count>.raw("sum(nothing_at_all)"), file: "Broken.swift",
          line: 1))
    },
    .model("text that is not PromQL") { environment in
      environment.recordings.append(
        Recording("job:broken:sum", Query<Count>.raw("sum("), file: "Broken.swift", line: 1))
    },
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    let known = subject.readings.known(environment)
    var violations: [Violation] = []
    func look(at expression: PromQL.Expression, of what: String, at origin: Origin) {
      violations += known.problems(in: expression, of: what).map {
        Violation($0, written: [origin])
      }
    }
    for alert in environment.alerts {
      look(
        at: alert.expression, of: "alert '\(alert.alert.name)'", at: alert.alert.origin.at("when"))
    }
    for recording in environment.recordings {
      look(at: recording.expression, of: "recording '\(recording.name)'", at: recording.origin)
    }
    for dashboard in environment.specification.watches.dashboards {
      for panel in dashboard.panels {
        guard let expression = panel.expression else { continue }
        look(at: expression, of: "panel '\(panel.title)'", at: panel.origin)
      }
    }
    return violations
  }
}
