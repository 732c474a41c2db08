/// A comment stands on a line of its own. (S17-VAR)
enum CommentsStandAlone: AuditRule {
  static let id = "configuration/comments-stand-alone"
  static let why = "some readers of the file take the comment for a part of the value"
  static let fix = "move the comment above the line"
  static let source = ["S17-VAR"]
  static let wrong = [Fixture.dotenv("A=1\nB=2  # two\n", line: 2)]
  static let right = [Fixture.dotenv("# two\nB=2\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dotenvs.compactMap { file in
      let with = file.variables.filter { $0.comment != nil }
      guard let first = with.first else { return nil }
      let count = with.count == 1 ? "one value has" : "\(with.count) values have"
      return .warning("\(count) a comment behind it, '\(first.name)' first", at: first.spot)
    }
  }
}
