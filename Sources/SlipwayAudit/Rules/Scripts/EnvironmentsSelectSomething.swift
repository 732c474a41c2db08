/// The environment that a script is given decides what it touches. (C-33)
enum EnvironmentsSelectSomething: AuditRule {
  static let id = "scripts/environments-select-something"
  static let why = "asked for staging, the script changes production all the same"
  static let fix = "let it choose the Compose file, the project and the address"
  static let source = ["C-33", "S18-DEP"]
  static let wrong = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      ENVIRONMENT="${1:-staging}"
      echo "to ${ENVIRONMENT}"
      docker compose -f prod.yml up -d

      """,
      line: 3)
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      ENVIRONMENT="${1:-staging}"
      docker compose -f "${ENVIRONMENT}.yml" up -d

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { !$0.composeCalls.isEmpty }.flatMap { script in
      script.commands.flatMap(\.assignments).filter { assignment in
        let names = ["ENVIRONMENT", "ENV", "STAGE", "TARGET", "DEPLOY_ENV", "TARGET_ENV"]
        guard names.contains(assignment.name.uppercased()), assignment.value.contains(/\$\{?[1-9]/)
        else {
          return false
        }
        return !script.uses(of: assignment.name).contains { command in
          decides(command, assignment.name)
        }
      }.map {
        Flaw("'\($0.name)' is printed and handed on, and decides nothing here", at: $0.spot)
      }
    }
  }

  private static func decides(_ command: ShellCommand, _ name: String) -> Bool {
    if command.assignments.contains(where: { Script.mentions($0.value, name) }) { return true }
    let deciding: Set = [
      "docker", "docker-compose", "kubectl", "helm", "ssh", "source", ".", "[", "[[", "test",
      "case",
      "aws", "terraform", "ansible-playbook", "cp", "export", "cd",
    ]
    return deciding.contains(command.name)
  }
}
