/// Cleaning up never takes the last good backup. (S17-HS-08)
enum TheLastOneStays: AuditRule {
  static let id = "backups/the-last-one-stays"
  static let why = "when backups stop coming, the cleaning goes on until none is left"
  static let fix = "count what is there, and keep the newest ones however old they are"
  static let source = ["S17-HS-08", "S18-BKP"]
  static let wrong = [
    Fixture.script("#!/bin/sh\nset -eu\nfind /backups -name '*.dump' -mtime +30 -delete\n", line: 3)
  ]
  static let right = [
    Fixture.script(
      "#!/bin/sh\nset -eu\nfind /backups -name '*.dump' | sort | head -n -7 | xargs rm --\n"),
    Fixture.script("#!/bin/sh\nset -eu\nfind /var/log/app -name '*.log' -mtime +7 -delete\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ -> [Flaw] in
      let counts = script.commands.contains { ["wc", "head", "tail"].contains($0.name) }
      guard !counts else { return [] }
      return script.commands.filter { command in
        command.name == "find" && command.has("-mtime")
          && (command.has("-delete") || command.has("rm"))
          && (command.text + named(command, script)).mentions("backup", "dump", ".sql", ".bak")
      }.map { Flaw("backups are deleted by age alone", at: $0.spot) }
    }
  }

  /// The values of the variables that a command uses.
  private static func named(_ command: ShellCommand, _ script: Script) -> String {
    let names = Set(Interpolation.all(in: command.text).map(\.name))
    return script.commands.flatMap(\.assignments).filter { names.contains($0.name) }.map(\.value)
      .joined(separator: " ")
  }
}
