/// A backup has its final name when it is complete. (C-18)
enum DumpsAreFinishedFirst: AuditRule {
  static let id = "backups/dumps-are-finished-first"
  static let why = "a dump that breaks off leaves a file that looks like the newest backup"
  static let fix = "write to 'name.part', check it, then 'mv' it"
  static let source = ["C-18", "S18-BKP"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -eu\numask 077\npg_dump -Fc shop > /backups/shop.dump\n", line: 4)
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      umask 077
      pg_dump -Fc shop > /backups/shop.part
      mv /backups/shop.part /backups/shop.dump

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.flatMap { script -> [Flaw] in
      let moves = script.commands.contains { $0.name == "mv" }
      return script.pipelines.compactMap { parts in
        guard let dump = parts.first(where: Script.isDump),
          let target = parts.flatMap(\.redirects).first(where: { $0.operation == ">" })?.target,
          !moves, !target.mentions("tmp", "part", "/dev/")
        else { return nil }
        return .warning("the dump is written under its final name", at: dump.spot)
      }
    }
  }
}
