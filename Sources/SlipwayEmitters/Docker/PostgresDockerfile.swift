import Slipway
import SlipwayDocuments
import SlipwayModel

/// PostgreSQL with pgBackRest beside it: the server itself calls it for each part of its log, so it
/// must be in the server's container. (F18)
///
/// The base is the official image; its own package source holds pgBackRest. It runs as its user
/// `postgres`, and its entry point is replaced by the environment.
struct PostgresDockerfile {
  private static let needs: [SystemPackage] = [
    .certificates, .package("pgbackrest", series: "2.*"),
  ]

  private let image: FirstPartyImage
  private let bases: BaseImages
  private let labels: ImageLabels

  init(_ image: FirstPartyImage, _ bases: BaseImages, _ labels: ImageLabels) {
    self.image = image
    self.bases = bases
    self.labels = labels
  }

  var instructions: [DockerfileInstruction] {
    var all = bases.from(.postgres, as: nil)
    all += SystemPackages.install(Self.needs, from: image.origins)
    all += [
      .shell("USER", ["999:999"]),
      SwiftDockerfile.health(
        .command(
          "pg_isready", "--quiet", "--host", "127.0.0.1", every: .seconds(10),
          within: .seconds(3), retries: 6, startingWithin: .seconds(60)), from: image.origins),
    ]
    return all + labels.instructions(title: image.name, from: image.origins)
  }
}
