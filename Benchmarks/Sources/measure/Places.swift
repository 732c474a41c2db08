import Foundation

/// Where things stand.
struct Places {
  /// This package.
  let here: String
  /// The repository.
  let root: String

  init() {
    // <here>/Sources/measure/Places.swift
    here = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    root = here.split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }

  /// What `run` builds and installs.
  private var scratch: String { "\(root)/.build-benchmarks" }
  /// The generator as its users build it.
  var slipway: String { "\(scratch)/slipway/release/slipway" }
  /// The modules that it was built from.
  var modules: String { "\(scratch)/slipway/release/Modules" }
  var synthetic: String { "\(scratch)/programs/release/synthetic" }
  /// The service as it is deployed, and what runs its twin.
  var flowrex: String { "\(scratch)/slipway/release/flowrex" }
  var servicePeer: String { "\(scratch)/service-peers/bin/python" }
  var peer: String { "\(scratch)/peers/bin/python" }
  var baseline: String { "\(here)/baseline.txt" }

  /// A folder as a repository has it before the first `generate`: only the lock file is there.
  func makeRepository(at folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/environments", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: root + "/environments/Lock.json", toPath: folder + "/environments/Lock.json")
  }

  /// The sources of `environments/`.
  func specificationFiles() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root + "/environments")
      .filter { $0.hasSuffix(".swift") }.sorted()
  }
}
