/// No job deploys before the tests of its run have passed. (S17-HS-01, S18-HS-02)
enum DeploysWaitForTests: AuditRule {
  static let id = "workflows/deploys-wait-for-tests"
  static let why = "jobs that wait for nobody run side by side: what fails is deployed meanwhile"
  static let fix = "let the job need the tests, and do not let it run when they fail"
  static let source = ["S17-HS-01", "S18-HS-02", "C-42"]
  static let wrong = [
    Fixture.workflow(
      """
      on: push
      jobs:
        test: {runs-on: x, steps: [{run: make test}]}
        deploy: {runs-on: x, environment: production, steps: [{run: ./deploy.sh}]}
      """, line: 4),
    Fixture.workflow(
      """
      on: push
      jobs:
        test: {runs-on: x, steps: [{run: make test}]}
        deploy:
          runs-on: x
          needs: test
          if: always()
          environment: production
          steps: [{run: ./deploy.sh}]
      """, line: 4),
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        test: {runs-on: x, steps: [{run: make test}]}
        build: {runs-on: x, needs: [test], steps: [{run: make}]}
        deploy: {runs-on: x, needs: [build], environment: production, steps: [{run: ./deploy.sh}]}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap { file -> [Flaw] in
      let tests = Set(file.jobs.filter { $0.isTest && !$0.isDeploy }.map(\.id.value))
      guard !tests.isEmpty else { return [] }
      return file.jobs.filter { $0.isDeploy && !$0.isCall }.compactMap { job in
        let reached = file.reached(from: job)
        let name = job.id.value
        if tests.isDisjoint(with: reached) {
          // A job that itself runs the tests before it deploys has waited for them.
          return job.isTest ? nil : Flaw("'\(name)' deploys without the tests", at: job.id.spot)
        }
        let condition = job.condition ?? ""
        let ignores = condition.contains("always()") || condition.contains("cancelled()")
        guard ignores, !condition.contains("result"), !condition.contains("success()") else {
          return nil
        }
        return Flaw("'\(name)' deploys even when the tests fail", at: job.id.spot)
      }
    }
  }
}
