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

/// The environments that every judge sees.
enum Subject: String, CaseIterable, CustomTestStringConvertible {
  case production, development
  /// One name for pages and API, limits that depend on the method, no proxy in front.
  case mixed

  var environment: AnyEnvironment {
    switch self {
    case .production: AnyEnvironment(ShopEnvironments.production)
    case .development: AnyEnvironment(ShopEnvironments.development)
    case .mixed: AnyEnvironment(MixedEnvironment.production)
    }
  }

  var testDescription: String { rawValue }
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
    for (path, text) in try files(of: resolve(subject.environment)) {
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
      "backend=127.0.1.1", "pages=127.0.1.2", "acme=127.0.0.1", "grafana=127.0.0.1",
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
  let start = Step.start(
    host: subject == .development ? "localhost" : Shop.site,
    ready: subject == .mixed ? ["/health", "/sign-in"] : ["/health", "/api/health"])
  let outcomes = try await withEdge(subject, does: [.certificate(Shop.site), start] + steps)
  #expect(outcomes[1].status == 200, "the edge did not start: \(outcomes[1])")
  return Array(outcomes.dropFirst(2))
}
