/// Secrets come as files, not as variables. (C-16)
enum SecretsAreNotPlainEnvironment: AuditRule {
  static let id = "secrets/secrets-are-not-plain-environment"
  static let why = "variables are seen by 'inspect', by child processes and in reports of crashes"
  static let fix = "declare it under 'secrets' and let the service read the file"
  static let source = ["C-16", "S18-HS-07"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment:
            SIGNING_SECRET: ${SIGNING_SECRET:?missing}
      """, line: 5)
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment: {SIGNING_SECRET_FILE: /run/secrets/signing}
          secrets: [signing]
      secrets: {signing: {file: ./signing}}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.flatMap { service in
      service.environment.filter {
        SecretName.holds($0.name) && !($0.value ?? "$").isEmpty
          && !($0.value ?? "").hasPrefix("/run/secrets")
      }.map {
        .warning(
          "'\($0.name)' of '\(service.name.value)' is a secret in a variable", at: $0.spot)
      }
    }
  }
}
