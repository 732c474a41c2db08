import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Timers of a manager: backup, its proof, the certificate's renewal, and the proof of the log that
/// the database keeps. (S18-ARCH-14, S18-24H-08, S18-AUD-02)
struct TimerUnits {
  let environment: ResolvedEnvironment
  let inputs: EmitterInputs

  private struct Timer {
    let script: String
    let arguments: String
    let calendar: String
    let seconds: Int
    let text: String
    let origin: Origin
  }

  private var timers: [Timer] {
    var timers: [Timer] = []
    if let backups = environment.specification.backups,
      let jobs = environment.specification.database?.jobs
    {
      let at = backups.at
      // Both jobs one after the other, and an hour to wait for whoever works already.
      let seconds = 3_600 + jobs.dumps.within.wholeSeconds + jobs.copies.within.wholeSeconds
      timers.append(
        Timer(
          script: "backup", arguments: "", calendar: "*-*-* \(clock(at.hour, at.minute)) UTC",
          seconds: seconds, text: "Daily backup", origin: backups.origin.at("at")))
      timers.append(
        Timer(
          script: "verify-backup", arguments: "",
          calendar: "*-*-* \(clock((at.hour + 2) % 24, at.minute)) UTC", seconds: seconds,
          text: "Restore of the newest backup, as its proof", origin: backups.origin.at("at")))
    }
    if case .acme = environment.edge?.certificate, let edge = environment.edge {
      timers.append(
        Timer(
          script: "certificate", arguments: " renew", calendar: "*-*-* 03:30:00 UTC",
          seconds: 1_800, text: "Renewal of the certificate", origin: edge.origin.at("certificate"))
      )
    }
    if environment.hasProof, let jobs = environment.specification.database?.jobs {
      timers.append(
        Timer(
          script: "verify-log", arguments: "", calendar: "*-*-* 05:00:00 UTC",
          seconds: 600 + jobs.others.within.wholeSeconds,
          text: "Proof of the log that the database keeps",
          origin: environment.origin))
    }
    return timers
  }

  /// Without `.timer`, in the order in which they are declared.
  var names: [String] { timers.map { "\(environment.stack)-\($0.script)" } }

  func emit() -> Emission {
    var emission = Emission()
    for timer in timers {
      let text = "\(environment.project.name) \(environment.name): \(timer.text)"
      let name = "\(environment.stack)-\(timer.script)"
      let home = HostPath.state(environment.project.contract.name, environment.name)
      emission.add(
        unit(
          "service", name,
          [
            "DESCRIPTION": .text(text), "SECONDS": .text("\(timer.seconds)"),
            "COMMAND": .text("\(home)/current/scripts/\(timer.script)\(timer.arguments)"),
          ], timer.origin))
      emission.add(
        unit(
          "timer", name,
          [
            "DESCRIPTION": .text(text), "CALENDAR": .text(timer.calendar), "DELAY": "5min",
          ], timer.origin))
    }
    return emission
  }

  private func unit(
    _ kind: String, _ name: String, _ holes: [String: Template.Value], _ origin: Origin
  ) -> Emission {
    inputs.script(
      "systemd/\(kind).unit", at: environment.folder + "systemd/\(name).\(kind)", holes,
      from: [origin])
  }

  private func clock(_ hour: Int, _ minute: Int) -> String {
    "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute):00"
  }
}
