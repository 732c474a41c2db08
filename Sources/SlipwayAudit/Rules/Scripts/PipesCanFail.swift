/// A dump that fails is not hidden by what it is piped into. (C-18)
enum PipesCanFail: AuditRule {
  static let id = "scripts/pipes-can-fail"
  static let why = "the pipe has the status of its last part: an empty file counts as a good backup"
  static let fix = "add 'set -o pipefail', or write to a file first"
  static let source = ["C-18", "S03-OPS", "S18-HS-04"]
  static let wrong = [
    Fixture.script("#!/bin/bash\nset -eu\npg_dump shop | gzip > /backups/shop.gz.part\n", line: 3)
  ]
  static let right = [
    Fixture.script("#!/bin/bash\nset -euo pipefail\npg_dump shop | gzip > /backups/shop.gz.part\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.filter { !$0.script.options.contains("pipefail") && !$0.isWorkflow }
      .flatMap { script, _, _ in
        script.pipelines.compactMap { parts -> Flaw? in
          guard parts.count > 1,
            let dump = parts.dropLast().first(where: { command in
              Script.isDump(command) || ["tar", "pg_basebackup"].contains(command.name)
            })
          else { return nil }
          return Flaw("the failure of '\(dump.name)' is not seen behind the pipe", at: dump.spot)
        }
      }
  }
}
