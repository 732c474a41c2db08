import Slipway
import SlipwayDiagnostics
import SlipwayDocuments

/// What an image says of itself, by the keys of the
/// [OCI specification](https://github.com/opencontainers/image-spec/blob/main/annotations.md).
struct ImageLabels {
  /// The image's own key: the contract that its service was built with.
  static let contract = "slipway.contract"

  private let project: Project
  /// Of the contract; the same for all images.
  private let digest: String

  init(of project: Project) {
    self.project = project
    digest = ContractDigest.of(project.contract)
  }

  /// They come last: an argument that changes with every commit spoils the cache of what follows.
  func instructions(title: String, from origins: [Origin]) -> [DockerfileInstruction] {
    [
      .instruction("ARG", .pairs([DockerfilePair("REVISION", "unknown")])),
      .instruction(
        "LABEL",
        .pairs([
          DockerfilePair("org.opencontainers.image.title", title),
          DockerfilePair("org.opencontainers.image.source", project.home),
          DockerfilePair("org.opencontainers.image.vendor", project.name),
          DockerfilePair(
            "org.opencontainers.image.revision", "${REVISION}", expandsVariables: true),
          DockerfilePair(Self.contract, digest),
        ]), from: origins + [project.origin]),
    ]
  }
}
