/// A proxy is told to reload what was tested. (C-34)
enum ReloadsAreTestedFirst: AuditRule {
  static let id = "scripts/reloads-are-tested-first"
  static let why =
    "a configuration with a fault is not taken, and the next restart does not come up"
  static let fix = "run 'nginx -t' first, and reload before the old containers are gone"
  static let source = ["C-34", "S18-DEP"]
  static let wrong = [
    Fixture.script("#!/bin/sh\nset -eu\ndocker compose exec edge nginx -s reload\n", line: 3)
  ]
  static let right = [
    Fixture.script("#!/bin/sh\nset -eu\nnginx -t\nnginx -s reload\n"),
    Fixture.script("#!/bin/sh\nset -eu\nnginx -t && nginx -s reload\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ -> [Flaw] in
      var isTested = false
      var flaws: [Flaw] = []
      for command in script.commands {
        guard let words = Script.words(from: "nginx", of: command) else { continue }
        if words.contains("-t") { isTested = true }
        if words.contains("reload"), words.contains("-s"), !isTested {
          flaws.append(.warning("the proxy reloads what nobody tested", at: command.spot))
        }
      }
      return flaws
    }
  }
}
