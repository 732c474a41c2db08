import FlowrexContract
import Slipway

/// The safety net itself. (S18-HS-04, S18-HS-06)
extension Alert {
  static let backupIsStale = Alert(
    "BackupStale", severity: .critical,
    when: Operations.backupLastVerified.age() > .hours(26), for: .minutes(10),
    summary: "the newest backup that was proved good is older than a day",
    runbook: .backups,
    firesOn: .when(
      Operations.backupLastVerified.where(\.backup, is: .logical).lies(before: .hours(30))),
    quietOn: .when(
      Operations.backupLastVerified.where(\.backup, is: .logical).lies(after: .days(2))))

  static let backupIsUnknown = Alert(
    "BackupUnknown", severity: .critical,
    when: .absent(Operations.backupLastVerified.all), for: .hours(1),
    summary: "nothing says when a backup was last proved good",
    runbook: .backups,
    firesOn: .nothing,
    quietOn: .when(
      Operations.backupLastVerified.where(\.backup, is: .logical).lies(after: .hours(1))))

  static let certificateEnds = Alert(
    "CertificateExpiring", severity: .warning,
    when: Operations.certificateEnds.timeLeft() < .days(14), for: .hours(1),
    summary: "a certificate ends within two weeks",
    runbook: .certificates,
    firesOn: .when(
      Operations.certificateEnds.where(\.name, is: .edge).lies(after: .days(3))),
    quietOn: .when(
      Operations.certificateEnds.where(\.name, is: .edge).lies(after: .days(60))))

  static let certificateIsUnknown = Alert(
    "CertificateUnknown", severity: .critical,
    when: .absent(Operations.certificateEnds.where(\.name, is: .edge)), for: .hours(1),
    summary: "nothing says when the certificate of the public names ends",
    runbook: .certificates,
    firesOn: .nothing,
    quietOn: .when(
      Operations.certificateEnds.where(\.name, is: .edge).lies(after: .days(60))))

  static let signInsFail = Alert(
    "FailedLogins", severity: .warning,
    when: Flowrex.loginFailures.rate(over: .minutes(5)) > .perSecond(1), for: .minutes(5),
    summary: "many attempts to sign in fail",
    runbook: .security,
    firesOn: .when(Flowrex.loginFailures.grows(by: 300)),
    quietOn: .when(Flowrex.loginFailures.grows(by: 2)))

  static let auditFails = Alert(
    "AuditWriteFailed", severity: .critical,
    when: Flowrex.auditFailures.increase(over: .minutes(15)) > 0, for: .minutes(0),
    summary: "something happened that the audit log does not show",
    runbook: .security,
    firesOn: .when(Flowrex.auditFailures.grows(by: 1)),
    quietOn: .when(Flowrex.auditFailures.grows(by: 0)))
}
