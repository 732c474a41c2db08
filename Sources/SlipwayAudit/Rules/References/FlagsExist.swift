/// A program is called with options that it knows. (C-17)
enum FlagsExist: AuditRule {
  static let id = "references/flags-exist"
  static let why = "a program that reads no options ignores them and does something else"
  static let fix = "let the program read the option, or call the one that does"
  static let source = ["C-17", "C-33"]
  private static let call = "#!/bin/sh\nset -eu\npython scripts/migrate.py --backup-only\n"
  static let wrong = [
    Fixture.files(
      ["scripts/migrate.py": "run()\n", "deploy.sh": call], at: "deploy.sh:3")
  ]
  static let right = [
    Fixture.files([
      "scripts/migrate.py": "parser.add_argument('--backup-only')\n", "deploy.sh": call,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ in
      script.commands.compactMap { command -> Flaw? in
        guard let (path, text) = deployment.text(called: command, in: script) else { return nil }
        let after = command.arguments.drop { !$0.contains("/") }.dropFirst()
        let unknown = after.filter { $0.hasPrefix("--") && $0 != "--" }.map {
          $0.cut(at: "=").before
        }
        .first { flag in
          let name = flag.dropFirst(2)
          return !text.contains(name) && !text.contains(name.replacing("-", with: "_"))
            && !text.contains("\"$@\"") && !text.contains("getopts")
        }
        return unknown.map {
          Flaw("'\($0)' is given to \(path), which does not know it", at: command.spot)
        }
      }
    }
  }
}
