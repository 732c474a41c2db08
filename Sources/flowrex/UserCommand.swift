import ArgumentParser
import FlowrexAuth
import Foundation

struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People who sign in.", subcommands: [Hash.self])

  /// Makes the value of `ADMIN_PASSWORD_HASH`. (S04-AUTH-04, C-46)
  struct Hash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads a password from standard input and prints its bcrypt hash.")

    @Option(help: "The cost, 12 to 14.")
    var cost = 12

    func validate() throws {
      guard (12...14).contains(cost) else { throw ValidationError("the cost is 12 to 14") }
    }

    func run() async throws {
      guard let password = readLine(strippingNewline: true), password.count >= 12 else {
        throw ValidationError("a password has at least 12 characters")
      }
      let hasher = try PasswordHasher(cost: cost, salt: World.random(16))
      print(try hasher.hash(password, salt: World.random(16)))
    }
  }
}
