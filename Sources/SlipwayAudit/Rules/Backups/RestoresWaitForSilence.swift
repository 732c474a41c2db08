/// Nobody writes while a database is restored. (C-52)
enum RestoresWaitForSilence: AuditRule {
  static let id = "backups/restores-wait-for-silence"
  static let why = "what is written meanwhile, and since the backup, is lost or mixed with the old"
  static let fix = "stop what writes first, and restore only when somebody has said so"
  static let source = ["C-52", "S18-RBK"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -eu\npg_restore --single-transaction --clean -d shop x.dump\n", line: 3),
    Fixture.files(
      ["rollback.sh": "#!/bin/sh\nset -eu\npython scripts/restore_backup.py \"$1\"\n"],
      at: "rollback.sh:3"),
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      trap 'docker compose start web' EXIT
      docker compose stop web
      pg_restore --single-transaction --clean -d shop x.dump

      """
    ),
    Fixture.script("#!/bin/sh\nset -eu\npg_restore --list x.dump\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    // What runs before a container's services finds none that write.
    deployment.scripts.filter { !$0.fileName.contains("entrypoint") }.flatMap { script -> [Flaw] in
      var isSilent = false
      var flaws: [Flaw] = []
      for command in script.commands {
        if let call = ComposeCall(command), ["stop", "down", "pause"].contains(call.verb) {
          isSilent = true
        } else if command.text.mentions("scale", "maintenance", "docker stop", "createdb", "initdb")
        {
          isSilent = true
        } else if isRestore(command, in: script), !isSilent {
          flaws.append(
            Flaw("a live database is restored while its services write", at: command.spot))
        }
      }
      return flaws
    }
  }

  private static func isRestore(_ command: ShellCommand, in script: Script) -> Bool {
    if ["echo", "printf"].contains(command.name) { return false }
    if let words = Script.words(from: "pg_restore", of: command) {
      return !words.contains("--list") && !words.contains("-l")
        && words.contains { $0 == "-d" || $0.hasPrefix("--dbname") }
    }
    if let file = Deployment.calledFile(command) { return Paths.name(file).mentions("restore") }
    guard let words = Script.words(from: "psql", of: command) else { return false }
    let isFed = script.pipelines.contains { parts in
      parts.count > 1 && parts.last == command
        && parts[0].name.mentions("gunzip", "zcat", "gzip", "cat")
    }
    return isFed && !words.contains("-c")
  }
}
