import ArgumentParser

/// The trading service: one program, several processes. (S18-ARCH-04)
@main
struct FlowrexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flowrex", abstract: "The trading service.",
    subcommands: [
      Serve.self, WorkerCommand.self, VenueCommand.self, Healthcheck.self, MigrateCommand.self,
      UserCommand.self, AuditCommand.self,
    ])
}

/// Exit statuses beside 0 and the parser's own.
enum Status {
  /// The configuration was refused. (`EX_CONFIG` of sysexits.h)
  static let configuration = ExitCode(78)
}
