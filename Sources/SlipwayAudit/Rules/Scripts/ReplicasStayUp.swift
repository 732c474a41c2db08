/// A rolling update takes away as many replicas as it has added. (C-33)
enum ReplicasStayUp: AuditRule {
  static let id = "scripts/replicas-stay-up"
  static let why = "one new container carries what all the old ones carried, and falls"
  static let fix = "replace one at a time, each after its successor is healthy"
  static let source = ["C-33", "C-53"]
  static let wrong = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      docker compose up -d --scale web=$((n + 1)) --no-recreate web
      for id in $old; do
        docker stop "$id"
      done
      """, line: 5)
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      for id in $old; do
        docker compose up -d --scale web=$((n + 1)) --no-recreate web
        docker stop "$id"
      done
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ in
      var waiting = false
      var flaws: [Flaw] = []
      for command in script.commands {
        if let call = ComposeCall(command), call.verb == "up" {
          let grows = call.scales.contains { $0.count.contains("+ 1") || $0.count.contains("+1") }
          if grows { waiting = !command.isInLoop }
        } else if waiting, command.isInLoop, command.name == "docker",
          ["stop", "kill"].contains(command.arguments.first ?? "")
        {
          flaws.append(
            Flaw("every old container is stopped when one new one has come", at: command.spot))
          waiting = false
        }
      }
      return flaws
    }
  }
}
