/// Who is told of a deployment is also told when it fails. (C-68)
enum FailuresAreTold: AuditRule {
  static let id = "workflows/failures-are-told"
  static let why = "a message that comes only after success teaches that silence is normal"
  static let fix = "add 'if: always()' to the step, and put the job's status into the message"
  static let source = ["C-68"]
  private static func file(_ more: String) -> String {
    """
    on: push
    jobs:
      a:
        runs-on: x
        steps:
          - run: ./deploy.sh
          - name: Notify
            uses: someone/action-slack@v9
            \(more)
    """
  }
  static let wrong = [Fixture.workflow(file("with: {text: done}"), line: 7)]
  static let right = [Fixture.workflow(file("if: always()"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap { job -> [Flaw] in
      let told = job.steps.contains { step in
        isMessage(step) && (step.condition ?? "").mentions("always()", "failure()", "cancelled()")
      }
      if told || (job.condition ?? "").mentions("always()", "failure()") { return [] }
      return job.steps.dropFirst().filter(isMessage).map {
        .warning("nobody is told when the job fails", at: $0.spot)
      }
    }
  }

  private static func isMessage(_ step: WorkflowFile.Step) -> Bool {
    step.uses?.value.mentions("slack", "discord", "teams", "telegram", "notify") ?? false
  }
}
