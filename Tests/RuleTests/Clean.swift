import Fixtures
import Foundation
import Slipway
import SlipwayModel
import SlipwayPipeline
import TestSupport

/// The fixtures, generated with the repository's own templates.
enum Clean {
  static func generation() throws -> Generation {
    Generator(project: .shop, lock: ImageLock(), inputs: EmitterInputs(templates: try templates()))
      .generate([
        AnyEnvironment(ShopEnvironments.development), AnyEnvironment(ShopEnvironments.production),
      ])
  }

  static func templates() throws -> [String: String] {
    let root = URL(fileURLWithPath: packageRoot + "/templates").resolvingSymlinksInPath()
    var texts: [String: String] = [:]
    let paths = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    while let url = paths?.nextObject() as? URL {
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
      texts[String(url.resolvingSymlinksInPath().path.dropFirst(root.path.count + 1))] = text
    }
    return texts
  }
}
