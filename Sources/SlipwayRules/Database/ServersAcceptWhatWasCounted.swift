import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// PostgreSQL accepts as many connections as the sum was held against. Looks at the bytes of its
/// configuration. (C-27)
package enum ServersAcceptWhatWasCounted: Rule {
  package static let id = "database/servers-accept-what-was-counted"
  package static let why = "a pool that is refused in the busiest minute refuses orders"
  package static let fix = "this is a defect of the generator: please report the database"
  package static let source = ["C-27"]

  package static let breakers: [Breaker] = [
    .file(
      "a server that accepts fewer", "postgres/postgresql.conf", replacing: "max_connections = ",
      with: "max_connections = 1 # ")
  ]

  private static let setting = ByteSearch("max_connections = ")

  package static func check(_ subject: Subject) -> [Violation] {
    guard let database = subject.environment.specification.database,
      let file = subject.file("postgres/postgresql.conf")
    else { return [] }
    for line in setting.lines(of: file.text) where line.text.hasPrefix("max_connections = ") {
      guard let stated = setting.words(after: line.text, while: \.isASCIIDigit).first,
        !stated.isEmpty
      else { continue }
      if Int(stated) == database.maxConnections { return [] }
      return [
        Violation(
          .other(stated, database.maxConnections),
          written: [database.origin.at("maxConnections")],
          lands: Landing(path: file.path, text: String(line.text), line: line.number))
      ]
    }
    return [
      Violation(
        .other("no stated number of", database.maxConnections), lands: Landing(path: file.path))
    ]
  }
}

extension String {
  fileprivate static func other(_ accepts: String, _ counted: Int) -> String {
    "PostgreSQL would accept \(accepts) connections, not the \(counted) that were counted with"
  }
}
