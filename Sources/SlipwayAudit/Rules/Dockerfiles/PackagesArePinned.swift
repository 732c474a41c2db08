/// Packages of the system come in a known version, and no more than are named. (C-30)
enum PackagesArePinned: AuditRule {
  static let id = "dockerfiles/packages-are-pinned"
  static let why =
    "the same file makes another image next week, with more in it than anybody asked for"
  static let fix = "add '--no-install-recommends' and versions, or pin the base by its digest"
  static let source = ["C-30", "C-31"]
  static let wrong = [
    Fixture.dockerfile(
      "FROM debian:12.8\nRUN apt-get update && apt-get install -y curl\nUSER 1000\n", line: 2)
  ]
  static let right = [
    Fixture.dockerfile(
      """
      FROM debian:12.8
      RUN apt-get update && apt-get install -y --no-install-recommends curl
      USER 1000

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dockerfiles.flatMap(\.stages).flatMap(\.steps).compactMap { step in
      guard step.keyword == "RUN" else { return nil }
      let loose = (step.script?.commands ?? []).first { command in
        ["apt-get", "apt"].contains(command.name) && command.has("install")
          && !command.has("--no-install-recommends")
          && command.arguments.contains { word in
            word.first?.isLetter ?? false && word != "install" && !word.contains("=")
          }
      }
      return loose.map { _ in
        .warning("packages of no version, with all that they recommend", at: step.spot)
      }
    }
  }
}
