/// Cleaning up touches only what this backup made. (S18-BKP)
enum CleanupNamesItsFiles: AuditRule {
  static let id = "backups/cleanup-names-its-files"
  static let why = "everything old under the prefix goes, also what somebody put there to keep"
  static let fix = "compare the name with the pattern of this backup first, or use a lifecycle rule"
  static let source = ["S18-BKP", "S17-HS-08"]
  static let wrong = [
    Fixture.script(
      """
      #!/bin/bash
      set -euo pipefail
      while read -r name; do
        aws s3 rm "s3://bucket/backups/$name"
      done < list
      """, line: 4)
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/bash
      set -euo pipefail
      while read -r name; do
        [[ $name == shop_*.dump ]] || continue
        aws s3 rm "s3://bucket/backups/$name"
      done < list
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ -> [Flaw] in
      let compares = script.commands.contains { command in
        command.isInLoop
          && (command.name == "case"
            || command.name == "[["
              && command.words.contains { $0.text == "==" || $0.text == "=~" })
      }
      return script.commands.filter { command in
        guard command.call.map(\.text).starts(with: ["aws", "s3", "rm"]) else { return false }
        let filters = command.has("--include") || command.has("--exclude")
        return command.isInLoop && !compares || command.has("--recursive") && !filters
      }.map { Flaw("every old object is deleted, whatever it is called", at: $0.spot) }
    }
  }
}
