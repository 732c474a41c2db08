import Slipway
import SlipwayDiagnostics
import SlipwayDocuments

/// Packages of the distribution, each held to its series. (D07)
enum SystemPackages {
  /// Nothing for an empty list; else one layer that leaves no package lists behind. (S18-DFB-02)
  static func install(
    _ packages: [SystemPackage], from origins: [Origin]
  ) -> [DockerfileInstruction] {
    guard !packages.isEmpty else { return [] }
    let words = packages.map { "'\($0.name)=\($0.series)'" }
    return [
      .shell(
        "RUN",
        [
          "apt-get update",
          "&& DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends",
        ] + words + ["&& rm -rf /var/lib/apt/lists/*"], from: origins)
    ]
  }
}
