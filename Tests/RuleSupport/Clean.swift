import Fixtures
import Foundation
import Slipway
import SlipwayModel
package import SlipwayPipeline
package import SlipwayRules
import TestSupport

/// The fixtures, generated with the repository's own templates.
package enum Clean {
  /// The one that people depend on, with all its files.
  package static let subject: Subject? = {
    let generation = try? Clean.generation()
    let part = generation?.parts.first { $0.name == "prod" }
    guard let part, let environment = part.environment else { return nil }
    return Subject(environment: environment, files: part.files.map(\.printed))
  }()

  package static func generation() throws -> Generation {
    Generator(project: .shop, lock: ImageLock(), inputs: EmitterInputs(templates: try templates()))
      .generate([
        AnyEnvironment(ShopEnvironments.development), AnyEnvironment(ShopEnvironments.production),
      ])
  }

  package static func templates() throws -> [String: String] {
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

extension Subject {
  /// Breaks something; `false` if the edit found nothing to change.
  package mutating func apply(_ edit: Breaker.Edit) -> Bool {
    switch edit {
    case .model(let change):
      change(&environment)
      return true
    case .file(let path, let old, let new):
      guard let index = files.firstIndex(where: { $0.path == environment.folder + path }),
        let range = files[index].text.firstRange(of: old)
      else { return false }
      var text = files[index].text
      text.replaceSubrange(range, with: new)
      files[index] = PrintedArtefact(
        path: files[index].path, text: text, isExecutable: files[index].isExecutable)
      return true
    case .without(let path):
      let count = files.count
      let whole = environment.folder + path
      files.removeAll { $0.path == whole }
      return files.count < count
    }
  }
}
