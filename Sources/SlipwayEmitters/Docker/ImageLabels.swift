import ServiceContract
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

  /// What the programs of an image read of their build. An image that nobody stamped says nothing,
  /// and its programs start on a laptop only. (C-33, S17-VAR-05)
  func stamps(from origins: [Origin]) -> [DockerfileInstruction] {
    let stamps = project.contract.bindings.stamps
    guard !stamps.isEmpty else { return [] }
    // The commit is an argument already.
    let arguments = stamps.filter { $0.fact != .revision }.map {
      DockerfilePair(Self.argument($0.fact), "")
    }
    let variables = stamps.map {
      DockerfilePair($0.key, "${\(Self.argument($0.fact))}", expandsVariables: true)
    }
    return arguments.map { .instruction("ARG", .pairs([$0]), from: origins) } + [
      .instruction("ENV", .pairs(variables), from: origins + [project.origin])
    ]
  }

  /// The argument of a build that carries a fact.
  static func argument(_ fact: BuildFact) -> String { fact.rawValue.uppercased() }

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
