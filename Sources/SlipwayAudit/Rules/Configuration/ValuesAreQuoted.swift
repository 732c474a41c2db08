/// A value with blanks is quoted. (S17-VAR)
enum ValuesAreQuoted: AuditRule {
  static let id = "configuration/values-are-quoted"
  static let why = "a shell that reads the file takes the second word for a command and runs it"
  static let fix = "put the value in double quotes"
  static let source = ["S17-VAR"]
  static let wrong = [Fixture.dotenv("SCHEDULE=0 2 * * *\n", line: 1)]
  static let right = [Fixture.dotenv("SCHEDULE=\"0 2 * * *\"\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dotenvs.flatMap(\.variables).filter {
      !$0.isQuoted && $0.value.contains(where: { $0 == " " || $0 == "*" })
    }.map { .warning("the value of '\($0.name)' has blanks and no quotes", at: $0.spot) }
  }
}
