import Foundation
import TestSupport
import Testing

/// What a manifest leaves open is resolved as it is recorded, whatever was published since. (C-30)
struct ResolveTests {
  @Test(.covers("C-30"))
  func `a package that was published since is not taken`() async throws {
    try await withTemporaryFolder { folder in
      try await Self.publish("lower", ["1.0.0", "1.1.0"], in: folder)
      try await Self.publish(
        "upper", ["2.0.0"], needs: ("lower", #"from: "1.0.0""#), in: folder)
      try Self.write("root", needs: ("upper", #"exact: "2.0.0""#), in: folder)
      let script = "\(packageRoot)/scripts/resolve"
      try folder.write(
        String(contentsOfFile: script, encoding: .utf8), to: "root/scripts/resolve")
      try folder.write("lower 1.0.0\nupper 2.0.0\n", to: "root/dependencies.txt")
      let first = try await Self.resolve(folder)
      #expect(first.status == 0, "\(first)")
      #expect(try Self.version(of: "lower", folder) == "1.0.0")

      // What is recorded is kept when it is there, and got back when it is not.
      let again = try await Self.resolve(folder)
      #expect(again.status == 0 && again.stdout.isEmpty, "\(again)")
      let update = try await Tool.package(
        ["package", "update"], in: folder.path(of: "root"))
      #expect(update.status == 0, "\(update)")
      #expect(try Self.version(of: "lower", folder) == "1.1.0")
      let back = try await Self.resolve(folder)
      #expect(back.status == 0, "\(back)")
      #expect(try Self.version(of: "lower", folder) == "1.0.0")

      try folder.write("upper 2.0.0\n", to: "root/dependencies.txt")
      let refused = try await Self.resolve(folder)
      #expect(refused.status == 1)
      #expect(
        refused.stderr.contains(
          "error: packages cannot be resolved as dependencies.txt has them (< there, > here):\n"
        ) && refused.stderr.contains("> lower 1.0.0\n"), "\(refused)")
    }
  }

  private static func resolve(_ folder: TemporaryFolder) async throws -> Tool.Output {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try await Tool.program(
      "/usr/bin/env", ["PATH=\(path)", "/bin/sh", folder.path(of: "root/scripts/resolve")],
      timeout: .seconds(300))
  }

  private static func version(of name: String, _ folder: TemporaryFolder) throws -> String? {
    let text = try folder.read("root/Package.resolved")
    let pin = text.components(separatedBy: "\"identity\" : \"\(name)\"").dropFirst().first
    return pin?.firstMatch(of: /"version" : "([0-9.]+)"/).map { String($0.output.1) }
  }

  /// A package of one module; what no module uses is not resolved at all.
  private static func write(
    _ name: String, needs: (name: String, requirement: String)?, in folder: TemporaryFolder
  ) throws {
    let address = needs.map { "url: \"file://\(folder.path(of: $0.name))\", \($0.requirement)" }
    let product = needs.map { ".product(name: \"\($0.name)\", package: \"\($0.name)\")" }
    try folder.write(
      """
      // swift-tools-version: 6.2
      import PackageDescription

      let package = Package(
        name: "\(name)", products: [.library(name: "\(name)", targets: ["\(name)"])],
        dependencies: [\(address.map { ".package(\($0))" } ?? "")],
        targets: [.target(name: "\(name)", dependencies: [\(product ?? "")])])

      """, to: "\(name)/Package.swift")
    try folder.write("", to: "\(name)/Sources/\(name)/\(name).swift")
  }

  /// A repository with a tag for each version.
  private static func publish(
    _ name: String, _ versions: [String], needs: (name: String, requirement: String)? = nil,
    in folder: TemporaryFolder
  ) async throws {
    let root = folder.path(of: name)
    try write(name, needs: needs, in: folder)
    var steps = [["init", "--quiet"], ["add", "--all"]]
    for version in versions {
      steps += [
        ["commit", "--quiet", "--allow-empty", "--message", version], ["tag", version],
      ]
    }
    for step in steps {
      let output = try await Tool.program(
        "/usr/bin/env",
        ["git", "-c", "user.name=Shop", "-c", "user.email=shop@example.com"] + step, in: root)
      #expect(output.status == 0, "\(output)")
    }
  }
}
