/// An action is one that its runner still runs. (C-42)
enum ActionsAreAlive: AuditRule {
  static let id = "workflows/actions-are-alive"
  static let why = "a step whose action is switched off fails, and every job that waits for it too"
  static let fix = "use the newest major version of the action, by the hash of its commit"
  static let source = ["C-42", "S17-CI"]
  static let wrong = [
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: ubuntu-24.04
          steps:
            - uses: actions/upload-artifact@v3
      """, line: 6)
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: ubuntu-24.04
          steps: [{uses: actions/upload-artifact@v7}, {uses: some/other@v1}]
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap(\.steps).compactMap { step in
      guard let uses = step.uses, let problem = KnownActions.problem(uses.value) else { return nil }
      return Flaw(problem, at: uses.spot)
    }
  }
}
