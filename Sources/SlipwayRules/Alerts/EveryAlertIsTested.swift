import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every alert has a unit test in which it fires, and every one that may be quiet has one in which
/// it is; each test reads a file of rules that is generated.
package enum EveryAlertIsTested: Rule {
  package static let id = "alerts/every-alert-is-tested"
  package static let why = "an alert that never fires looks like a system without faults"
  package static let fix = "this is a defect of the generator: please report the alert"
  package static let source = ["S17-CL-OBS-05", "S18-CL-MON-06", "C-24"]

  package static let breakers: [Breaker] = [
    .file(
      "a test of another alert", "prometheus/tests/critical.yml",
      replacing: "    alertname: HighErrorRate\n    exp_alerts:\n",
      with: "    alertname: HighErrorShare\n    exp_alerts:\n"),
    .file(
      "no case in which it is quiet", "prometheus/tests/critical.yml",
      replacing: "    alertname: HighErrorRate\n    exp_alerts: []",
      with: "    alertname: HighErrorShare\n    exp_alerts: []"),
    .file(
      "a test of rules that are not there", "prometheus/tests/critical.yml",
      replacing: "- ../rules/critical.yml", with: "- ../rules/crucial.yml"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let tests = subject.yamls(in: "prometheus/tests")
    let fires = names(in: tests) { !$0.isEmpty }
    let quiet = names(in: tests) { $0.isEmpty }
    // The heartbeat is never quiet.
    let restless = Set(subject.environment.ruleAlerts.filter { $0.quietOn == nil }.map(\.name))
    let untested = subject.alertFiles.flatMap { file, alerts in
      alerts.compactMap { alert -> Violation? in
        let place = file.landing(line: alert.line)
        if !fires.contains(alert.name) { return Violation(.neverFires(alert.name), lands: place) }
        if quiet.contains(alert.name) || restless.contains(alert.name) { return nil }
        return Violation(.neverQuiet(alert.name), lands: place)
      }
    }
    return untested + tests.flatMap { unread($0, subject) }
  }

  /// Names of alerts with a case whose expected alerts are as wanted.
  private static func names(
    in tests: [ReadFile<LocatedValue>], where isWanted: ([LocatedValue]) -> Bool
  ) -> Set<String> {
    let cases = tests.flatMap { $0.tree["tests"]?.list ?? [] }
      .flatMap { $0["alert_rule_test"]?.list ?? [] }
    return Set(
      cases.filter { isWanted($0["exp_alerts"]?.list ?? []) }
        .compactMap { $0["alertname"]?.scalarText })
  }

  private static func unread(
    _ file: ReadFile<LocatedValue>, _ subject: Subject
  ) -> [Violation] {
    (file.tree["rule_files"]?.list ?? []).compactMap { entry in
      guard let path = entry.scalarText, path.hasPrefix("../"),
        subject.file("prometheus/" + path.dropFirst(3)) != nil
      else {
        return Violation(
          .unread(entry.scalarText ?? ""), lands: file.landing(line: entry.start.line))
      }
      return nil
    }
  }
}

extension String {
  fileprivate static func neverFires(_ alert: String) -> String {
    "no test shows that alert '\(alert)' fires"
  }
  fileprivate static func neverQuiet(_ alert: String) -> String {
    "no test shows that alert '\(alert)' stays quiet"
  }
  fileprivate static func unread(_ path: String) -> String {
    "a test reads rules from '\(path)', which is not generated"
  }
}
