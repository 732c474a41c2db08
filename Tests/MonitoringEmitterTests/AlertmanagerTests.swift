import Fixtures
import Foundation
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

struct AlertmanagerTests {
  private static let path = "alertmanager/alertmanager.yml"

  /// The one key that the locked Alertmanager knows and the installed judge does not.
  /// (docs/decisions/0010-heartbeat-address-from-a-file.md)
  static func forTheJudge(_ text: String, url: String = "http://127.0.0.1:9099/webhook") -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let key = line.firstRange(of: "url_file:"), !line.contains("api_url_file") else {
        return String(line)
      }
      return line[..<key.lowerBound] + "url: \(url)"
    }.joined(separator: "\n")
  }

  @Test(arguments: Example.allCases)
  func `amtool accepts the configuration with each of its receivers`(
    _ example: Example
  ) async throws {
    let text = try Emitted(example).text(Self.path)
    try await withTemporaryFolder { folder in
      let file = try folder.write(Self.forTheJudge(text), to: "alertmanager.yml")
      let output = try await Tool.run("amtool", ["check-config", file])
      #expect(output.status == 0, "\(output)")
      #expect(output.stdout.contains("- \(example.expected.receivers) receivers"), "\(output)")
      #expect(output.stdout.contains("- 1 inhibit rules"), "\(output)")
    }
  }

  @Test func `the judge refuses nothing but the heartbeat's address`() async throws {
    let text = try Emitted(.production).text(Self.path)
    try await withTemporaryFolder { folder in
      let file = try folder.write(text, to: "alertmanager.yml")
      let output = try await Tool.run("amtool", ["check-config", file])
      // Debian 12 has 0.25, Ubuntu 24.04 has 0.26, and with it the key.
      let isOlder = try await Self.judgeVersion() < (0, 26)
      #expect(output.status == (isOlder ? 1 : 0), "\(output)")
      let complaints = output.stdout.split(separator: "\n").filter { $0.contains("field ") }
      #expect(complaints.count == (isOlder ? 1 : 0), "\(output)")
      #expect(complaints.allSatisfy { $0.contains("field url_file not found") }, "\(output)")
    }
  }

  /// `0.26` of `amtool, version 0.26.0+ds (…)`.
  private static func judgeVersion() async throws -> (Int, Int) {
    let output = try await Tool.run("amtool", ["--version"])
    let said = try #require(
      output.stdout.firstMatch(of: /^amtool, version (\d+)\.(\d+)\./), "\(output)")
    return (try #require(Int(said.output.1)), try #require(Int(said.output.2)))
  }

  @Test(
    .covers("C-69", "S18-CL-MON-04", "S18-HS-08"),
    arguments: Example.allCases)
  func `an alert of each severity reaches its receiver`(_ example: Example) async throws {
    let text = try Emitted(example).text(Self.path)
    // What nobody has declared wakes somebody.
    let routes = [
      ("severity=critical", "critical"), ("severity=warning", "warning"),
      ("severity=heartbeat", "heartbeat"), ("severity=unheard-of", "critical"),
      ("team=none", "critical"),
    ]
    try await withTemporaryFolder { folder in
      let file = try folder.write(Self.forTheJudge(text), to: "alertmanager.yml")
      for (label, receiver) in routes {
        let receiver = example.tellsSomebody ? receiver : "page-only"
        let output = try await Tool.run(
          "amtool",
          [
            "config", "routes", "test", "--config.file", file, "--verify.receivers", receiver,
            "alertname=HighErrorRate", "service=backend", label,
          ])
        #expect(output.status == 0, "\(output)")
        #expect(output.stdout == receiver + "\n", "\(output)")
      }
    }
  }

  @Test(.covers("C-16")) func `secrets stand in no file, only the paths of theirs`() async throws {
    let emitted = try Emitted(.production)
    let text = try emitted.text(Self.path)
    let mounted = emitted.environment.service(PartName.alertmanager)?.secrets.map(\.path) ?? []
    let named = text.split(separator: "\n").filter { $0.contains("_file:") }.compactMap {
      $0.split(separator: " ").last.map(String.init)
    }
    #expect(Set(named) == Set(mounted))
    #expect(mounted.count == 3)
  }

  @Test(.covers("C-69", "S18-HS-08"))
  func `an environment whose alerts reach nobody is refused`() throws {
    let base = ShopEnvironmentsWithout.receivers
    let resolution = Resolver.resolve(AnyEnvironment(base), of: .shop, lock: ImageLock())
    let environment = try #require(resolution.environment)
    let emission = AlertmanagerEmitter().emit(
      environment, using: EmitterInputs(templates: [:]))
    #expect(
      emission.findings.map(\.message) == [
        "alerts of level 'critical' would reach nobody",
        "alerts of level 'warning' would reach nobody",
      ])
    #expect(emission.findings.map { $0.written.first?.argument } == ["critical", "warning"])
  }
}
