import Foundation
import TestSupport
import Testing

/// Slipway is a library: a team that never heard of our service writes its own contract and its
/// own environments, and calls one public entry point. (design §9)
struct LibraryTests {
  @Test func `it generates, and what it generated is what it says`() async throws {
    try await Ledgerly.withGenerated { folder in
      let check = try await Ledgerly.run("check", at: folder)
      #expect(check.status == 0, "\(check)")
      #expect(check.stdout.contains("no drift"), "\(check)")
      let again = try await Ledgerly.run("generate", at: folder)
      #expect(again.stdout.contains(" 0 written, "), "\(again)")
    }
  }

  @Test func `its files name its own command and nothing of ours`() async throws {
    try await Ledgerly.withGenerated { folder in
      let compose = try folder.read("generated/prod/docker-compose.yml")
      #expect(compose.contains("by `swift run ledgerly generate`"))
      let files = try folder.files(below: "generated")
      #expect(files.count > 20)
      for file in files {
        #expect(try !folder.read(file).lowercased().contains("flowrex"), "\(file)")
      }
    }
  }

  @Test func `promtool takes its configuration, rules and tests`() async throws {
    try await Ledgerly.withGenerated { folder in
      let root = "generated/prod/prometheus"
      let rules = try folder.files(below: root + "/rules").filter { $0.hasSuffix(".yml") }
      let tests = try folder.files(below: root + "/tests").filter { $0.hasSuffix(".yml") }
      #expect(!rules.isEmpty && !tests.isEmpty)
      let config = try await Tool.run(
        "promtool", ["check", "config", "--lint=all", folder.path(of: root + "/prometheus.yml")])
      #expect(config.status == 0 && config.stderr.isEmpty, "\(config)")
      for file in rules {
        let output = try await Tool.run(
          "promtool", ["check", "rules", "--lint=all", "--lint-fatal", folder.path(of: file)])
        #expect(output.status == 0 && output.stderr.isEmpty, "\(output)")
        // It says SUCCESS to an empty file, too.
        let count = try folder.read(file).split(separator: "\n").filter { line in
          let words = line.drop { $0 == " " || $0 == "-" }
          return words.hasPrefix("alert:") || words.hasPrefix("record:")
        }.count
        #expect(count > 0)
        #expect(output.stdout.contains("SUCCESS: \(count) rules found"), "\(output)")
      }
      for file in tests {
        let output = try await Tool.run(
          "promtool", ["test", "rules", folder.path(of: file)])
        #expect(output.status == 0 && output.stdout.contains("SUCCESS"), "\(output)")
      }
    }
  }

  @Test func `the stack loader takes its stack`() async throws {
    try await Ledgerly.withGenerated { folder in
      let file = "generated/prod/docker-compose.yml"
      let text = try folder.read(file)
      // What the release record and the lock file would fill.
      let digest = String(repeating: "0", count: 64)
      var variables: [String: String] = [:]
      for piece in text.components(separatedBy: "${").dropFirst() {
        variables[String(piece.prefix { $0.isUppercase || $0.isNumber || $0 == "_" })] =
          "registry.example.com/some@sha256:\(digest)"
      }
      let output = try await Tool.run(
        "docker", ["stack", "config", "--compose-file", folder.path(of: file)],
        environment: variables)
      #expect(output.status == 0, "\(output)")
      #expect(output.stderr.isEmpty, "\(output)")
      for service in ["books", "prometheus", "alertmanager", "grafana", "node-exporter"] {
        #expect(output.stdout.contains("\n  \(service):\n"), "no '\(service)'")
      }
    }
  }

  private struct Dependency: Decodable {
    let identity: String
    let dependencies: [Dependency]
    var all: [String] { [identity] + dependencies.flatMap(\.all) }
  }

  /// No server, no cryptography: only what reads arguments and fills templates.
  @Test func `nothing is built that the generator does not need`() async throws {
    _ = try await Ledgerly.shared.executable()
    let folder = URL(fileURLWithPath: Ledgerly.scratch + "/debug").resolvingSymlinksInPath().path
    let built = try FileManager.default.contentsOfDirectory(atPath: folder + "/Modules")
    #expect(built.contains("ArgumentParser.swiftmodule"))
    #expect(built.contains("SlipwayCommand.swiftmodule"))
    let others = [
      "Crypto", "GRDB", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore",
      "NIOPosix", "ServiceLifecycle", "SlipwayEvidence", "SwiftASN1", "X509", "Ledger", "Risk",
    ]
    let flowrex = try FileManager.default.contentsOfDirectory(atPath: packageRoot + "/Sources")
      .filter { $0.hasPrefix("Flowrex") }
    #expect(flowrex.count > 5)
    for module in others + flowrex {
      #expect(!built.contains("\(module).swiftmodule"), "\(module)")
    }
    let output = try await Tool.package([
      "package", "--package-path", Ledgerly.folder, "--scratch-path", Ledgerly.scratch,
      "show-dependencies", "--format", "json",
    ])
    #expect(output.status == 0, "\(output)")
    // Notices may stand above the object.
    let json = output.stdout.drop { $0 != "{" }
    let graph = try JSONDecoder().decode(Dependency.self, from: Data(json.utf8))
    // The package is called after its folder, which every clone may name as it likes.
    #expect(graph.dependencies.count == 1)
    let beneath = Set(graph.dependencies.flatMap { $0.dependencies.flatMap(\.all) })
    // The others are the gate's and the service's: fetched with the package, and built for nobody
    // who does not ask for them.
    let record = try String(contentsOfFile: packageRoot + "/dependencies.txt", encoding: .utf8)
    let recorded = Set(record.split(separator: "\n").map { String($0.prefix { $0 != " " }) })
    #expect(beneath.isSubset(of: recorded), "\(beneath.subtracting(recorded))")
    #expect(beneath.contains("swift-argument-parser"))
  }
}
