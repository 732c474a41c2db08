/// What is copied whole into an image leaves the secrets behind. (S18-HS-07)
enum ContextsLeaveSecretsOut: AuditRule {
  static let id = "dockerfiles/contexts-leave-secrets-out"
  static let why = "the '.env' of whoever builds ends in the image, and the image in a registry"
  static let fix = "add a '.dockerignore' with '.env*', '.git' and what the image does not need"
  static let source = ["S18-HS-07", "S18-CL-CON"]
  static let wrong = [
    Fixture.files(
      ["Dockerfile": "FROM alpine:3.22.1\nCOPY . .\nUSER 1000\n", "app.py": "pass\n"],
      at: "Dockerfile:2")
  ]
  static let right = [
    Fixture.files([
      "Dockerfile": "FROM alpine:3.22.1\nCOPY . .\nUSER 1000\n", ".dockerignore": ".env*\n",
    ]),
    Fixture.dockerfile("FROM alpine:3.22.1\nCOPY app/ /app/\nUSER 1000\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    guard deployment.paths.count > 1 else { return [] }
    return deployment.dockerfiles.flatMap { file -> [Flaw] in
      // The context may be any folder above; what a stage before the last one takes stays there.
      let beside = Set(Paths.above(file.path).map { Paths.join($0, ".dockerignore") })
      let covers = deployment.dockerignores.contains {
        $0 == file.path + ".dockerignore" || beside.contains($0)
      }
      guard !covers else { return [] }
      return file.finalSteps.filter { step in
        ["COPY", "ADD"].contains(step.keyword) && step.flags["from"] == nil
          && step.words.dropLast().contains { $0 == "." || $0 == "./" }
      }.map {
        .warning("the whole folder is copied, and no '.dockerignore' stands beside it", at: $0.spot)
      }
    }
  }
}
