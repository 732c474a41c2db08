/// A deployment asks the new containers how they are, not the address of all. (C-33)
enum NewContainersAreAsked: AuditRule {
  static let id = "scripts/new-containers-are-asked"
  static let why = "behind the public address the old containers answer: a broken version passes"
  static let fix = "use 'up --wait', or ask each new container for its health"
  static let source = ["C-33", "S18-HS-01"]
  static let wrong = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      docker compose up -d --no-recreate web
      until curl -f https://shop.example/health; do sleep 5; done
      docker stop old
      """, line: 4)
  ]
  static let right = [
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose up -d --wait web\ncurl -f https://shop.example/\ndocker stop old\n"
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.compactMap { script, _, _ in
      let calls = script.commands
      guard let up = script.composeCalls.first(where: { $0.verb == "up" })?.command,
        let start = calls.firstIndex(of: up),
        let stop = calls.lastIndex(where: {
          $0.name == "docker" && ["stop", "rm", "kill"].contains($0.arguments.first ?? "")
        }), start < stop
      else { return nil }
      let between = calls[start..<stop]
      let asks = between.contains { command in
        command.has("--wait")
          || command.name == "docker"
            && ["inspect", "exec"].contains(command.arguments.first ?? "")
      }
      guard !asks else { return nil }
      return between.first { command in
        command.name == "curl" && command.isCondition && isPublic(command, script)
      }.map { Flaw("the old containers answer this address as well as the new ones", at: $0.spot) }
    }
  }

  private static func isPublic(_ command: ShellCommand, _ script: Script) -> Bool {
    command.arguments.contains { word in
      if word.hasPrefix("https://") { return true }
      let name = Interpolation.all(in: word).first?.name
      return script.commands.flatMap(\.assignments).contains {
        $0.name == name && $0.value.hasPrefix("https://")
      }
    }
  }
}
