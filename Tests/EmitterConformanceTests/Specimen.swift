import Environments
import Fixtures
import Foundation
import Slipway
import SlipwayModel
import TestSupport
import Testing

/// The environments that every emitter is shown: small ones, and the repository's own.
enum Specimen: String, Sendable, CaseIterable {
  case shop, own

  /// What all emitters make of it, computed once.
  var emitted: Emitted {
    get throws {
      switch self {
      case .shop: try Self.shopFiles.get()
      case .own: try Self.ownFiles.get()
      }
    }
  }

  var environments: [ResolvedEnvironment] {
    get throws {
      switch self {
      case .shop: try Self.resolve(Self.shops, of: .shop, lock: ImageLock())
      case .own:
        try Self.resolve(Environments.all, of: Environments.project, lock: try Self.lock())
      }
    }
  }

  private static let shops = [
    AnyEnvironment(ShopEnvironments.development), AnyEnvironment(ShopEnvironments.production),
  ]
  private static let shopFiles = Result {
    try Emitted(try Specimen.shop.environments, try inputs())
  }
  private static let ownFiles = Result {
    try Emitted(try Specimen.own.environments, try inputs())
  }

  static func resolve(
    _ specifications: [AnyEnvironment], of project: Project, lock: ImageLock
  ) throws -> [ResolvedEnvironment] {
    try specifications.map { specification in
      let resolution = Resolver.resolve(specification, of: project, lock: lock)
      return try #require(resolution.environment, "\(resolution.findings)")
    }
  }

  private static func lock() throws -> ImageLock {
    let path = "environments/Lock.json"
    let text = try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
    return try ImageLock.read(text, path: path).get()
  }

  /// The repository's own templates.
  static func inputs() throws -> EmitterInputs {
    let root = packageRoot + "/templates"
    var texts: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      texts[path] = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }
    return EmitterInputs(templates: texts)
  }
}
