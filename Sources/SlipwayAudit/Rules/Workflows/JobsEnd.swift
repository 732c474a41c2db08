/// A job that hangs is ended. (S17-CI)
enum JobsEnd: AuditRule {
  static let id = "workflows/jobs-end"
  static let why = "a hung job holds its runner and the queue behind it for six hours"
  static let fix = "add 'timeout-minutes', and name the runner's version"
  static let source = ["S17-CI"]
  static let wrong = [
    Fixture.workflow("on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: make}]\n", line: 3)
  ]
  static let right = [
    Fixture.workflow(
      "on: push\njobs: {a: {runs-on: x, timeout-minutes: 9, steps: [{run: make}]}}\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.compactMap { file in
      let open = file.jobs.filter { !$0.hasTimeout && !$0.isCall }
      guard let first = open.first else { return nil }
      return .warning(
        "\(open.count) of \(file.jobs.count) jobs have no bound of time, '\(first.id.value)' first",
        at: first.id.spot)
    }
  }
}
