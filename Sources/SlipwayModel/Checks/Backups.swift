import ServiceContract
import Slipway
import SlipwayDiagnostics

/// What makes a plan of backups one that can be followed. (S17-HS-08, S18-HS-04, C-18, C-19)
extension Resolver {
  mutating func checkBackups() {
    guard let backups = specification.backups else { return }
    checkRetention(backups)
    checkTimes(backups)
    checkPlace(backups)
  }

  private mutating func checkRetention(_ backups: BackupsValue) {
    let least = Duration.days(specification.stage == .production ? 30 : 1)
    guard backups.keep < least else { return }
    let days = least.components.seconds / 86_400
    add(
      "spec/backups-are-kept",
      "backups would be kept for \(backups.keep.components.seconds / 86_400) days",
      [backups.origin.at("keep")], "too short",
      why: "what went wrong three weeks ago is put right with a copy from before it",
      fix: "write `keep: .days(\(days))` or more")
  }

  private mutating func checkTimes(_ backups: BackupsValue) {
    if !(0...23).contains(backups.at.hour) || !(0...59).contains(backups.at.minute) {
      add(
        "spec/backups-can-run",
        "backups would be taken at \(backups.at.hour):\(backups.at.minute), which no day has",
        [backups.origin.at("at")], "no such time",
        why: "a timer with a time that never comes never runs",
        fix: "write an hour from 0 to 23 and a minute from 0 to 59")
    }
    for (span, argument) in [
      (backups.loseAtMost, "loseAtMost"), (backups.backWithin, "backWithin"),
    ] where span < .seconds(1) || span > .hours(24) {
      add(
        "spec/backups-can-run", "`\(argument)` is no time that can be kept",
        [backups.origin.at(argument)], "no such promise",
        why: "nothing is archived or put back in no time, and a day is too long for anybody",
        fix: "write a time from one second to one day")
    }
  }

  private mutating func checkPlace(_ backups: BackupsValue) {
    let nodes = site.nodes ?? specification.cluster.nodes
    if site.nodes == nil, !nodes.contains(where: { $0.name == backups.node }) {
      add(
        "spec/backups-can-run", "backups would be taken on '\(backups.node)', which is no node",
        [backups.origin.at("on"), specification.cluster.origin], "taken here",
        why: "a job that no machine takes does not run, and nobody notices before the restore",
        fix: "name a node of the cluster")
    }
    for (text, argument) in [
      (backups.bucket, "bucket"), (backups.region, "region"), (backups.endpoint, "endpoint"),
    ] where text.isEmpty {
      add(
        "spec/backups-can-run", "backups would go nowhere: `\(argument)` is empty",
        [backups.origin.at(argument)], "nothing",
        why: "a copy on the machine that burns burns with it",
        fix: "name the object store")
    }
  }
}
