/// Two deployments of one machine do not run at once. (C-33)
enum DeploysAreLocked: AuditRule {
  static let id = "scripts/deploys-are-locked"
  static let why = "two that interleave scale, stop and remove each other's containers"
  static let fix = "take a lock first: 'exec 9>/run/lock/deploy; flock -n 9'"
  static let source = ["C-33", "C-42"]
  static let wrong = [
    Fixture.files(
      ["deploy.sh": "#!/bin/sh\nset -eu\ndocker compose up -d\ndocker stop old\n"],
      at: "deploy.sh:3")
  ]
  static let right = [
    Fixture.files([
      "deploy.sh": "#!/bin/sh\nset -eu\nexec 9>/run/lock/x\nflock -n 9\ndocker compose up -d\n"
    ]),
    Fixture.files(["up.sh": "#!/bin/sh\nset -eu\ndocker compose up -d\n"]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.filter { $0.deploys && $0.fileName.mentions("deploy", "release", "rollout") }
      .compactMap { script in
        guard !script.text.mentions("flock", "lockfile", "setlock", ".lock"),
          let first = script.composeCalls.first(where: { $0.verb == "up" })
        else { return nil }
        return .warning("nothing keeps two runs of this script apart", at: first.command.spot)
      }
  }
}
