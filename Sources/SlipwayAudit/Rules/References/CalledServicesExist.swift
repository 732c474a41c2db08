/// A script names services that its Compose file has. (C-33)
enum CalledServicesExist: AuditRule {
  static let id = "references/called-services-exist"
  static let why = "'no such service': the script stops, and what it was for is not done"
  static let fix = "name a service of the file, and the file itself with '-f'"
  static let source = ["C-33", "S18-BKP"]
  private static let stack = "services: {web: {image: 'a/b:1.2.3'}}"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack,
        "backup.sh": "#!/bin/sh\nset -eu\ndocker compose exec -T db true\n",
      ], at: "backup.sh:3")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack,
      "backup.sh": "#!/bin/sh\nset -eu\ndocker compose -f compose.yml exec -T web pg_dump db\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.composeService) {
      "\($0.holder) names service '\($0.name)', which the Compose file does not have"
    }
  }
}
