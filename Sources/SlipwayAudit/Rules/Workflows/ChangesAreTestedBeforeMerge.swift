/// Tests run on a proposal, and nothing ships that they did not see. (C-42)
enum ChangesAreTestedBeforeMerge: AuditRule {
  static let id = "workflows/changes-are-tested-before-merge"
  static let why = "tests that run after the merge find the fault when everybody has it"
  static let fix = "add 'pull_request' to the triggers, and let every build need the tests"
  static let source = ["C-42", "S17-HS-01", "S18-HS-02"]
  static let wrong = [
    Fixture.workflow(
      """
      on:
        push: {branches: [main]}
      jobs:
        test: {runs-on: x, steps: [{run: make test}]}
        deploy: {runs-on: x, needs: [test], environment: production, steps: [{run: ./deploy.sh}]}
      """, line: 1)
  ]
  static let right = [
    Fixture.workflow(
      """
      on: [push, pull_request]
      jobs:
        test: {runs-on: x, steps: [{run: make test}]}
        deploy: {runs-on: x, needs: [test], environment: production, steps: [{run: ./deploy.sh}]}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let proposals: Set = ["pull_request", "pull_request_target", "merge_group", "workflow_call"]
    let all = Set(deployment.workflows.flatMap(\.triggers).map(\.value))
    return deployment.workflows.flatMap { file -> [Flaw] in
      var flaws: [Flaw] = []
      let tests = file.jobs.filter(\.isTest)
      if !tests.isEmpty, file.triggers.contains(where: { $0.value == "push" }),
        all.isDisjoint(with: proposals), let spot = file.onSpot
      {
        flaws.append(.warning("tests run only after the merge", at: spot))
      }
      guard !tests.isEmpty else { return flaws }
      for job in file.jobs where job.isDeploy {
        let needed = file.reached(from: job)
        for id in needed {
          guard let build = file.jobs.first(where: { $0.id.value == id }), build.isBuild,
            !build.isTest,
            !file.reached(from: build).contains(where: { name in
              tests.contains { $0.id.value == name }
            })
          else { continue }
          flaws.append(.warning("'\(id)' is deployed without the tests", at: build.id.spot))
        }
      }
      return flaws
    }
  }
}
