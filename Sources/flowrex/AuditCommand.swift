import ArgumentParser
import FlowrexConfiguration
import FlowrexHost
import FlowrexStore

/// `flowrex audit verify | head`. (S18-AUD-02)
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "The audit log.", subcommands: [Verify.self, Head.self])

  struct Verify: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Looks for anything that was changed, taken out or moved, and names the first.")

    @Option(help: "A head that was kept elsewhere: the log must still lead through it.")
    var head: String?

    @Flag(help: "Prints the head on a line of its own, to be kept; none of an empty log.")
    var report = false

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let kept = try head.map { text in
        guard let head = AuditHead(text: text) else {
          throw ValidationError("a head is NUMBER:HASH, as `flowrex audit head` prints it")
        }
        return head
      }
      switch try await AuditVerifier(database.store).verify(against: kept) {
      case .whole(let head):
        print(
          head.number == 0
            ? "the audit log is empty"
            : "the audit log is whole: \(head.number) rows, the head is \(head)")
        if report, head.number > 0 { print(head) }
      case .broken(let sentence):
        World.complain(sentence + "\n")
        throw ExitCode.failure
      }
    }
  }

  struct Head: DatabaseCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the head, to be kept where nobody who writes the database writes.")

    func run(
      on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
    ) async throws {
      let head = try await database.store.transact { try $0.auditHead() }
      guard head.number > 0 else {
        World.complain("the audit log is empty\n")
        throw ExitCode.failure
      }
      print(head)
    }
  }
}
