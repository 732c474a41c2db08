/// What a script stops is started again, also when something between fails. (S18-BKP)
enum WhatStopsStartsAgain: AuditRule {
  static let id = "scripts/what-stops-starts-again"
  static let why = "the script ends at the first fault, and the service stays down"
  static let fix = "start it in a 'trap … EXIT'"
  static let source = ["S18-BKP"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose stop web\n./work\ndocker compose start web\n", line: 5)
  ]
  static let right = [
    Fixture.script(
      "#!/bin/sh\nset -eu\ntrap 'docker compose start web' EXIT\ndocker compose stop web\n./work\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { script in
      script.options.contains("errexit") && !script.commands.contains { $0.name == "trap" }
    }.flatMap { script -> [Flaw] in
      let calls = script.composeCalls
      let stopped = Set(calls.filter { $0.verb == "stop" }.flatMap(\.services))
      return calls.filter {
        ["start", "up"].contains($0.verb) && !stopped.isDisjoint(with: $0.services)
      }
      .map {
        Flaw("'\($0.services[0])' comes back only if all before succeeds", at: $0.command.spot)
      }
    }
  }
}
