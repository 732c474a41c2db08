/// A user that is made has a number that is free. (C-31)
enum IdsAreFree: AuditRule {
  static let id = "dockerfiles/ids-are-free"
  static let why = "the build stops: the number belongs to the user that the base image brings"
  static let fix = "use the user of the base image ('USER node'), or another number"
  static let source = ["C-31"]
  /// Numbers that base images have given away.
  private static let taken = ["node": "1000", "ubuntu": "1000"]
  static let wrong = [
    Fixture.dockerfile(
      "FROM node:24.1.0-alpine\nRUN addgroup -g 1000 app && adduser -u 1000 app\nUSER app\n",
      line: 2)
  ]
  static let right = [
    Fixture.dockerfile("FROM node:24.1.0-alpine\nRUN addgroup -g 2000 app\nUSER app\n"),
    Fixture.dockerfile("FROM node:24.1.0\nRUN deluser node && adduser -u 1000 app\nUSER app\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dockerfiles.flatMap(\.stages).flatMap { stage -> [Flaw] in
      let base = ImageName(stage.base)
      guard let number = taken[base.base] else { return [] }
      // Ubuntu brings its user since 23.04 only.
      if base.base == "ubuntu", (base.tag ?? "") < "23.04" { return [] }
      let removes = stage.steps.contains {
        $0.text.mentions("deluser", "userdel", "delgroup", "usermod", "groupmod")
      }
      guard !removes else { return [] }
      return stage.steps.filter { $0.keyword == "RUN" }.compactMap { step in
        let clash = (step.script?.commands ?? []).first { command in
          ["addgroup", "adduser", "useradd", "groupadd"].contains(command.name)
            && (command.option("-g", "-u", "--gid", "--uid") == number || command.has(number))
            && !command.has("-o") && !command.has("--non-unique")
        }
        return clash.map {
          Flaw("'\($0.name)' wants \(number), which '\(base.base)' has given away", at: step.spot)
        }
      }
    }
  }
}
