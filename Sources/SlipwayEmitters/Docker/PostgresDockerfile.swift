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
  private let project: Project
  private let bases: BaseImages

  init(_ image: FirstPartyImage, of project: Project, _ bases: BaseImages) {
    self.image = image
    self.project = project
    self.bases = bases
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
    return all + ImageLabels.instructions(title: image.name, of: project, from: image.origins)
  }
}
