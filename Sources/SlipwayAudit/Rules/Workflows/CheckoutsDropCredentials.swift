/// A checkout leaves no token behind. (C-42)
enum CheckoutsDropCredentials: AuditRule {
  static let id = "workflows/checkouts-drop-credentials"
  static let why = "the token stays in the folder, and every later step and upload can take it"
  static let fix = "add 'with: {persist-credentials: false}'"
  static let source = ["C-42"]
  static let wrong = [
    Fixture.workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v6\n",
      line: 6)
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: x
          steps: [{uses: actions/checkout@v6, with: {persist-credentials: false}}, {run: git push}]
      """
    ),
    Fixture.workflow(
      "on: push\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v6}, {run: git push}]}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap { job -> [Flaw] in
      let pushes = job.steps.contains { $0.runText?.value.contains("git push") ?? false }
      guard !pushes else { return [] }
      return job.steps.compactMap { step in
        guard let uses = step.uses, uses.value.hasPrefix("actions/checkout@"),
          step.input("persist-credentials")?.value != "false"
        else { return nil }
        return .warning("the checkout of '\(job.id.value)' keeps the token", at: uses.spot)
      }
    }
  }
}
