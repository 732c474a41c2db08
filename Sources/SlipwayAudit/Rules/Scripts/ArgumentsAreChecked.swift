/// A script refuses to run without what it needs. (C-53)
enum ArgumentsAreChecked: AuditRule {
  static let id = "scripts/arguments-are-checked"
  static let why =
    "an empty argument falls back to a default: the rollback starts the broken version"
  static let fix = "write '${1:?usage: …}'"
  static let source = ["C-53", "S18-RBK"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -e\nVERSION=\"${1}\"\nexport TAG=$VERSION\ndocker compose up -d\n", line: 3)
  ]
  static let right = [
    Fixture.script(
      "#!/bin/sh\nset -e\nVERSION=\"${1:?version}\"\nexport TAG=$VERSION\ndocker compose up -d\n"),
    Fixture.script(
      "#!/bin/sh\nset -e\nNAME=$1\nif [ -z \"$NAME\" ]; then exit 2; fi\nrm \"$NAME\"\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { script in
      // A script that counts its arguments, or stops at unset ones, knows.
      !script.text.contains("$#") && !script.options.contains("nounset")
    }.flatMap { script in
      script.commands.filter { $0.words.isEmpty && !isInFunction($0) }.flatMap(\.assignments).filter
      { assignment in
        guard assignment.value.contains(/^\$\{?[1-9]\}?$/) else { return false }
        let used = script.uses(of: assignment.name).contains { command in
          acts.contains(command.name)
        }
        return used && !script.isChecked(assignment.name)
      }.map { Flaw("nothing checks whether '\($0.name)' was given", at: $0.spot) }
    }
  }

  /// Commands that change something.
  private static let acts: Set = [
    "docker", "docker-compose", "kubectl", "helm", "export", "rm", "mv", "aws", "psql",
    "pg_restore",
    "ssh", "scp", "rsync", "systemctl", "find",
  ]

  private static func isInFunction(_ command: ShellCommand) -> Bool {
    command.blocks.contains { if case .function = $0 { true } else { false } }
  }
}
