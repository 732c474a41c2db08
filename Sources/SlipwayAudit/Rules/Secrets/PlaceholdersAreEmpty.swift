/// A secret in an example is empty. (C-16)
enum PlaceholdersAreEmpty: AuditRule {
  static let id = "secrets/placeholders-are-empty"
  static let why =
    "a placeholder that is long enough passes every check of length, also in production"
  static let fix = "leave the value empty, so that its absence is noticed"
  static let source = ["C-16", "S17-HS-07"]
  static let wrong = [
    Fixture.dotenv("SIGNING_SECRET=your-secret-of-32-characters-change-it\n", line: 1)
  ]
  static let right = [Fixture.dotenv("SIGNING_SECRET=\nTOKEN_EXPIRE_MINUTES=15\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dotenvs.filter(\.isExample).flatMap(\.variables).filter {
      SecretName.holds($0.name) && $0.value.count >= 8 && !$0.value.contains("$")
        && !["true", "false"].contains($0.value)
    }.map { .warning("'\($0.name)' has a value that looks like a secret", at: $0.spot) }
  }
}
