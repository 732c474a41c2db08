import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Where there is a database, one component brings its schema to what a release needs, the gate
/// asks whether it is there, and a deployment migrates. Looks at the specification and at the bytes
/// of `gate.json` and the script. (S17-HS-05, C-52)
package enum SchemaIsMigrated: Rule {
  package static let id = "database/schema-is-migrated"
  package static let why = "code that meets another schema than its own fails, or writes nonsense"
  package static let fix = "give exactly one component of the environment the words of `migrates:`"
  package static let source = ["S17-HS-05", "S17-GATE-04", "C-52"]

  package static let breakers: [Breaker] = [
    .model("nobody migrates") { $0.services.removeAll { $0.name == "backend" } },
    .file(
      "a gate that does not ask", "gate.json", replacing: "\"schema\": true",
      with: "\"schema\": false"),
    .file(
      "a deployment that does not migrate", "scripts/deploy",
      replacing: "  migrate || die", with: "  true || die"),
    .without("no script", "scripts/migrate"),
  ]
  package static let implies = [
    "scripts/name-what-is-deployed",
    "scrapes/reach-listeners", "edge/forwards-reach-listeners", "edge/routes-are-served",
    "secrets/reach-their-readers", "configuration/keys-are-read",
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    guard environment.stage.isDeployed, let database = environment.specification.database else {
      return []
    }
    let owners = environment.specification.runs.map(\.component).filter { component in
      component.migrates != nil && environment.service(component.name) != nil
    }
    guard owners.count == 1 else {
      return [
        Violation(
          .owners(owners.map(\.name)),
          written: owners.map { $0.origin.at("migrates") }
            + [database.origin])
      ]
    }
    return unasked(subject) + unmigrated(subject)
  }

  private static func unasked(_ subject: Subject) -> [Violation] {
    guard let file = subject.file("gate.json") else { return [] }
    let schema = (try? JSONReader.read(file.text).root)?["schema"]
    guard schema?.bool != true else { return [] }
    return [
      Violation(
        .unasked, lands: Landing(path: file.path, place: "schema", line: schema?.start.line))
    ]
  }

  private static let migration = ByteSearch("migrate || die")

  private static func unmigrated(_ subject: Subject) -> [Violation] {
    let folder = subject.environment.folder
    guard subject.file("scripts/migrate")?.isExecutable == true else {
      return [Violation(.unmigrated, lands: Landing(path: folder + "scripts/migrate"))]
    }
    guard let deploy = subject.file("scripts/deploy"),
      !migration.lines(of: deploy.text).contains(where: {
        $0.text.drop(while: \.isWhitespace).hasPrefix("migrate || die")
      })
    else { return [] }
    return [Violation(.unmigrated, lands: Landing(path: deploy.path))]
  }
}

extension String {
  fileprivate static func owners(_ names: [String]) -> String {
    names.isEmpty
      ? "no component of this environment migrates its database"
      : "\(names.count) components would migrate one database: "
        + names.map { "'\($0)'" }.joined(separator: ", ")
  }
  fileprivate static let unasked = "the gate would not ask whether the schema is there"
  fileprivate static let unmigrated = "a deployment would start code without its schema"
}
