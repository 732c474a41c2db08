import ArgumentParser
import FlowrexAuth
import FlowrexConfiguration
import FlowrexContract
import FlowrexStore
import Foundation
import Ledger
import ServiceContract

/// `flowrex user …`: people, by the address that they sign in with. What is done here stands in
/// the audit log, done by "command line".
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People who sign in.",
    subcommands: [
      Create.self, List.self, Disable.self, Enable.self, ResetPassword.self, SetRole.self,
      EndSessions.self, Hash.self,
    ])

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
      print(try PasswordText.read(file: nil).hash(cost: cost))
    }
  }

  struct Create: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds somebody; the password is read from standard input or a file.")

    @Argument(help: "The address.", transform: EmailAddress.argument)
    var email: EmailAddress

    @Option(help: "user or admin.")
    var role: Role = .user

    @OptionGroup var password: PasswordOptions

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let hash = try password.hash()
      let bits = World.random(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
      let user = User(
        id: PersonID(bits).description, email: email, passwordHash: hash, role: role)
      try await database.office.create(user)
      print("\(email) is \(role.rawValue) \(user.id)")
    }
  }

  struct List: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "One line a person: address, role, whether they may come in, id.")

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      for user in try await database.office.list() {
        let state = user.isDisabled ? "disabled" : "enabled"
        print("\(user.email)\t\(user.role.rawValue)\t\(state)\t\(user.id)")
      }
    }
  }

  struct Disable: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keeps somebody out and ends their sessions.")

    @Argument(help: "The address.", transform: EmailAddress.argument)
    var email: EmailAddress

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let ended = try await database.office.set(isDisabled: true, at: email)
      print("\(email) is disabled; \(ended) sessions ended")
    }
  }

  struct Enable: DatabaseCommand {
    static let configuration = CommandConfiguration(abstract: "Lets somebody in again.")

    @Argument(help: "The address.", transform: EmailAddress.argument)
    var email: EmailAddress

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      _ = try await database.office.set(isDisabled: false, at: email)
      print("\(email) is enabled")
    }
  }

  struct ResetPassword: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives somebody another password and ends their sessions.")

    @Argument(help: "The address.", transform: EmailAddress.argument)
    var email: EmailAddress

    @OptionGroup var password: PasswordOptions

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let ended = try await database.office.set(passwordHash: try password.hash(), at: email)
      print("\(email) has another password; \(ended) sessions ended")
    }
  }

  struct SetRole: DatabaseCommand {
    static let configuration = CommandConfiguration(
      commandName: "role", abstract: "Says what somebody may do, and ends their sessions.")

    @Argument(help: "The address.", transform: EmailAddress.argument)
    var email: EmailAddress

    @Argument(help: "user or admin.")
    var role: Role

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let ended = try await database.office.set(role, at: email)
      print("\(email) is \(role.rawValue); \(ended) sessions ended")
    }
  }
}

extension UserCommand {
  /// What a restored database knows of sessions is old. (C-52)
  struct EndSessions: DatabaseCommand {
    static let configuration = CommandConfiguration(
      commandName: "end-sessions",
      abstract: "Ends every session of everybody: after a restore, before writers start.")

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      print("\(try await database.office.endAllSessions()) sessions ended")
    }
  }
}

extension Role: ExpressibleByArgument {}

extension EmailAddress {
  /// The parser's own protocol for arguments has no words for what is wrong.
  fileprivate static func argument(_ text: String) throws -> EmailAddress {
    guard let email = EmailAddress(text) else {
      throw ValidationError("'\(text)' is no address")
    }
    return email
  }
}

extension StoreFactory.Opened {
  fileprivate var office: PeopleOffice {
    PeopleOffice(store, as: "command line", now: World.moment)
  }
}

/// Where a password is read from: never an argument, which everybody on the machine can read.
struct PasswordOptions: ParsableArguments {
  @Option(help: "A file with the password; without it, standard input.")
  var passwordFile: String?

  func hash() throws -> String {
    // The deployment's own cost. (C-46)
    var reader = KeyReader(ProcessInfo.processInfo.environment)
    let cost = Int(reader.value(Setting.passwordCost).rawValue) ?? 12
    return try PasswordText.read(file: passwordFile).hash(cost: cost)
  }
}

/// A password on its way to its hash.
private struct PasswordText {
  private let text: String

  static func read(file: String?) throws -> PasswordText {
    let bytes: Data?
    if let file {
      bytes = FileManager.default.contents(atPath: file)
      if bytes == nil { throw ValidationError("no file '\(file)'") }
    } else {
      bytes = readLine(strippingNewline: true).map { Data($0.utf8) }
    }
    var text = String(decoding: bytes ?? Data(), as: UTF8.self)
    // An editor's line end, which in Swift is one character on Windows too.
    if text.last?.isNewline == true { text.removeLast() }
    guard text.count >= 12 else {
      throw ValidationError("a password has at least 12 characters")
    }
    guard text.utf8.count <= PasswordHasher.longest else {
      throw ValidationError("a password has at most \(PasswordHasher.longest) bytes")
    }
    return PasswordText(text: text)
  }

  func hash(cost: Int) throws -> String {
    let hasher = try PasswordHasher(cost: cost, salt: World.random(16))
    return try hasher.hash(text, salt: World.random(16))
  }
}
