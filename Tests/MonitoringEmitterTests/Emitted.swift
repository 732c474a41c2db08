import Environments
import Fixtures
import Foundation
import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import Synchronization
import TestSupport
import Testing

/// The files of one environment, as they would be written.
struct Emitted {
  let environment: ResolvedEnvironment
  let artefacts: [Artefact]
  let texts: [String: String]

  init(_ specification: AnyEnvironment, of project: Project = .shop) throws {
    let resolution = Resolver.resolve(specification, of: project, lock: ImageLock())
    environment = try #require(resolution.environment, "\(resolution.findings)")
    var emission = Emission()
    for emitter in Self.emitters {
      emission.add(emitter.emit(environment, using: EmitterInputs(templates: [:])))
    }
    try #require(emission.findings.isEmpty, "\(emission.findings)")
    artefacts = emission.artefacts
    let header = Header(source: "environments", command: "make generate")
    var texts: [String: String] = [:]
    for artefact in artefacts {
      let path = String(artefact.path.dropFirst(environment.folder.count))
      #expect(texts[path] == nil, "\(path) is written twice")
      texts[path] = try artefact.document.print(header: header)
    }
    self.texts = texts
  }

  static let emitters: [any Emitter] = [
    PrometheusEmitter(), AlertmanagerEmitter(), GrafanaEmitter(),
  ]

  /// An example's files, made once for all tests.
  init(_ example: Example) throws {
    if let made = Self.made.withLock({ $0[example.testDescription] }) {
      self = made
      return
    }
    try self.init(example.specification, of: example.project)
    let made = self
    Self.made.withLock { $0[example.testDescription] = made }
  }

  private static let made = Mutex<[String: Emitted]>([:])

  /// The files of a folder, in the order of their names.
  func files(in folder: String) -> [String] {
    texts.keys.filter { $0.hasPrefix(folder + "/") }.sorted()
  }

  func text(_ path: String) throws -> String {
    try #require(texts[path], "\(path) is not written; there is \(texts.keys.sorted())")
  }

  /// Writes all files below a folder.
  func write(to folder: TemporaryFolder) throws {
    for (path, text) in texts { try folder.write(text, to: path) }
  }
}

/// The environments that every judge looks at: those of the small shop, and all that
/// `environments/` declares.
struct Example: CustomTestStringConvertible {
  let testDescription: String
  let project: Project
  let specification: AnyEnvironment
  /// How many rules, tests and dashboards there are at the least, so that no judge is content with
  /// none, and how many receivers.
  let expected: Counts

  struct Counts {
    let rules, tests, dashboards, receivers: Int
  }

  static let development = Example.shop(
    "development", AnyEnvironment(ShopEnvironments.development),
    Counts(rules: 17, tests: 31, dashboards: 1, receivers: 1))
  static let production = Example.shop(
    "production", AnyEnvironment(ShopEnvironments.production),
    Counts(rules: 19, tests: 35, dashboards: 1, receivers: 3))
  static let watchful = Example.shop(
    "watchful", AnyEnvironment(WatchfulShop.environment),
    Counts(rules: 30, tests: 57, dashboards: 2, receivers: 3))

  /// What `environments/` declares.
  static let declared = Environments.all.map { specification in
    let counts =
      switch specification.value.name {
      case "dev": Counts(rules: 45, tests: 85, dashboards: 5, receivers: 1)
      case "staging": Counts(rules: 55, tests: 100, dashboards: 5, receivers: 3)
      default: Counts(rules: 55, tests: 100, dashboards: 5, receivers: 3)
      }
    return Example(
      testDescription: "Flowrex-\(specification.value.name)", project: Environments.project,
      specification: specification, expected: counts)
  }

  static let shops = [development, production, watchful]
  static let allCases = shops + declared

  private static func shop(
    _ name: String, _ specification: AnyEnvironment, _ expected: Counts
  ) -> Example {
    Example(
      testDescription: name, project: .shop, specification: specification, expected: expected)
  }

  /// Whether somebody is told of its alerts.
  var tellsSomebody: Bool { expected.receivers > 1 }

  func resolved() throws -> ResolvedEnvironment {
    let resolution = Resolver.resolve(specification, of: project, lock: ImageLock())
    return try #require(resolution.environment, "\(resolution.findings)")
  }
}
