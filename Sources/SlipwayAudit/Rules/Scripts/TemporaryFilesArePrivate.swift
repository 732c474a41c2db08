/// A temporary file has a name of its own and goes with the script. (S18-BKP)
enum TemporaryFilesArePrivate: AuditRule {
  static let id = "scripts/temporary-files-are-private"
  static let why = "everybody on the machine reads it, two runs write it at once, and it stays"
  static let fix = "use 'mktemp -d' and remove it in a 'trap … EXIT'"
  static let source = ["S18-BKP", "S18-HS-07"]
  static let wrong = [
    Fixture.script("#!/bin/sh\nset -eu\ngunzip -c \"$1\" > /tmp/restore.dump\n", line: 3)
  ]
  static let right = [
    Fixture.script("#!/bin/sh\nset -eu\nfolder=$(mktemp -d)\ngunzip -c \"$1\" > \"$folder/dump\"\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    // In a container and in tests nobody else reads the folder.
    deployment.scripts.filter { !$0.fileName.mentions("entrypoint", "test") }.flatMap { script in
      script.commands.filter { command in
        let written =
          command.redirects.filter { $0.operation.hasPrefix(">") }.map(\.target)
          + (["cp"].contains(command.name) || command.text.hasPrefix("aws s3 cp")
            ? [command.arguments.last ?? ""] : [])
        return written.contains { path in
          ["/tmp", "/var/tmp"].contains(Paths.folder(path).dropLast()) && !path.contains("$")
        }
      }.map { .warning("a fixed name in a folder that everybody can write", at: $0.spot) }
    }
  }
}
