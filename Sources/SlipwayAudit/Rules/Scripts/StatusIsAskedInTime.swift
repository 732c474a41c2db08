/// The status of a command is asked where it can still be seen. (C-33)
enum StatusIsAskedInTime: AuditRule {
  static let id = "scripts/status-is-asked-in-time"
  static let why = "with 'set -e' the script has ended before the question: its message never comes"
  static let fix = "write 'if ! command; then …'"
  static let source = ["C-33"]
  static let wrong = [
    Fixture.script("#!/bin/sh\nset -eu\nmake\nif [ $? -ne 0 ]; then\n  exit 1\nfi\n", line: 4)
  ]
  static let right = [Fixture.script("#!/bin/sh\nset -eu\nif ! make; then\n  exit 1\nfi\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { $0.options.contains("errexit") }.flatMap { script in
      script.commands.filter { command in
        ["[", "[[", "test"].contains(command.name) && command.words.contains { $0.text == "$?" }
      }.map { .warning("'$?' is always 0 here", at: $0.spot) }
    }
  }
}
