import Slipway
import SlipwayDiagnostics
import SlipwayDocuments

/// What an image says of itself, by the keys of the
/// [OCI specification](https://github.com/opencontainers/image-spec/blob/main/annotations.md).
enum ImageLabels {
  /// The image's own key: the contract that its service was built with.
  static let contract = "slipway.contract"

  /// They come last: an argument that changes with every commit spoils the cache of what follows.
  static func instructions(
    title: String, of project: Project, from origins: [Origin]
  ) -> [DockerfileInstruction] {
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
          DockerfilePair(contract, ContractDigest.of(project.contract)),
        ]), from: origins + [project.origin]),
    ]
  }
}
