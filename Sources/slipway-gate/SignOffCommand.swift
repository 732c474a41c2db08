import ArgumentParser
import Foundation
import SlipwayDocuments
import SlipwayEvidence
import SlipwayModel

/// What a person says about a release.
enum Decision: String, CaseIterable, ExpressibleByArgument { case approved, refused }

/// `slipway-gate sign-off`
struct SignOffCommand: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-off",
    abstract: "Writes what a role decided about a commit, for whoever holds the role to sign.",
    discussion: """
      It counts once it is signed with a key that STATE/signers knows for this role:
        ssh-keygen -Y sign -n slipway -f KEY FILE
      """)

  @Argument(help: "The environment that the commit is to go into: prod.")
  var environment: String

  @Option(help: "The role, as gate.json names it: security.")
  var role: String

  @Option(help: "Who decides, as people call them.")
  var by: String

  @Option(help: "The commit, of 40 digits.")
  var commit: String

  @Option(help: "approved or refused.")
  var decision: Decision = .approved

  @Option(help: "For how many days it holds, at most 30.")
  var days: Int = 7

  @Option(help: "The folder in which ROLE.json is written.")
  var folder: String = "evidence/sign-offs"

  func validate() throws {
    guard commit.contains(/^[0-9a-f]{40}$/) else {
      throw ValidationError("--commit '\(commit)' is not of 40 digits")
    }
    for (name, text) in [("the environment", environment), ("--role", role)]
    where !text.contains(/^[a-z][a-z0-9-]{0,62}$/) {
      throw ValidationError("\(name) '\(text)' is no name")
    }
    guard !by.allSatisfy(\.isWhitespace) else { throw ValidationError("--by names nobody") }
    // The gate takes no older word, whatever it says of itself. (S04-SIGN-01 … 08)
    guard (1...30).contains(days) else { throw ValidationError("--days is from 1 to 30") }
  }

  func run(at clock: Clock) async -> ExitStatus {
    let expires = PointInTime(seconds: clock.now.seconds + days * 86_400)
    let word = JSONNode.map([
      .entry("role", .string(role)), .entry("by", .string(by)),
      .entry("environment", .string(environment)), .entry("decision", .string(decision.rawValue)),
      .entry("commit", .string(commit)), .entry("made", .string(clock.now.text)),
      .entry("expires", .string(expires.text)),
    ])
    let path = "\(folder)/\(role).json"
    do {
      let text = try Document.json(word).print()
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      // A signature of what stood there before is of another text.
      if FileManager.default.fileExists(atPath: path + ".sig") {
        try FileManager.default.removeItem(atPath: path + ".sig")
      }
      try Data(text.utf8).write(to: URL(filePath: path))
    } catch {
      Terminal.complain("error: '\(path)' cannot be written: \(error.localizedDescription)")
      return .disk
    }
    Terminal.complain("written; sign it: ssh-keygen -Y sign -n slipway -f KEY \(path)")
    return .clean
  }
}
