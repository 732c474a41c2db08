// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// Apart from the generator's package, so that nobody who builds Slipway builds this.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "slipway", path: "..")],
  targets: [
    // Any number of environments, through the public interface that every library user has.
    .executableTarget(
      name: "synthetic", dependencies: [.product(name: "Slipway", package: "slipway")],
      swiftSettings: strict),
    // Runs what is measured, and prints the table.
    .executableTarget(name: "measure", swiftSettings: strict),
  ])
