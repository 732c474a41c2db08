/// A backup is checked when it is made. (S18-HS-04)
enum BackupsAreProved: AuditRule {
  static let id = "backups/backups-are-proved"
  static let why = "that a backup cannot be read is found out on the day it is needed"
  static let fix = "list it with 'pg_restore --list', keep its SHA-256, and restore it once a day"
  static let source = ["S18-HS-04", "C-18", "S17-HS-08"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -eu\npg_dump -Fc shop > shop.part\nmv shop.part shop.dump\naws s3 cp shop.dump s3://b/\n",
      line: 3)
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      pg_dump -Fc shop > shop.part
      pg_restore --list shop.part > shop.list
      mv shop.part shop.dump

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { !$0.fileName.mentions("restore") }.compactMap { script in
      guard let dump = script.commands.first(where: Script.isDump) else { return nil }
      let proves = script.commands.contains { command in
        command.text.mentions("pg_restore", "sha256", "checksum", "verify", "md5sum")
      }
      return proves ? nil : .warning("nobody checks what was written", at: dump.spot)
    }
  }
}
