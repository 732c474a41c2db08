import TestSupport

/// The real program, run to its end on a database.
struct Command {
  let variables: [String: String]

  /// On a laptop's file.
  static func onFile(_ path: String) -> Command {
    Command(variables: ["ENVIRONMENT": "development", "DATABASE_PATH": path])
  }

  func run(_ arguments: String..., input: String? = nil) async throws -> Tool.Output {
    try await run(arguments, input: input)
  }

  func run(_ arguments: [String], input: String? = nil) async throws -> Tool.Output {
    try await Tool.built("flowrex", arguments, input: input, environment: variables)
  }
}
