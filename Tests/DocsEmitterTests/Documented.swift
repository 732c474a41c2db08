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

/// The pages of some environments, and the paths of everything else that is written beside them.
struct Documented: Sendable {
  let environments: [ResolvedEnvironment]
  let findings: [Finding]
  let artefacts: [Artefact]
  /// The pages, by path.
  let pages: [String: String]
  private let inputs: EmitterInputs

  init(_ environments: [ResolvedEnvironment], _ inputs: EmitterInputs) throws {
    self.environments = environments
    self.inputs = inputs
    var emission = Emission()
    for emitter in Self.shared { emission.add(emitter.emit(environments, using: inputs)) }
    for environment in environments {
      emission.add(EnvironmentPageEmitter().emit(environment, using: inputs))
    }
    findings = emission.findings
    artefacts = emission.artefacts
    pages = try Self.printed(emission.artefacts)
  }

  static let shared: [any SharedEmitter] = [
    RunbooksEmitter(), DifferencesEmitter(), EnvExampleEmitter(),
  ]

  private static func printed(_ artefacts: [Artefact]) throws -> [String: String] {
    let header = Header(source: "environments/", command: "make generate")
    var texts: [String: String] = [:]
    for artefact in artefacts {
      #expect(texts[artefact.path] == nil, "\(artefact.path) is written twice")
      texts[artefact.path] = try artefact.document.print(header: header)
    }
    return texts
  }

  /// All files that a link may lead to.
  var paths: Set<String> {
    var emission = DockerEmitter().emit(environments, using: inputs)
    for environment in environments {
      for emitter in Emitters.perEnvironment {
        emission.add(emitter.emit(environment, using: inputs))
      }
      emission.add(StackEmitter.emit(environment, files: []))
    }
    return Set(pages.keys).union(emission.artefacts.map(\.path))
  }

  func page(_ path: String) throws -> String {
    try #require(pages[path], "\(path) is not written; there is \(pages.keys.sorted())")
  }

  /// The reviewer's page of an environment.
  func readme(_ environment: ResolvedEnvironment) throws -> String {
    try page(environment.folder + "README.md")
  }

  var markdown: [(path: String, text: String)] {
    pages.filter { $0.key.hasSuffix(".md") }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }
}

/// Small environments, and the repository's own.
enum Specimen: String, Sendable, CaseIterable {
  case shop, own

  var documented: Documented {
    get throws {
      switch self {
      case .shop: try Self.shopPages.get()
      case .own: try Self.ownPages.get()
      }
    }
  }

  private static let shopPages = Result { try Documented(try shop(), try inputs()) }
  private static let ownPages = Result { try Documented(try own(), try inputs()) }

  static func shop() throws -> [ResolvedEnvironment] {
    try resolve(
      [
        AnyEnvironment(ShopEnvironments.development), AnyEnvironment(ShopEnvironments.production),
      ], of: .shop, lock: ImageLock())
  }

  static func own() throws -> [ResolvedEnvironment] {
    let path = "environments/Lock.json"
    let text = try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
    let lock = try ImageLock.read(text, path: path).get()
    return try resolve(Environments.all, of: Environments.project, lock: lock)
  }

  static func resolve(
    _ specifications: [AnyEnvironment], of project: Project, lock: ImageLock
  ) throws -> [ResolvedEnvironment] {
    try specifications.map { specification in
      let resolution = Resolver.resolve(specification, of: project, lock: lock)
      return try #require(resolution.environment, "\(resolution.findings)")
    }
  }

  /// The repository's own templates.
  static func inputs() throws -> EmitterInputs {
    let root = packageRoot + "/templates/"
    var texts: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: root + path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      texts[path] = try String(contentsOfFile: root + path, encoding: .utf8)
    }
    return EmitterInputs(templates: texts)
  }
}
