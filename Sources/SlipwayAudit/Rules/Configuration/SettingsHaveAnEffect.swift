/// A setting that is listed is read where it counts. (S17-VAR)
enum SettingsHaveAnEffect: AuditRule {
  static let id = "configuration/settings-have-an-effect"
  static let why = "whoever changes the setting changes nothing"
  static let fix = "read the variable: RETENTION_DAYS=\"${BACKUP_RETENTION_DAYS:?}\""
  static let source = ["S17-VAR", "S18-BKP"]
  static let wrong = [
    Fixture.files(
      [
        ".env.example": "BACKUP_RETENTION_DAYS=30\n",
        "backup.sh": "#!/bin/sh\nset -eu\nRETENTION_DAYS=30\nfind . -mtime \"+$RETENTION_DAYS\"\n",
      ], at: "backup.sh:3")
  ]
  static let right = [
    Fixture.files([
      ".env.example": "BACKUP_RETENTION_DAYS=30\n",
      "backup.sh": "#!/bin/sh\nset -eu\nRETENTION_DAYS=\"${BACKUP_RETENTION_DAYS:?}\"\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let keys = Set(deployment.dotenvs.flatMap(\.variables).map(\.name))
    return deployment.scripts.flatMap { script in
      script.commands.filter { $0.words.isEmpty && $0.blocks.isEmpty }.flatMap(\.assignments)
        .compactMap { assignment in
          guard !assignment.value.isEmpty, !assignment.value.contains("$"),
            assignment.name.contains("_"), assignment.name == assignment.name.uppercased(),
            let key = keys.sorted().first(where: {
              $0.hasSuffix("_" + assignment.name) || $0 == assignment.name
            }),
            !script.text.contains("$" + key), !script.text.contains("${" + key)
          else { return nil }
          return Flaw(
            "'\(assignment.name)' is fixed here, and '\(key)' changes nothing", at: assignment.spot)
        }
    }
  }
}
