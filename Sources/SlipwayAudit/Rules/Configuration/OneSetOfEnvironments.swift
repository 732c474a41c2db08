/// An environment has one name everywhere. (C-06)
enum OneSetOfEnvironments: AuditRule {
  static let id = "configuration/one-set-of-environments"
  static let why = "a name that the program does not know switches off what guards production"
  static let fix = "use one list of names in every file and in the program"
  static let source = ["C-06", "S17-HS-06"]
  static let wrong = [
    Fixture.files(
      [
        ".env.example": "STAGE=dev  # dev | test | prod\n",
        "compose.yml": "services: {web: {image: 'a/b:1.2.3', environment: [STAGE=production]}}",
      ], at: ".env.example:1")
  ]
  static let right = [
    Fixture.files([
      ".env.example": "STAGE=dev  # dev | test | prod\n",
      "compose.yml": "services: {web: {image: 'a/b:1.2.3', environment: [STAGE=prod]}}",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dotenvs.flatMap { file in
      file.variables.compactMap { variable -> Flaw? in
        guard let comment = variable.comment, comment.contains(" | ") else { return nil }
        let choices = comment.split(separator: "|").map { $0.trimmed }
        guard choices.count > 1, choices.allSatisfy({ !$0.contains(" ") }) else { return nil }
        let given = deployment.services.flatMap { service in
          service.environment.filter { $0.name == variable.name }
        }
        guard
          let other = given.first(where: { entry in
            guard let value = entry.value, !value.contains("$") else { return false }
            return !choices.contains(value)
          })
        else { return nil }
        return Flaw(
          "'\(variable.name)' is one of \(choices.joined(separator: ", ")) here and "
            + "'\(other.value ?? "")' in \(other.spot.path):\(other.spot.line)", at: variable.spot)
      }
    }
  }
}
