import Environments
import Fixtures
import Foundation
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// The names of the fixture's environment.
enum Shop {
  static let site = "shop.example.com"
  static let other = "www.shop.example.com"
  static let api = "api.shop.example.com"
}

/// The environments that every judge sees: those of the small shop, and all that `environments/`
/// declares.
struct Subject: Hashable, CustomTestStringConvertible {
  let testDescription: String
  let project: Project
  let environment: AnyEnvironment
  /// How people and programs call it.
  let site: String
  let api: String
  /// What is answered once the upstreams are known.
  let ready: [String]

  static let production = Subject.shop(
    "production", AnyEnvironment(ShopEnvironments.production), site: Shop.site, api: Shop.api)
  static let development = Subject.shop(
    "development", AnyEnvironment(ShopEnvironments.development), site: "localhost",
    api: "api.localhost")
  /// One name for pages and API, limits that depend on the method, no proxy in front.
  static let mixed = Subject.shop(
    "mixed", AnyEnvironment(MixedEnvironment.production), site: Shop.site, api: Shop.site,
    ready: ["/health", "/sign-in"])

  static let declared = Environments.all.map { specification in
    let names = specification.value.edge?.names
    return Subject(
      testDescription: "Flowrex-\(specification.value.name)", project: Environments.project,
      environment: specification, site: names?.site ?? "", api: names?.api ?? "",
      ready: ["/health", "/api/health"])
  }

  static let allCases = [production, development, mixed] + declared

  /// Whether its certificate is an authority's.
  var isDeployed: Bool { environment.value.stage.isDeployed }

  private static func shop(
    _ name: String, _ environment: AnyEnvironment, site: String, api: String,
    ready: [String] = ["/health", "/api/health"]
  ) -> Subject {
    Subject(
      testDescription: name, project: .shop, environment: environment, site: site, api: api,
      ready: ready)
  }

  func resolved() throws -> ResolvedEnvironment {
    let resolution = Resolver.resolve(environment, of: project, lock: ImageLock())
    return try #require(resolution.environment, "\(resolution.findings)")
  }

  static func == (one: Subject, other: Subject) -> Bool {
    one.testDescription == other.testDescription
  }

  func hash(into hasher: inout Hasher) { hasher.combine(testDescription) }
}

func resolve(_ environment: AnyEnvironment) throws -> ResolvedEnvironment {
  let resolution = Resolver.resolve(environment, of: .shop, lock: ImageLock())
  return try #require(resolution.environment, "\(resolution.findings)")
}

let inputs: EmitterInputs = {
  var texts: [String: String] = [:]
  for name in ["supervise.sh", "error.html", "maintenance.html"] {
    texts["edge/\(name)"] = try? String(
      contentsOfFile: "\(packageRoot)/templates/edge/\(name)", encoding: .utf8)
  }
  return EmitterInputs(templates: texts)
}()

/// The printed files, by path under the environment's folder.
func files(of environment: ResolvedEnvironment) throws -> [String: String] {
  let emission = NginxEmitter().emit(environment, using: inputs)
  #expect(emission.findings == [])
  let header = Header(source: "Tests/Fixtures/ShopEnvironments.swift", command: "make generate")
  return try Dictionary(
    uniqueKeysWithValues: emission.artefacts.map {
      (String($0.path.dropFirst(environment.folder.count)), try $0.document.print(header: header))
    })
}

/// The generated files where the containers would find them, and the edge's own environment around.
struct EdgeSandbox {
  let folder: TemporaryFolder
  let subject: Subject

  static let standIns = "\(packageRoot)/Tests/NginxEmitterTests/stand-ins"

  init(_ subject: Subject, in folder: TemporaryFolder) throws {
    self.folder = folder
    self.subject = subject
    for (path, text) in try files(of: subject.resolved()) {
      try folder.write(text, to: "etc/\(path)")
    }
    // The pinned nginx has no counters; the real file has its own test.
    try folder.write("return 200 \"stand-in\";\n", to: "counters.conf")
  }

  private var arguments: [String] {
    let puts = [
      "\(Self.standIns)/idle.conf:/etc/nginx/nginx.conf", "\(folder.path(of: "etc")):/etc/slipway",
      "\(folder.path(of: "counters.conf")):/etc/slipway/nginx/counters.conf",
    ]
    let hosts = [
      "backend=127.0.1.1", "pages=127.0.1.2", "console=127.0.1.2", "acme=127.0.0.1",
      "grafana=127.0.0.1",
      "prometheus=127.0.0.1", "alertmanager=127.0.0.1",
    ]
    return puts.flatMap { ["--put", $0] } + hosts.flatMap { ["--host", $0] }
      + ["--timeout", "100"]
  }

  /// Runs a command beside the generated files.
  func run(_ command: [String], input: String? = nil) async throws -> Tool.Output {
    try await Tool.script(
      "nginx-sandbox", arguments + ["--"] + command, input: input, timeout: .seconds(120))
  }

  /// Does the steps, in order, and says what came of each.
  func run(_ steps: [Step]) async throws -> [Outcome] {
    let input = String(decoding: try JSONEncoder().encode(steps), as: UTF8.self)
    let output = try await run(["python3", "\(Self.standIns)/edge.py"], input: input)
    guard output.status == 0 else {
      Issue.record("the stand-ins failed: \(output)")
      throw Tool.Failure.notStarted(path: "edge.py", reason: output.stderr)
    }
    let outcomes = try JSONDecoder().decode([Outcome].self, from: Data(output.stdout.utf8))
    try #require(outcomes.count == steps.count)
    return outcomes
  }
}

/// Does the steps in a sandbox of their own.
func withEdge(_ subject: Subject = .production, does steps: [Step]) async throws -> [Outcome] {
  try await withTemporaryFolder { folder in
    try await EdgeSandbox(subject, in: folder).run(steps)
  }
}

/// The answers to requests that an edge with a certificate gets.
func requests(_ subject: Subject = .production, to steps: [Step]) async throws -> [Outcome] {
  let start = Step.start(host: subject.site, ready: subject.ready)
  let outcomes = try await withEdge(subject, does: [.certificate(Shop.site), start] + steps)
  #expect(outcomes[1].status == 200, "the edge did not start: \(outcomes[1])")
  return Array(outcomes.dropFirst(2))
}
