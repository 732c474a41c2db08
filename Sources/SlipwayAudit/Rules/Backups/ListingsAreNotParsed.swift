/// A list for people is not read by a program. (S18-BKP)
enum ListingsAreNotParsed: AuditRule {
  static let id = "backups/listings-are-not-parsed"
  static let why = "a folder or a blank in a name makes a line that the program does not expect"
  static let fix = "use 'aws s3api list-objects-v2 --output json'"
  static let source = ["S18-BKP"]
  static let wrong = [
    Fixture.script(
      "#!/bin/bash\nset -euo pipefail\naws s3 ls s3://b/ | while read -r line; do echo \"$line\"; done\n",
      line: 3)
  ]
  static let right = [
    Fixture.script(
      "#!/bin/bash\nset -euo pipefail\naws s3api list-objects-v2 --bucket b --output json | jq .\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.shells.flatMap { script, _, _ in
      script.commands.filter { command in
        command.call.map(\.text).starts(with: ["aws", "s3", "ls"]) && command.separator == "|"
      }.map { Flaw("the lines of 'aws s3 ls' are taken apart", at: $0.spot) }
    }
  }
}
