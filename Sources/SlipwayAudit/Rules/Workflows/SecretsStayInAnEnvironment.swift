/// Secrets that can change a registry or a server are those of an environment. (C-42)
enum SecretsStayInAnEnvironment: AuditRule {
  static let id = "workflows/secrets-stay-in-an-environment"
  static let why = "without one, every branch that can be pushed can use them, and nobody is asked"
  static let fix = "give the job an 'environment', and keep the secret there"
  static let source = ["C-42", "S18-HS-07"]
  private static func file(_ more: String) -> String {
    """
    on: push
    jobs:
      a:
        runs-on: x
        \(more)
        steps:
          - uses: docker/login-action@v3
            with:
              username: robot
              password: ${{ secrets.REGISTRY_PASSWORD }}
    """
  }
  static let wrong = [Fixture.workflow(file("timeout-minutes: 5"), line: 10)]
  static let right = [Fixture.workflow(file("environment: production"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).filter { $0.environment == nil }.flatMap { job in
      job.steps.flatMap(\.secrets).filter {
        SecretName.holds($0.value) && $0.value != "GITHUB_TOKEN" && !$0.value.mentions("codecov")
      }.prefix(1).map {
        .warning("job '\(job.id.value)' uses '\($0.value)' outside of an environment", at: $0.spot)
      }
    }
  }
}
