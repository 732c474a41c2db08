/// The example lists every key that is used. (S17-VAR)
enum UsedKeysAreListed: AuditRule {
  static let id = "configuration/used-keys-are-listed"
  static let why = "whoever copies the example learns of the missing key when something breaks"
  static let fix = "add the key to the example"
  static let source = ["S17-VAR"]
  static let wrong = [
    Fixture.files(
      [
        ".env.example": "A=1\nB=2\n",
        "compose.yml": "services:\n  web:\n    image: ${REGISTRY:?}/web:${A:?}\n",
      ], at: "compose.yml:3")
  ]
  static let right = [
    Fixture.files([
      ".env.example": "A=1\nREGISTRY=r.example\n",
      "compose.yml": "services: {web: {image: '${REGISTRY:?}/web:${A:?}'}}",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dotenvs.filter(\.isExample).flatMap { file -> [Flaw] in
      let keys = Set(file.variables.map(\.name))
      let uses = deployment.composes.filter { $0.folder == Paths.folder(file.path) }
        .flatMap(\.interpolations)
      // Only a list that these files use at all can lack a key.
      guard uses.contains(where: { keys.contains($0.variable.name) }) else { return [] }
      var seen: Set<String> = []
      return uses.compactMap { use in
        let name = use.variable.name
        let isDefaulted = use.variable.operation.hasSuffix("-") && use.keys.last != "image"
        guard !keys.contains(name), !isDefaulted, !usual.contains(name), seen.insert(name).inserted
        else { return nil }
        return .warning("'\(name)' is used and not listed in \(file.path)", at: use.spot)
      }
    }
  }

  private static let usual: Set = ["PWD", "HOME", "USER", "UID", "GID", "PATH", "HOSTNAME"]
}
