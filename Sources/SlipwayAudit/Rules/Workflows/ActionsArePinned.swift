/// An action is named by the hash of a commit. (C-30)
enum ActionsArePinned: AuditRule {
  static let id = "workflows/actions-are-pinned"
  static let why =
    "who moves the tag runs their program with this workflow's secrets; it has happened"
  static let fix = "write the full hash of the commit, with the version in a comment"
  static let source = ["C-30", "C-42"]
  static let wrong = [
    Fixture.workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: some/action@main\n", line: 6
    ),
    Fixture.workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: some/action@v4\n", line: 6),
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: x
          steps:
            - uses: some/action@3d3c42e5aac5ba805825da76410c181273ba90b1
            - uses: ./.github/actions/ours
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap(\.steps).compactMap { step in
      guard let uses = step.uses, !uses.value.hasPrefix("."), !uses.value.hasPrefix("docker://")
      else {
        return nil
      }
      let (name, version) = uses.value.cut(at: "@")
      let mark = version ?? ""
      if mark.count == 40, mark.allSatisfy(\.isHexDigit) { return nil }
      let isTag = mark.first.map { $0 == "v" || $0.isNumber } ?? false
      return isTag
        ? .warning(
          "action '\(name)' is named by the tag '\(mark)', which can be moved", at: uses.spot)
        : Flaw("action '\(name)' is whatever its branch '\(mark)' holds today", at: uses.spot)
    }
  }
}
