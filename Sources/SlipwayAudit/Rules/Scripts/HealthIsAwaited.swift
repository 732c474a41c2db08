/// After a change a script waits for health, not for the clock. (C-33)
enum HealthIsAwaited: AuditRule {
  static let id = "scripts/health-is-awaited"
  static let why = "a pause is too short on a bad day, and then the old containers are gone"
  static let fix = "ask in a loop with a bound, or let 'up --wait' do it"
  static let source = ["C-33", "C-53", "S18-RBK"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose up -d\nsleep 20\ndocker stop old\n", line: 4),
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose up -d\nsleep 30\nif curl -f http://a/; then echo ok; fi\n",
      line: 4),
  ]
  static let right = [
    Fixture.script("#!/bin/sh\nset -eu\ndocker compose up -d --wait\ndocker stop old\n"),
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose up -d\nsleep 5\nuntil curl -f http://a/; do sleep 1; done\n"
    ),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ -> [Flaw] in
      let all = script.commands
      return all.indices.compactMap { index -> Flaw? in
        let command = all[index]
        guard command.name == "sleep", !command.isInLoop,
          let seconds = command.arguments.first.flatMap(Int.init), seconds >= 10,
          all[..<index].contains(where: { ComposeCall($0)?.verb == "up" })
        else { return nil }
        let next = all[(index + 1)...].prefix { $0.name != "sleep" || $0.isInLoop }
          .first { !["echo", "printf"].contains($0.name) && !$0.words.isEmpty && $0.name != "for" }
        guard let next else { return nil }
        let stops = next.name == "docker" && ["stop", "rm"].contains(next.arguments.first ?? "")
        let once = next.name == "curl" && !next.isInLoop
        guard stops || once else { return nil }
        return Flaw(
          stops
            ? "\(seconds) seconds later the old containers go, whether the new ones are well or not"
            : "after \(seconds) seconds the service is asked once", at: command.spot)
      }
    }
  }
}
