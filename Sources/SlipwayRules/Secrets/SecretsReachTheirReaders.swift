import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every secret that a component reads is mounted where it looks, and no component sees another's;
/// what works on the database by itself sees less than the service whose image it is.
/// Looks at the bytes of the stack and of the scripts. (S17-HS-03, C-16)
package enum SecretsReachTheirReaders: Rule {
  package static let id = "secrets/reach-their-readers"
  package static let why =
    "a service without its secret does not start; one that sees another's can lose it"
  package static let fix = "list the secret in the component's `reads:`, and nowhere else"
  package static let source = ["S17-HS-03", "C-16", "S17-SEC-01"]

  package static let breakers: [Breaker] = [
    .file(
      "a secret mounted where nobody looks", "docker-compose.yml",
      replacing: "      target: /run/secrets/database-password\n",
      with: "      target: /run/secrets/database-pass\n"),
    .model("a secret that nobody hands over") { environment in
      environment.edit("backend") { $0.secrets.removeFirst() }
    },
    .model("a component that sees another's") { environment in
      guard let own = environment.service("backend")?.secrets.first else { return }
      environment.edit("pages") { $0.secrets.append(own) }
    },
    .file(
      "a migration that sees the service's", "scripts/common.sh",
      replacing: " /run/secrets/database-password\n",
      with: " /run/secrets/database-password\nx /run/secrets/redis-password\n"),
    .file(
      "a migration without its secret", "scripts/common.sh",
      replacing: " /run/secrets/database-password\n", with: " /run/secrets/database-pass\n"),
  ]

  package static let implies = ["stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    let environment = subject.environment
    return jobs(subject)
      + environment.specification.runs.flatMap { run -> [Violation] in
        let name = run.component.name
        guard let service = stack.tree["services"]?[name] else { return [] }
        let mounts = (service["secrets"]?.list ?? []).compactMap { $0["target"]?.scalarText }
        let seen = environment.service(name)?.secrets.map(\.secret.key) ?? []
        let lacking = run.component.reads.filter {
          !mounts.contains(Path.secrets + "/" + $0.fileName) || !seen.contains($0)
        }
        let strange = seen.filter { key in
          environment.project.contract.secrets.contains(key) && !run.component.reads.contains(key)
        }
        let lands = stack.landing("services.\(name).secrets", line: service.start.line)
        return lacking.map {
          Violation(
            .lacks(name, $0.name), written: [run.component.origin.at("reads")], lands: lands)
        }
          + strange.map {
            Violation(
              .sees(name, $0.name), written: [run.component.origin.at("reads")], lands: lands)
          }
      }
  }
}

extension SecretsReachTheirReaders {
  /// What works on the database by itself is given what it reads, and no secret of the service that
  /// its image also is.
  private static func jobs(_ subject: Subject) -> [Violation] {
    guard let migration = subject.environment.migration,
      let file = subject.file("scripts/common.sh")
    else { return [] }
    let contract = subject.environment.project.contract.secrets
    let reads = migration.words.reads
    let lines = file.text.utf8.split(separator: UInt8(ascii: "\n"))
    let given = contract.filter { key in
      let path = Array(" \(Path.secrets)/\(key.fileName)".utf8)
      return lines.contains { $0.suffix(path.count).elementsEqual(path) }
    }
    let lands = Landing(path: file.path)
    return reads.filter { !given.contains($0) }.map {
      Violation(.lacks("migrate", $0.name), lands: lands)
    }
      + given.filter { !reads.contains($0) }.map {
        Violation(.sees("migrate", $0.name), lands: lands)
      }
  }
}

extension String {
  fileprivate static func lacks(_ service: String, _ secret: String) -> String {
    "'\(service)' reads \(secret), which is not mounted into it"
  }
  fileprivate static func sees(_ service: String, _ secret: String) -> String {
    "'\(service)' would see \(secret), which it does not read"
  }
}
