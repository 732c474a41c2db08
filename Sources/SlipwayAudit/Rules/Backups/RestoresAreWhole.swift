/// A restore happens whole or not at all. (C-18)
enum RestoresAreWhole: AuditRule {
  static let id = "backups/restores-are-whole"
  static let why =
    "errors are counted and passed over: half of the old data stays, and the status is 0"
  static let fix = "restore into a new database, with '--exit-on-error' or in one transaction"
  static let source = ["C-18", "S18-BKP", "S03-OPS"]
  static let wrong = [
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose stop web\npg_restore --clean -d shop x.dump\n", line: 4),
    Fixture.script(
      "#!/bin/sh\nset -eu\ndocker compose stop web\ngunzip < x.gz | psql -d shop\n", line: 4),
  ]
  static let right = [
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      docker compose stop web
      pg_restore --exit-on-error --clean -d shop x.dump

      """
    ),
    Fixture.script(
      """
      #!/bin/sh
      set -eu
      docker compose stop web
      gunzip < x.gz | psql -v ON_ERROR_STOP=1 -d shop

      """
    ),
    Fixture.script("#!/bin/sh\nset -eu\npsql -d shop -c 'select 1'\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.scripts.flatMap { script in
      script.commands.compactMap { command -> Flaw? in
        if let words = Script.words(from: "pg_restore", of: command) {
          let isWhole = words.contains {
            ["--single-transaction", "-1", "--exit-on-error", "-e"].contains($0)
          }
          let changes = words.contains("--clean") || words.contains("-c")
          return changes && !isWhole
            ? Flaw(
              "objects that cannot be dropped are passed over, with the old data in them",
              at: command.spot)
            : nil
        }
        guard let words = Script.words(from: "psql", of: command) else { return nil }
        let isFed =
          script.pipelines.contains { parts in
            parts.count > 1 && parts.last == command && !["echo", "printf"].contains(parts[0].name)
          } || command.redirects.contains { $0.operation == "<" }
        let stops = words.contains {
          $0.contains("ON_ERROR_STOP") || $0 == "-1" || $0 == "--single-transaction"
        }
        return isFed && !stops
          ? Flaw("'psql' goes on after an error, and the restore is half done", at: command.spot)
          : nil
      }
    }
  }
}
