import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Everything that a service of `docker-compose.yml` refers to is declared in it, and every file
/// that it names is generated. Looks at the bytes, not at the model. (C-24, S18-DC-22)
package enum StackReferencesResolve: Rule {
  package static let id = "stack/references-resolve"
  package static let why = "the engine refuses the whole file, or starts a container without it"
  package static let fix = "this is a defect of the generator: please report the specification"
  package static let source = ["C-24", "S18-DC-22"]

  package static let breakers: [Breaker] = [
    .file(
      "a network that is not declared", "docker-compose.yml", replacing: "\nnetworks:\n  front:",
      with: "\nnetworks:\n  fronds:"),
    .file(
      "a secret that is not declared", "docker-compose.yml", replacing: "\n  redis-password:\n",
      with: "\n  redis-passwort:\n"),
    .without("a configuration that is not generated", "prometheus/prometheus.yml"),
  ]

  package static let implies = [
    "scripts/name-what-is-deployed",
    "secrets/list-is-of-the-stack",
    "delivery/gate-judges-the-stack",
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let file = subject.file("docker-compose.yml") else { return [] }
    guard let root = subject.stack?.tree else { return unreadable(file) }
    return services(root, file) + files(root, file, subject)
  }

  /// What is kept of a file that cannot be read is only that; here it is said why.
  private static func unreadable(_ file: PrintedArtefact) -> [Violation] {
    do {
      _ = try YAMLReader.read(file.text)
      return []
    } catch {
      return [
        Violation(
          .unreadable(error.message),
          lands: Landing(path: file.path, line: error.position.line))
      ]
    }
  }

  private static func services(_ root: LocatedValue, _ file: PrintedArtefact) -> [Violation] {
    (root["services"]?.map ?? []).flatMap { service in
      ["networks", "secrets", "configs", "volumes"].flatMap { kind -> [Violation] in
        let declared = Set((root[kind]?.map ?? []).map(\.key))
        return (service.value[kind]?.list ?? []).compactMap { reference in
          guard let name = name(of: reference, kind), !declared.contains(name) else { return nil }
          return Violation(
            .undeclared(service.key, kind, name),
            lands: Landing(
              path: file.path, place: "services.\(service.key).\(kind)",
              line: reference.start.line))
        }
      }
    }
  }

  /// What a reference names; `nil` for what needs no declaration.
  private static func name(of reference: LocatedValue, _ kind: String) -> String? {
    if let name = reference.string { return name }
    if kind == "volumes", reference["type"]?.string != "volume" { return nil }
    return reference["source"]?.string
  }

  private static func files(
    _ root: LocatedValue, _ file: PrintedArtefact, _ subject: Subject
  ) -> [Violation] {
    (root["configs"]?.map ?? []).compactMap { config in
      guard let path = config.value["file"]?.string else { return nil }
      let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
      guard subject.file(relative) == nil else { return nil }
      return Violation(
        .missing(config.key, relative),
        lands: Landing(
          path: file.path, place: "configs.\(config.key)", line: config.value.start.line))
    }
  }
}

extension String {
  fileprivate static func unreadable(_ message: String) -> String {
    "docker-compose.yml cannot be read back: \(message)"
  }
  fileprivate static func undeclared(_ service: String, _ kind: String, _ name: String) -> String {
    "'\(service)' refers to '\(name)', which is not declared under '\(kind)'"
  }
  fileprivate static func missing(_ config: String, _ path: String) -> String {
    "config '\(config)' is read from '\(path)', which is not generated"
  }
}
