package import SlipwayModel

/// A backup of last night exists and was restored and compared. (S17-HS-08, S18-HS-04)
package struct BackupsAreVerified: Criterion {
  package let id = "backups/are-restore-verified"
  package let promise = "a backup was made and restored within the last 26 hours"
  package let sources = ["S17-HS-08", "S18-HS-04"]
  package let kinds: Set<GateKind> = [.release]
  package let seats: Set<GateSeat> = [.cluster]

  /// A day, and two hours for a night that takes longer than the one before.
  static let age = Duration.seconds(26 * 3600)
  private static let fix = "run scripts/backup and scripts/verify-backup"

  package init() {}

  package func applies(to expectations: GateExpectations) -> Bool {
    expectations.backupMetric != nil
  }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let backup = try evidence.backup.trusted(
        "the backup catalogue", by: question, within: Self.age, fix: Self.fix
      ).value
      for (time, what) in [
        (backup.newest, "the newest backup was made"),
        (backup.verified, "a backup was last restored and compared"),
      ] {
        let age = question.now.since(time)
        if age < .zero - GateQuestion.skew {
          return .unproven(
            "\(what) in the future, at \(time.text)",
            fix: "set the clock of the machine that made it")
        }
        if age > Self.age {
          return .fail("\(what) \(age.spoken) ago; 26 hours are allowed", fix: Self.fix)
        }
      }
      return .pass(
        "the newest backup is of \(backup.newest.text), one was restored at "
          + backup.verified.text)
    }
  }
}
