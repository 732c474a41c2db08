/// A check that a deployment waits for can stop it. (S17-HS-04, S17-HS-10)
enum ChecksStopTheRun: AuditRule {
  static let id = "workflows/checks-stop-the-run"
  static let why = "a check whose failure counts for nothing lets everything through, and is green"
  static let fix = "delete 'continue-on-error' and '|| true': what may fail is no check"
  static let source = ["S17-HS-10", "S17-HS-01", "S17-HS-04", "S18-HS-02", "S18-HS-03"]
  static let wrong = [
    Fixture.workflow(
      """
      on: push
      jobs:
        scan:
          runs-on: x
          continue-on-error: true
          steps: [{run: ./scan.sh}]
        deploy: {runs-on: x, needs: [scan], environment: production, steps: [{run: ./deploy.sh}]}
      """, line: 5),
    Fixture.workflow(
      """
      on: push
      jobs:
        gate:
          runs-on: x
          steps:
            - name: Ask the gate
              continue-on-error: true
              run: ./gate
        deploy: {runs-on: x, needs: [gate], environment: production, steps: [{run: ./deploy.sh}]}
      """, line: 7),
    Fixture.workflow(
      """
      on: push
      jobs:
        test:
          runs-on: x
          steps:
            - run: make test || true
        deploy: {runs-on: x, needs: [test], environment: production, steps: [{run: ./deploy.sh}]}
      """, line: 6),
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        test:
          runs-on: x
          steps:
            - run: make test
            - name: Upload the coverage
              continue-on-error: true
              run: ./upload.sh
        lint: {runs-on: x, continue-on-error: true, steps: [{run: make lint}]}
        deploy: {runs-on: x, needs: [test], environment: production, steps: [{run: ./deploy.sh}]}
      """)
  ]

  private static let marks = ["test", "scan", "gate", "trivy", "audit"]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap { file -> [Flaw] in
      let deploys = file.jobs.filter(\.isDeploy)
      let waited = Set(deploys.flatMap { file.reached(from: $0) })
      return file.jobs.filter { waited.contains($0.id.value) }.flatMap(flaws)
    }
  }

  private static func flaws(_ job: WorkflowFile.Job) -> [Flaw] {
    let name = job.id.value
    let names = [name] + job.steps.map(\.name)
    if let spot = job.shrugs, job.isTest || names.contains(where: isCheck) {
      return [Flaw("'\(name)' may fail, and the deployment goes on", at: spot)]
    }
    return job.steps.flatMap { step -> [Flaw] in
      let checks = isCheck(step.name) && !step.name.mentions("upload", "report", "comment", "keep")
      if let spot = step.shrugs, checks {
        return [Flaw("step '\(step.name)' may fail, and the deployment goes on", at: spot)]
      }
      let commands = step.run?.commands ?? []
      return zip(commands, commands.dropFirst()).filter { command, next in
        command.separator == "||" && ["true", ":"].contains(next.name) && isTest(command)
      }.map { Flaw("'\($0.0.name)' may fail, and the deployment goes on", at: $0.0.spot) }
    }
  }

  private static func isCheck(_ name: String) -> Bool {
    marks.contains { name.mentions($0) }
  }

  private static func isTest(_ command: ShellCommand) -> Bool {
    let words = [command.name] + command.arguments
    return words.contains { word in
      ["test", "pytest", "trivy", "coverage", "scripts/coverage"].contains(word)
        || word.lowercased().contains("trivy")
    } || words.contains("gate")
  }
}
