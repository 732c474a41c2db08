import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What scripts and timers name is there: services, volumes and networks of the stack, scripts
/// beside them, and for each service the image that the release record has. Looks at the bytes.
/// (C-17, C-33)
package enum ScriptsNameWhatIsDeployed: Rule {
  package static let id = "scripts/name-what-is-deployed"
  package static let why = "a script that names nothing stops in the middle of an emergency"
  package static let fix = "this is a defect of the generator: please report the script"
  package static let source = ["C-17", "C-33"]

  package static let breakers: [Breaker] = [
    .file(
      "a service that there is not", "scripts/database.sh",
      replacing: "${stack}_postgres-primary", with: "${stack}_postgres-primal"),
    .file(
      "a script that there is not", "scripts/deploy",
      replacing: "${generated}/scripts/secrets-check",
      with: "${generated}/scripts/secret-check"),
    .file(
      "an image under another service's name", "scripts/roll.sh",
      replacing: "\nbackend SHOP_BACKEND_IMAGE\n", with: "\nbackend SHOP_PAGES_IMAGE\n"),
    .file(
      "a library that there is not", "scripts/rollback", replacing: "/roll.sh\"",
      with: "/rolls.sh\""),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let stack = subject.stack else { return [] }
    let folder = subject.environment.folder
    let names = ["services", "volumes", "networks"].flatMap { stack.tree[$0]?.map ?? [] }
      .map(\.key)
    let scripts = subject.files.filter {
      $0.path.hasPrefix(folder + "scripts/") || $0.path.hasPrefix(folder + "systemd/")
    }
    return scripts.flatMap { file -> [Violation] in
      file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
        index, line in
        (strange(line, names) + missing(line, subject) + misnamed(line, stack.tree)).map {
          Violation(
            $0, lands: Landing(path: file.path, text: String(line), line: index + 1))
        }
      }
    }
  }

  /// `${stack}_NAME`, unless a name is made up for the occasion.
  private static func strange(_ line: Substring, _ names: [String]) -> [String] {
    // An expression is built anew wherever it stands, and there are thousands of lines.
    guard line.contains("${stack}_") else { return [] }
    return line.matches(of: #/\$\{stack\}_([a-z][a-z0-9-]*[a-z0-9])(?![a-z0-9_-])/#).compactMap {
      match in
      let name = String(match.output.1)
      return names.contains(name) ? nil : .strange(name)
    }
  }

  /// Scripts that are called, and files that are read in.
  private static func missing(_ line: Substring, _ subject: Subject) -> [String] {
    let called =
      !line.contains("${generated}/")
      ? [] : line.matches(of: #/\$\{generated\}/scripts/([a-z][a-z.-]*[a-z])/#).map(\.output.1)
    let read =
      !line.hasPrefix(". ")
      ? []
      : line.matches(of: #/^\. "\$\(dirname "\$\{BASH_SOURCE\[0\]\}"\)/([a-z.-]+)"/#)
        .map(\.output.1)
    let started =
      !line.hasPrefix("ExecStart=")
      ? [] : line.matches(of: #/^ExecStart=\S*/scripts/([a-z-]+)/#).map(\.output.1)
    return (called + read + started).map(String.init).filter { name in
      let prefix = subject.environment.folder + "scripts/" + name
      return !subject.files.contains { $0.path == prefix || $0.path.hasPrefix(prefix + "/") }
    }.map(String.missing)
  }

  /// `SERVICE VARIABLE`: what must run after a roll.
  private static func misnamed(_ line: Substring, _ stack: LocatedValue) -> [String] {
    guard line.hasSuffix("_IMAGE"),
      let match = line.wholeMatch(of: #/([a-z][a-z0-9-]*) ([A-Z][A-Z0-9_]*_IMAGE)/#)
    else {
      return []
    }
    let (name, variable) = (String(match.output.1), String(match.output.2))
    let image = stack["services"]?[name]?["image"]?.scalarText ?? ""
    return image.hasPrefix("${\(variable):") ? [] : [.misnamed(name, variable)]
  }
}

extension String {
  fileprivate static func strange(_ name: String) -> String {
    "a script names '\(name)', which the stack does not have"
  }
  fileprivate static func missing(_ name: String) -> String {
    "a script calls '\(name)', which is not generated"
  }
  fileprivate static func misnamed(_ name: String, _ variable: String) -> String {
    "a script expects \(variable) in '\(name)', which runs another image"
  }
}
