import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Our services are told only what they read, and everything that they read and have no value for.
/// Looks at the bytes of the stack. (C-06, C-36, S17-HS-03)
package enum KeysAreRead: Rule {
  package static let id = "configuration/keys-are-read"
  package static let why =
    "a setting that nobody reads changes nothing, and one that is missing stops the service"
  package static let fix =
    "write the key as the contract spells it, or add it to the component's keys"
  package static let source = ["C-06", "C-36", "C-05", "S17-ENV-14"]

  package static let breakers: [Breaker] = [
    .file(
      "a key that nobody reads", "docker-compose.yml", replacing: "      DATABASE_HOST: ",
      with: "      DATABASE_HOSTS: "),
    .file(
      "a value that is a secret's place", "docker-compose.yml", replacing: "      DATABASE_HOST: ",
      with: "      DATABASE_PASSWORD: "),
  ]

  package static let implies = ["secrets/stay-out-of-the-environment"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return subject.environment.specification.runs.flatMap { run -> [Violation] in
      let name = run.component.name
      guard let service = stack.tree["services"]?[name] else { return [] }
      let told = told(service, stack, subject)
      let read = Set(run.component.keys.map(\.name))
      let stated = Set(told.map(\.key))
      // A key that this environment has no fact for is one that its service can do without.
      let wanted = Set(subject.environment.service(name)?.environment.map(\.key) ?? [])
      let lacking = run.component.keys.filter {
        $0.defaultText == nil && wanted.contains($0.name) && !stated.contains($0.name)
      }
      let lands = stack.landing("services.\(name).environment", line: service.start.line)
      return told.filter { !read.contains($0.key) }.map {
        Violation(.unread(name, $0.key), written: [run.origin], lands: $0.lands)
      } + lacking.map { Violation(.untold(name, $0.name), written: [run.origin], lands: lands) }
    }
  }

  /// What the service is told: under `environment`, and in the files of `env_file`.
  private static func told(
    _ service: LocatedValue, _ stack: ReadFile<LocatedValue>, _ subject: Subject
  ) -> [(key: String, lands: Landing)] {
    let own = (service["environment"]?.map ?? []).map {
      (key: $0.key, lands: stack.landing(line: $0.keyStart.line))
    }
    let files = (service["env_file"]?.list ?? []).compactMap { entry in
      (entry.scalarText ?? entry["path"]?.scalarText).flatMap {
        subject.file($0.hasPrefix("./") ? String($0.dropFirst(2)) : $0)
      }
    }
    return own
      + files.flatMap { file in
        ((try? DotenvReader.read(file.text))?.variables ?? []).map {
          (key: $0.key, lands: Landing(path: file.path, line: $0.start.line))
        }
      }
  }
}

extension String {
  fileprivate static func unread(_ service: String, _ key: String) -> String {
    "'\(service)' is told '\(key)', which it does not read"
  }
  fileprivate static func untold(_ service: String, _ key: String) -> String {
    "'\(service)' is not told '\(key)', for which it has no value of its own"
  }
}
