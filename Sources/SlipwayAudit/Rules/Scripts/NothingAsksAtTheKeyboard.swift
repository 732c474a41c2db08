/// A script that others call asks nobody anything. (C-17)
enum NothingAsksAtTheKeyboard: AuditRule {
  static let id = "scripts/nothing-asks-at-the-keyboard"
  static let why = "where nobody sits, the question ends the script half way or holds it for ever"
  static let fix = "take the answer as an argument: '--yes', or the name of what will be lost"
  static let source = ["C-17", "C-33"]
  static let wrong = [
    Fixture.files(["restore.sh": "#!/bin/sh\nset -eu\nread -p 'Sure? ' yes\n"], at: "restore.sh:3"),
    Fixture.files(
      [
        "scripts/migrate.py": "if input('Continue? ') != 'y':\n  exit(1)\n",
        "deploy.sh": "#!/bin/sh\nset -eu\npython scripts/migrate.py\n",
      ], at: "deploy.sh:3"),
  ]
  static let right = [
    Fixture.script("#!/bin/sh\nset -eu\nls | while read -r line; do echo \"$line\"; done\n"),
    Fixture.files([
      "restore.sh": "#!/bin/sh\nset -eu\nif [ -t 0 ]; then read -p 'Sure? ' answer; fi\n"
    ]),
    // A tool for people.
    Fixture.files(["new-user.sh": "#!/bin/sh\nset -eu\nread -p 'Name? ' name\n"]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, isWorkflow -> [Flaw] in
      let knows =
        script.commands.contains { command in
          ["[", "[[", "test"].contains(command.name) && command.has("-t")
        } || script.text.mentions("--yes", "--force", "assume-yes")
      // A tool for people may ask them; what runs by itself or in an emergency may not.
      let isOperation =
        isWorkflow
        || script.fileName.mentions(
          "deploy", "release", "rollback", "restore", "backup", "migrat", "recover", "rotate")
        || script.commands.contains {
          Script.isDump($0) || $0.words.contains { $0.text == "pg_restore" }
        }
      let asks = script.commands.filter { command in
        isOperation && command.name == "read"
          && command.arguments.contains { $0.hasPrefix("-") && $0.hasSuffix("p") }
          && !knows
      }.map { Flaw.warning("the script waits for an answer", at: $0.spot) }
      let calls = script.commands.compactMap { command -> Flaw? in
        guard let (path, text) = deployment.text(called: command, in: script),
          text.contains("input("), !text.contains("isatty"),
          text.contains(/(?:^|[^A-Za-z_.])input\(/)
        else { return nil }
        return Flaw("\(path) may ask a question here, and nobody answers", at: command.spot)
      }
      return asks + calls
    }
  }
}
