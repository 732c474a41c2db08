/// Scripts call the Compose that there is. (C-33)
enum ComposeIsCurrent: AuditRule {
  static let id = "scripts/compose-is-current"
  static let why =
    "the first Compose is no longer shipped: on a new machine the command does not exist"
  static let fix = "write 'docker compose'"
  static let source = ["C-33"]
  static let wrong = [Fixture.script("#!/bin/sh\nset -eu\ndocker-compose up -d\n", line: 3)]
  static let right = [Fixture.script("#!/bin/sh\nset -eu\ndocker compose up -d\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.compactMap { script, _, _ in
      let calls = script.composeCalls.filter(\.isOld)
      guard let first = calls.first else { return nil }
      let count = calls.count == 1 ? "one call" : "\(calls.count) calls"
      return .warning(
        "\(count) of 'docker-compose', which is no longer shipped", at: first.command.spot)
    }
  }
}
