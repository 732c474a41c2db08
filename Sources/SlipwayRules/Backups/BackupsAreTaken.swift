import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Outside development copies are taken every day, proved by a restore every day, and the log of
/// changes is archived as often as promised. Looks at the bytes of timers, units and PostgreSQL's
/// configuration. (S17-HS-08, S18-HS-04, C-18, C-19)
package enum BackupsAreTaken: Rule {
  package static let id = "backups/are-taken"
  package static let why =
    "what was traded cannot be asked for again, and a copy that nobody read is a hope"
  package static let fix = "this is a defect of the generator: please report the environment"
  package static let source = ["S17-HS-08", "S18-HS-04", "C-18", "C-19", "S18-BKP-01"]

  package static let breakers: [Breaker] = [
    .without("no timer", "systemd/shop-prod-backup.timer"),
    .file(
      "a timer that never runs", "systemd/shop-prod-verify-backup.timer",
      replacing: "OnCalendar=", with: "#OnCalendar="),
    .file(
      "a unit that runs something else", "systemd/shop-prod-backup.service",
      replacing: "/scripts/backup", with: "/scripts/back-up"),
    .without("no script", "scripts/verify-backup"),
    .file(
      "no archive", "postgres/postgresql.conf", replacing: "archive_mode = on",
      with: "archive_mode = off"),
    .file(
      "an archive that comes too seldom", "postgres/postgresql.conf",
      replacing: "archive_timeout = ", with: "archive_timeout = 9"),
  ]

  package static let implies = ["scripts/name-what-is-deployed"]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    // Without a database there is nothing that could not be made again.
    guard environment.stage.isDeployed, environment.specification.database != nil,
      let backups = environment.specification.backups
    else { return [] }
    let jobs = ["backup", "verify-backup"].compactMap { job(subject, $0, backups) }
    return jobs + archive(subject, backups)
  }

  private static func job(
    _ subject: Subject, _ name: String, _ backups: BackupsValue
  ) -> Violation? {
    let unit = "systemd/\(subject.environment.stack)-\(name)"
    func flaw(_ message: String, _ path: String) -> Violation {
      Violation(
        message, written: [backups.origin],
        lands: Landing(path: subject.environment.folder + path))
    }
    guard let script = subject.file("scripts/\(name)"), script.isExecutable else {
      return flaw(.scriptless(name), "scripts/\(name)")
    }
    guard let timer = subject.file(unit + ".timer"),
      calendar.lines(of: timer.text).contains(where: { isTimed($0.text) })
    else { return flaw(.untimed(name), unit + ".timer") }
    guard let service = subject.file(unit + ".service"),
      service.text.linesByFeed.contains(where: {
        $0.hasPrefix("ExecStart=/") && $0.hasSuffix("/current/scripts/\(name)")
      })
    else { return flaw(.unstarted(name), unit + ".service") }
    return nil
  }

  private static let calendar = ByteSearch("OnCalendar=")

  private static func isTimed(_ line: Substring) -> Bool {
    let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.first == "OnCalendar" && parts.last?.first?.isWhitespace == false
  }

  private static func archive(_ subject: Subject, _ backups: BackupsValue) -> [Violation] {
    guard let file = subject.file("postgres/postgresql.conf") else { return [] }
    let lands = Landing(path: file.path)
    let settings = file.text.linesByFeed.reduce(into: [Substring: Substring]()) {
      let parts = $1.split(separator: " = ", maxSplits: 1)
      if parts.count == 2 { $0[parts[0]] = parts[1] }
    }
    guard settings["archive_mode"] == "on", settings["archive_command"]?.isEmpty == false else {
      return [Violation(.unarchived, written: [backups.origin], lands: lands)]
    }
    let seconds = settings["archive_timeout"].flatMap { Int($0.prefix { $0.isNumber }) }
    let promised = Int(backups.loseAtMost.components.seconds)
    guard let seconds, (1...max(1, promised)).contains(seconds) else {
      return [
        Violation(.seldom(promised), written: [backups.origin.at("loseAtMost")], lands: lands)
      ]
    }
    return []
  }
}

extension String {
  fileprivate static func scriptless(_ job: String) -> String {
    "there is no script 'scripts/\(job)' that can be run"
  }
  fileprivate static func untimed(_ job: String) -> String { "no timer ever runs '\(job)'" }
  fileprivate static func unstarted(_ job: String) -> String {
    "the unit of '\(job)' does not start its script"
  }
  fileprivate static let unarchived = "the log of changes is not archived"
  fileprivate static func seldom(_ promised: Int) -> String {
    "the log of changes is archived less often than every \(promised) s"
  }
}
