import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// What is wrong with alerts and recordings before anything is written.
struct PrometheusChecks {
  let environment: ResolvedEnvironment

  var findings: [Finding] { doubledAlerts + doubledRecordings + longHolds }

  /// Two alerts of one name are two tests, two routes and two pages that people take for one.
  private var doubledAlerts: [Finding] {
    doubled(environment.ruleAlerts.map { ($0.name, $0.origin) }).map { name, origins in
      Finding(
        rule: "alerts/have-their-own-name", message: "two alerts are called '\(name)'",
        written: origins, label: "named again",
        why: "nobody can tell which of them fired, and one mutes the other (C-25)",
        fix: "give one of them another name")
    }
  }

  private var doubledRecordings: [Finding] {
    doubled(environment.recordings.map { ($0.name, $0.origin) }).map { name, origins in
      Finding(
        rule: "recordings/have-their-own-name", message: "two recordings are called '\(name)'",
        written: origins, label: "named again",
        why: "Prometheus would store both under one name, and drop one of each two samples",
        fix: "give one of them another name")
    }
  }

  /// A test cannot wait longer than its clock runs.
  private var longHolds: [Finding] {
    environment.ruleAlerts.filter { $0.hold.wholeSeconds > TestClock.minutesMax * 60 }.map {
      Finding(
        rule: "alerts/can-be-tested",
        message: "alert '\($0.name)' waits longer than a day before it fires",
        written: [$0.origin.at("for")], label: "too long",
        why: "its unit test would have to run longer than its clock, which ends after 25 hours",
        fix: "write `for:` of at most 24 hours, and a longer window in the condition")
    }
  }

  private func doubled(_ names: [(String, Origin)]) -> [(String, [Origin])] {
    var seen: [String] = []
    return names.compactMap { name, _ in
      let same = names.filter { $0.0 == name }
      guard same.count > 1, !seen.contains(name) else { return nil }
      seen.append(name)
      return (name, same.reversed().map(\.1))
    }
  }
}
