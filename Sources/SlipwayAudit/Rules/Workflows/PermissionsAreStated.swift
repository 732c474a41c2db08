/// A workflow says what its token may do. (C-42)
enum PermissionsAreStated: AuditRule {
  static let id = "workflows/permissions-are-stated"
  static let why = "without it every step may write to the repository and its packages"
  static let fix = "add 'permissions: {contents: read}' at the top, and more where it is needed"
  static let source = ["C-42"]
  static let wrong = [
    Fixture.workflow(
      "name: a\non: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: make}]\n", line: 1)
  ]
  static let right = [
    Fixture.workflow(
      "on: push\npermissions: {}\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n"),
    Fixture.workflow(
      "on: push\njobs: {a: {runs-on: x, permissions: {contents: read}, steps: [{run: make}]}}\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.compactMap { file in
      guard file.permissions == nil, !file.jobs.isEmpty,
        !file.jobs.allSatisfy({ $0.hasPermissions || $0.isCall })
      else { return nil }
      return .warning("every job has all the rights of the token", at: file.spot)
    }
  }
}
