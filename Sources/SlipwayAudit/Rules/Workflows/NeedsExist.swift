/// A job waits for a job that there is. (S17-HS-01)
enum NeedsExist: AuditRule {
  static let id = "workflows/needs-exist"
  static let why = "the runner refuses the whole workflow: nothing is tested and nothing deployed"
  static let fix = "name a job of the same file"
  static let source = ["S17-HS-01", "C-42"]
  static let wrong = [
    Fixture.workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    needs: [b]\n    steps: [{run: make}]\n", line: 5)
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs: {b: {runs-on: x, steps: []}, a: {runs-on: x, needs: b, steps: [{run: make}]}}

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.need) { "\($0.holder) waits for '\($0.name)', which is no job" }
  }
}
