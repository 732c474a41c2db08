/// A script stops at the first thing that goes wrong. (S17-HS-10)
enum FailuresStopTheScript: AuditRule {
  static let id = "scripts/failures-stop-the-script"
  static let why =
    "an unset variable becomes an empty text, and a failed half of a pipe goes unseen"
  static let fix = "begin with 'set -euo pipefail' ('set -eu' in plain sh)"
  static let source = ["C-33", "S17-HS-10"]
  static let wrong = [
    Fixture.script("#!/bin/bash\nset -e\nrm -r \"$FOLDER\"\n", line: 2),
    Fixture.script("#!/bin/bash\nmake\nmake install\n", line: 1),
  ]
  static let right = [
    Fixture.script("#!/bin/bash\nset -euo pipefail\nmake\n"),
    Fixture.script("#!/bin/sh\nset -eu\nmake\nmake install\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    // What others read in has the options of its reader.
    let parts = Set(deployment.scripts.flatMap(\.sourced))
    return deployment.scripts.filter {
      $0.hasShebang && $0.commands.count > 1 && !parts.contains(Paths.name($0.path))
    }.compactMap { script in
      guard let options = deployment.options(of: script) else { return nil }
      let hasPipes = script.pipelines.contains { $0.count > 1 }
      let wanted = ["errexit", "nounset"] + (script.isBash && hasPipes ? ["pipefail"] : [])
      let missing = wanted.filter { !options.contains($0) }
      guard !missing.isEmpty else { return nil }
      let spot = script.commands.first { $0.name == "set" }?.spot ?? Spot(script.path, 1)
      return .warning("the script goes on without \(missing.joined(separator: ", "))", at: spot)
    }
  }
}
