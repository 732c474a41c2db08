import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// What PostgreSQL and Redis are told. (S18-ARCH-05, S18-ARCH-06, C-37, C-38)
package struct StoresEmitter: Emitter {
  package static let name = "stores"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    var emission = Emission()
    if let database = environment.specification.database {
      emission.add(PostgresFiles(environment, database).emit(using: inputs))
    }
    if let redis = environment.specification.redis {
      emission.add(
        RedisFiles(environment, PartName.redisCache, redis.cache, keeps: false)
          .emit(using: inputs))
      emission.add(
        RedisFiles(environment, PartName.redisState, redis.state, keeps: true)
          .emit(using: inputs))
    }
    return emission
  }
}

/// A configuration file of lines `name separator value`.
struct SettingLines {
  let separator: String
  private(set) var lines: [TextLine] = []

  init(separator: String) { self.separator = separator }

  mutating func comment(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(TextLine("# " + text))
  }

  mutating func set(_ name: String, _ value: String, from origins: [Origin] = []) {
    lines.append(TextLine(name + separator + value, from: origins))
  }

  var document: Document { .text(TextDocument(lines, comments: .hash)) }
}

extension EmitterInputs {
  /// A script from a template, as an artefact or as findings.
  func script(
    _ template: String, at path: String, isExecutable: Bool = false,
    _ holes: [String: Template.Value], from origins: [Origin]
  ) -> Emission {
    switch render(template, holes) {
    case .success(let text):
      Emission([
        Artefact(
          path: path, document: .text(TextDocument(text, comments: .hash, from: origins)),
          isExecutable: isExecutable)
      ])
    case .failure(let failure): Emission(findings: failure.findings)
    }
  }
}
