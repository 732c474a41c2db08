import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// `secrets.json`, by which values are fetched, made and given to the engine, names each secret of
/// the stack under the engine's own name, made of a key that somebody declared, with the services
/// that mount it. Looks at the bytes of both. (S17-HS-03, C-16, engine facts F6, F8)
package enum SecretListIsOfTheStack: Rule {
  package static let id = "secrets/list-is-of-the-stack"
  package static let why =
    "a secret that is made under another name is missing at the deployment, or never exchanged"
  package static let fix = "this is a defect of the generator: please report the secret"
  package static let source = ["S17-HS-03", "C-16", "S17-SEC-01"]

  package static let breakers: [Breaker] = [
    .file(
      "another name for the engine", "secrets.json",
      replacing: "_database-password_v1\"", with: "_database-password_v9\""),
    .file(
      "a name that the stack does not have", "secrets.json",
      replacing: "\"name\": \"database-password\"", with: "\"name\": \"database-pass\""),
    .file(
      "a key that nobody declared", "secrets.json",
      replacing: "\"key\": \"DATABASE_PASSWORD\"", with: "\"key\": \"DATABASE_PASS\""),
    .file(
      "a reader that does not mount it", "secrets.json",
      replacing: "        \"backend\"", with: "        \"backent\""),
  ]

  package static let implies = ["delivery/gate-judges-the-stack"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack, let file = subject.file("secrets.json"),
      let list = subject.readings.json(file)?["secrets"]?.list
    else { return [] }
    let keys = Set(subject.environment.secrets.map(\.key.name))
    let declared = stack.tree["secrets"]
    var named: Set<String> = []
    let flaws = list.flatMap { entry -> [Violation] in
      let name = entry["name"]?.scalarText ?? ""
      named.insert(name)
      let lands = Landing(path: file.path, place: "secrets.\(name)", line: entry.start.line)
      guard let secret = declared?[name] else {
        return [Violation(.undeclared(name), lands: lands)]
      }
      var flaws: [Violation] = []
      let engine = entry["engine"]?.scalarText ?? ""
      // A laptop's secrets are files; the engine has no names for them.
      if let real = secret["name"]?.scalarText, real != engine {
        flaws.append(Violation(.misnamed(name, engine, real), lands: lands))
      }
      let key = entry["key"]?.scalarText ?? ""
      if !keys.contains(key) { flaws.append(Violation(.unknown(name, key), lands: lands)) }
      let readers = Set((entry["services"]?.list ?? []).compactMap(\.scalarText))
      if readers != mounting(name, stack.tree) {
        flaws.append(Violation(.misread(name), lands: lands))
      }
      return flaws
    }
    let missing = (declared?.map ?? []).filter { !named.contains($0.key) }.map {
      Violation(.unlisted($0.key), lands: stack.landing("secrets", line: $0.keyStart.line))
    }
    return flaws + missing
  }

  private static func mounting(_ secret: String, _ stack: LocatedValue) -> Set<String> {
    Set(
      (stack["services"]?.map ?? []).filter { service in
        (service.value["secrets"]?.list ?? []).contains {
          $0["source"]?.scalarText == secret
        }
      }.map(\.key))
  }
}

extension String {
  fileprivate static func undeclared(_ name: String) -> String {
    "'\(name)' would be made, and the stack declares no such secret"
  }
  fileprivate static func misnamed(_ name: String, _ engine: String, _ real: String) -> String {
    "'\(name)' would be made as '\(engine)', and the stack asks for '\(real)'"
  }
  fileprivate static func unknown(_ name: String, _ key: String) -> String {
    "'\(name)' would be made of \(key), which nobody declared"
  }
  fileprivate static func misread(_ name: String) -> String {
    "'\(name)' is mounted by other services than its list says"
  }
  fileprivate static func unlisted(_ name: String) -> String {
    "the stack declares the secret '\(name)', and nothing would make it"
  }
}
