/// A rollback changes what is started. (C-53)
enum RollbacksChangeTheImage: AuditRule {
  static let id = "scripts/rollbacks-change-the-image"
  static let why = "the older image is fetched and the file starts the broken one again"
  static let fix = "let the file read the version from a variable, and set it"
  static let source = ["C-53", "S03-RBK", "S17-HS-09"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": "services: {web: {image: 'shop/web:2.0.0'}}",
        "back.sh": "#!/bin/sh\nset -eu\ndocker pull shop/web:1.9.0\ndocker compose up -d\n",
      ], at: "back.sh:3")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": "services: {web: {image: 'shop/web:${VERSION:?}'}}",
      "back.sh":
        "#!/bin/sh\nset -eu\ndocker pull shop/web:1.9.0\nVERSION=1.9.0 docker compose up -d\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ -> [Flaw] in
      let ups = script.composeCalls.filter { $0.verb == "up" }
      guard !ups.isEmpty else { return [] }
      let images = ups.flatMap { deployment.composes(of: $0, in: script) }.flatMap(\.services)
        .compactMap(\.image)
      return script.commands.filter { $0.name == "docker" && $0.arguments.first == "pull" }
        .compactMap { command in
          let pulled = ImageName(command.arguments.last ?? "")
          guard let tag = pulled.tag, !tag.contains("$"),
            let image = images.first(where: { ImageName($0.value).repository == pulled.repository }
            ),
            !image.value.contains("$"), ImageName(image.value).tag != tag
          else { return nil }
          return Flaw(
            "'\(pulled.written)' is fetched, and the Compose file starts '\(image.value)'",
            at: command.spot)
        }
    }
  }
}
