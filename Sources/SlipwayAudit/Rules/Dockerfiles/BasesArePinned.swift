/// An image starts from one known image. (C-30)
enum BasesArePinned: AuditRule {
  static let id = "dockerfiles/bases-are-pinned"
  static let why = "the base changes under the file, and a build cannot be made again"
  static let fix = "add the digest: FROM name:1.2.3@sha256:…"
  static let source = ["C-30"]
  static let wrong = [Fixture.dockerfile("FROM python:3.13-slim\nUSER 1000\n", line: 1)]
  static let right = [
    Fixture.dockerfile("FROM python:3.13.1-slim@sha256:0f AS a\nUSER 1000\nFROM a\nUSER 1000\n"),
    Fixture.dockerfile("FROM scratch\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dockerfiles.flatMap { file in
      file.stages.map(\.image).filter { image in
        !file.isStage(image.value) && image.value != "scratch" && !image.value.contains("$")
          && !ImageName(image.value).hasDigest
      }.map { .warning("'\($0.value)' is named without a digest", at: $0.spot) }
    }
  }
}
