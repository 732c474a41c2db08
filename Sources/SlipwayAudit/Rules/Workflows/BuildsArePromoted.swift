/// What was tested on one branch is what goes to production. (C-42)
enum BuildsArePromoted: AuditRule {
  static let id = "workflows/builds-are-promoted"
  static let why = "two branches write the same moving tag: production may run staging's build"
  static let fix = "build once, and hand the digest on from staging to production"
  static let source = ["C-42", "C-30"]
  private static func file(_ branches: String) -> String {
    """
    on:
      push:
        branches: \(branches)
    jobs:
      build:
        runs-on: x
        steps:
          - uses: docker/build-push-action@v6
            with:
              push: true
              tags: registry.example/web:latest
    """
  }
  static let wrong = [Fixture.workflow(file("[main, production]"), line: 11)]
  static let right = [Fixture.workflow(file("[main]"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap { file -> [Flaw] in
      let plain = file.branches.filter { !$0.contains("*") }
      guard plain.count > 1 else { return [] }
      return file.jobs.flatMap(\.steps).compactMap { step in
        guard let tags = step.input("tags"), tags.value.contains(":latest"),
          step.input("push")?.value == "true"
        else { return nil }
        return Flaw(
          "branches '\(plain.joined(separator: "' and '"))' both push ':latest'", at: tags.spot)
      }
    }
  }
}
