import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every path of a secret that stands in a service's settings or in a file that is mounted into it
/// is one that is mounted into this very service. Looks at the bytes. (C-16)
package enum SecretPathsAreMounted: Rule {
  package static let id = "secrets/paths-are-mounted"
  package static let why = "a program that finds no file where its secret should be does not start"
  package static let fix = "this is a defect of the generator: please report the service"
  package static let source = ["C-16", "S18-DC-22"]

  package static let breakers: [Breaker] = [
    .file(
      "a receiver that reads another file", "alertmanager/alertmanager.yml",
      replacing: "_file: /run/secrets/", with: "_file: /run/secrets/not-"),
    .file(
      "a setting that names another file", "docker-compose.yml",
      replacing: "POSTGRES_PASSWORD_FILE: /run/secrets/",
      with: "POSTGRES_PASSWORD_FILE: /run/secrets/not-"),
  ]

  package static let implies = ["stack/settings-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return subject.environment.services.flatMap { service -> [Violation] in
      guard let written = stack.tree["services"]?[service.name] else { return [] }
      let mounted = Set((written["secrets"]?.list ?? []).compactMap { $0["target"]?.scalarText })
      let settings = (written["environment"]?.map ?? []).flatMap { entry in
        paths(in: entry.value.scalarText ?? "").filter { !mounted.contains($0) }.map {
          Violation(
            .unmounted(service.name, $0), lands: stack.landing(line: entry.keyStart.line))
        }
      }
      return settings
        + service.configs.flatMap { config in
          unmounted(config, of: service.name, mounted, subject)
        }
    }
  }

  private static func unmounted(
    _ config: ConfigMount, of service: String, _ mounted: Set<String>, _ subject: Subject
  ) -> [Violation] {
    let folder = subject.environment.folder + config.folder + "/"
    let files = subject.files.filter { file in
      // A script that several services share asks for the paths of each of them.
      file.path.hasPrefix(folder) && !file.path.hasSuffix(".sh")
        && !config.except.contains { file.path.hasPrefix(folder + $0 + "/") }
    }
    return files.flatMap { file in
      path.lines(of: file.text).flatMap { line in
        paths(in: line.text).filter { !mounted.contains($0) }.map {
          Violation(
            .unmounted(service, $0),
            lands: Landing(path: file.path, text: String(line.text), line: line.number))
        }
      }
    }
  }

  private static let path = ByteSearch(bytes: Array("\(Path.secrets)/".utf8))

  private static func paths(in text: some StringProtocol) -> [String] {
    path.words(after: text) { $0.isSmallOrDigit || $0.isFullStop || $0.isHyphen }
      .compactMap { $0.name(startingWith: \.isSmallOrDigit) }
      .map { Path.secrets + "/" + $0 }
  }
}

extension String {
  fileprivate static func unmounted(_ service: String, _ path: String) -> String {
    "'\(service)' would read '\(path)', which is not mounted into it"
  }
}
