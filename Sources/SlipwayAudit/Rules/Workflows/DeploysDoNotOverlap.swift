/// Two deployments do not run at the same time. (C-42)
enum DeploysDoNotOverlap: AuditRule {
  static let id = "workflows/deploys-do-not-overlap"
  static let why = "two runs that interleave leave a mixture that nobody tested"
  static let fix = "add 'concurrency' with one group for each environment"
  static let source = ["C-42"]
  static let wrong = [
    Fixture.workflow(
      """
      name: d
      on: push
      jobs:
        deploy:
          runs-on: x
          environment: production
          steps: [{run: ./deploy.sh}]

      """,
      line: 2)
  ]
  static let right = [
    Fixture.workflow(
      """
      name: d
      on: push
      concurrency: production
      jobs: {deploy: {runs-on: x, environment: production, steps: [{run: ./deploy.sh}]}}

      """
    ),
    Fixture.workflow("on: push\njobs: {test: {runs-on: x, steps: [{run: make}]}}\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.compactMap { file in
      let deploys = file.jobs.filter(\.isDeploy)
      guard file.concurrency == nil, deploys.contains(where: { !$0.hasConcurrency }) else {
        return nil
      }
      return .warning(
        "nothing keeps two runs of '\(deploys[0].id.value)' apart",
        at: file.onSpot ?? file.spot)
    }
  }
}
