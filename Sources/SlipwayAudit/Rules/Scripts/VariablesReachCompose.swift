/// A variable that a script sets for Compose is exported. (C-33)
enum VariablesReachCompose: AuditRule {
  static let id = "scripts/variables-reach-compose"
  static let why =
    "Compose reads the environment, not the script: it starts the default version instead"
  static let fix = "write 'export NAME', or set it in front of the command"
  static let source = ["C-33", "S18-DEP"]
  private static let stack = "services: {web: {image: 'shop/web:${VERSION:?}'}}"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack,
        "deploy.sh": "#!/bin/sh\nset -eu\nVERSION=\"${1:?}\"\ndocker compose up -d web\n",
      ], at: "deploy.sh:3")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack,
      "deploy.sh": "#!/bin/sh\nset -eu\nexport VERSION=\"${1:?}\"\ndocker compose up -d web\n",
    ]),
    Fixture.files([
      "compose.yml": stack,
      "deploy.sh": "#!/bin/sh\nset -eu\nV=\"${1:?}\"\nVERSION=$V docker compose up -d web\n",
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ -> [Flaw] in
      let ups = script.composeCalls.filter { ["up", "run", "pull", "config"].contains($0.verb) }
      guard !ups.isEmpty else { return [] }
      let read = Set(
        ups.flatMap { deployment.composes(of: $0, in: script) }.flatMap(\.interpolations)
          .map(\.variable.name))
      let exports = script.commands.filter { ["export", "declare", "typeset"].contains($0.name) }
        .flatMap(\.arguments).map { $0.cut(at: "=").before }
      let all = script.commands.contains {
        $0.name == "set" && $0.arguments.contains { $0 == "-a" || $0 == "allexport" }
      }
      // Compose also reads what the script writes into the file of variables.
      let writes = script.commands.contains { command in
        command.redirects.contains { $0.operation.hasPrefix(">") && $0.target.contains(".env") }
          || command.name == "sed" && command.arguments.contains { $0.contains(".env") }
      }
      guard !all, !writes else { return [] }
      return script.commands.filter(\.words.isEmpty).flatMap(\.assignments).filter { assignment in
        read.contains(assignment.name) && !exports.contains(assignment.name)
          && !Script.mentions(assignment.value, assignment.name)
      }.map {
        Flaw("'\($0.name)' is set here, not exported, and read by Compose", at: $0.spot)
      }
    }
  }
}
