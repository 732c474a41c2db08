/// A variable is not given to itself. (C-33)
enum AssignmentsDoSomething: AuditRule {
  static let id = "scripts/assignments-do-something"
  static let why =
    "it looks like a check and is none: an empty value goes on into every name built of it"
  static let fix = "write ': \"${NAME:?message}\"'"
  static let source = ["C-33"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -e\nREGISTRY=\"${REGISTRY}\"\ndocker pull \"$REGISTRY/web\"\n", line: 3)
  ]
  static let right = [
    Fixture.script(
      "#!/bin/sh\nset -eu\nREGISTRY=\"${REGISTRY:?which}\"\ndocker pull \"$REGISTRY/web\"\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.flatMap { script in
      script.commands.filter(\.words.isEmpty).flatMap(\.assignments).filter { assignment in
        !assignment.isLiteral
          && (assignment.value == "${\(assignment.name)}"
            || assignment.value == "$\(assignment.name)")
      }.map { .warning("'\($0.name)' is given to itself", at: $0.spot) }
    }
  }
}
