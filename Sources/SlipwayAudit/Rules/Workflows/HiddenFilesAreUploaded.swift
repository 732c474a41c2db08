/// What is uploaded from a hidden folder arrives. (S17-CI)
enum HiddenFilesAreUploaded: AuditRule {
  static let id = "workflows/hidden-files-are-uploaded"
  static let why = "hidden files are left out since version 4.4: the upload is empty and only warns"
  static let fix = "add 'include-hidden-files: true' and 'if-no-files-found: error'"
  static let source = ["S17-CI"]
  private static func file(_ more: String) -> String {
    """
    on: push
    jobs:
      a:
        runs-on: x
        steps:
          - uses: actions/upload-artifact@v7
            with:
              name: page
              path: page/.next
              \(more)
    """
  }
  static let wrong = [Fixture.workflow(file("retention-days: 1"), line: 9)]
  static let right = [Fixture.workflow(file("include-hidden-files: true"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap(\.steps).compactMap { step in
      guard step.uses?.value.hasPrefix("actions/upload-artifact@") ?? false,
        let path = step.input("path"), step.input("include-hidden-files") == nil
      else { return nil }
      let hidden = path.value.textLines.contains { line in
        line.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." && $0 != ".." }
      }
      return hidden
        ? Flaw("'\(path.value.trimmed)' is hidden and is not uploaded", at: path.spot) : nil
    }
  }
}
