import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// What is wrong with alerts and recordings before anything is written.
struct PrometheusChecks {
  let environment: ResolvedEnvironment

  var findings: [Finding] { reservedNames + doubledRecordings + longHolds }

  /// The heartbeat is found by its name; a specification's own alert of that name would be two.
  private var reservedNames: [Finding] {
    environment.alerts.map(\.alert).filter { $0.name == ResolvedEnvironment.heartbeatName }.map {
      Finding(
        rule: "alerts/leave-the-heartbeat-alone",
        message: "alert '\($0.name)' has the name of the alert that always fires",
        written: [$0.origin], label: "named here",
        why: "every environment already has a heartbeat, and silences and tests go by name (C-69)",
        fix: "delete the alert, or give it another name")
    }
  }

  private var doubledRecordings: [Finding] {
    let recordings = environment.recordings
    return recordings.enumerated().compactMap { index, recording in
      guard let first = recordings.firstIndex(where: { $0.name == recording.name }), first < index
      else { return nil }
      return Finding(
        rule: "recordings/have-their-own-name",
        message: "two recordings are called '\(recording.name)'",
        written: [recording.origin, recordings[first].origin], label: "named again",
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
}
