/// A job that deploys does something. (C-42)
enum DeploysDeploy: AuditRule {
  static let id = "workflows/deploys-deploy"
  static let why = "the run is green, the message says 'deployed', and nothing has changed"
  static let fix = "call the script that deploys"
  static let source = ["C-42", "S17-CI"]
  static let wrong = [
    Fixture.workflow(
      """
      on: push
      jobs:
        deploy:
          runs-on: x
          environment: production
          steps:
            - name: Deploy
              run: |
                echo "Deploying"
                # kubectl apply -f k8s/
      """, line: 8)
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        deploy:
          runs-on: x
          environment: production
          steps: [{name: Deploy, run: ./scripts/deploy.sh}, {name: Say, run: echo done}]
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).filter(\.isDeploy).flatMap { job -> [Flaw] in
      job.steps.compactMap { step in
        guard let run = step.run, let text = step.runText,
          step.name.mentions("deploy", "verify", "release", "rollout"), !run.commands.isEmpty,
          run.commands.allSatisfy({ ["echo", "printf", "true", ":", "cd"].contains($0.name) }),
          !text.value.contains("GITHUB_"), !run.commands.contains(where: { !$0.redirects.isEmpty })
        else { return nil }
        return Flaw("step '\(step.name)' only prints", at: text.spot)
      }
    }
  }
}
