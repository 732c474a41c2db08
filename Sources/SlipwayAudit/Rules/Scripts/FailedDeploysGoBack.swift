/// A deployment that fails leaves the version that worked. (S17-HS-09)
enum FailedDeploysGoBack: AuditRule {
  static let id = "scripts/failed-deploys-go-back"
  static let why =
    "the message comes when the old version is gone, and nobody wrote down which it was"
  static let fix = "keep the previous version, and start it again when the check fails"
  static let source = ["S17-HS-09", "C-33"]
  static let wrong = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      docker compose up -d
      if ! curl -f http://localhost/; then
        echo "Failed. Consider rolling back."
        exit 1
      fi
      """, line: 6)
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      docker compose up -d
      if ! curl -f http://localhost/; then
        ./rollback.sh "$previous"
        exit 1
      fi
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { $0.deploys && !$0.fileName.mentions("rollback", "restore") }
      .compactMap { script in
        let all = script.commands
        let goesBack = all.contains { command in
          let isSaid = ["echo", "printf"].contains(command.name)
          return command.name == "trap"
            || (!isSaid && command.text.mentions("rollback", "roll_back", "previous"))
        }
        guard !goesBack, let up = all.lastIndex(where: { ComposeCall($0)?.verb == "up" }) else {
          return nil
        }
        let exit = all[up...].last { command in
          command.name == "exit" && command.arguments != ["0"]
            && command.blocks.contains(.condition)
        }
        return exit.map {
          Flaw.warning("the script gives up with the new version in place", at: $0.spot)
        }
      }
  }
}
