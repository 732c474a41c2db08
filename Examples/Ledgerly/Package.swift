// swift-tools-version: 6.2
import PackageDescription

// A repository of its own that uses Slipway as a library: its own contract, its own environment.
let package = Package(
  name: "ledgerly",
  dependencies: [.package(name: "slipway", path: "../..")],
  targets: [
    .executableTarget(
      name: "ledgerly", dependencies: [.product(name: "Slipway", package: "slipway")])
  ])
