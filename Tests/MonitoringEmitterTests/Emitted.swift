import Fixtures
import Foundation
import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
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

  init(_ example: Example) throws { try self.init(example.specification) }

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

/// The environments that every judge looks at.
enum Example: String, CaseIterable {
  case development, production, watchful

  var specification: AnyEnvironment {
    switch self {
    case .development: AnyEnvironment(ShopEnvironments.development)
    case .production: AnyEnvironment(ShopEnvironments.production)
    case .watchful: AnyEnvironment(WatchfulShop.environment)
    }
  }
}
