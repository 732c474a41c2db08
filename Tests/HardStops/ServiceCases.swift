import Foundation
import SlipwayModel
import TestSupport

/// What the service refuses by itself, however it was deployed.
extension HardStopCase {
  /// What stops these: the start of the real program, before a socket is opened.
  private static let start = "flowrex serve"

  static let service: [HardStopCase] = [
    HardStopCase(
      criterion: "S17-HS-03", level: .service, stoppedBy: start,
      broken: "the key for tokens is not mounted",
      attempt: .process(variables: [:], secrets: ["jwt-secret-key": nil])),
    HardStopCase(
      criterion: "S17-HS-06", level: .service, stoppedBy: start, broken: "production with DEBUG",
      attempt: .process(variables: ["DEBUG": "true"], secrets: [:])),
    HardStopCase(
      criterion: "S17-HS-07", level: .service, stoppedBy: start,
      broken: "a key for tokens of 31 characters",
      attempt: .process(
        variables: [:], secrets: ["jwt-secret-key": "rV8nQ2xT6mZ4kW9cY3bH7dJ5fL1gP0s"])),
    HardStopCase(
      criterion: "S18-HS-08", level: .service, stoppedBy: start,
      broken: "somebody switches metrics off",
      attempt: .process(variables: ["METRICS_ENABLED": "false"], secrets: [:])),
  ]
}

/// Production as it is generated, started for real, and changed in one place.
enum ServedProduction {
  private static let files = [
    "jwt-secret-key", "jwt-previous-secret-key", "security-secret-key", "admin-password-hash",
    "database-password", "database-reader-password", "redis-password",
  ]

  /// - Returns: What the service says against it: one line each.
  static func refusals(
    _ changes: [String: String], _ secrets: [String: String?]
  ) async throws -> [Stopped] {
    try await withTemporaryFolder { folder in
      for name in files {
        let digest = SHA256.hex("the \(name) of a rehearsal")
        let made = name.hasSuffix("hash") ? "$2b$12$" + digest.prefix(53) : digest
        guard let text = secrets[name] ?? made else { continue }
        try folder.write(text, to: name)
      }
      var variables = try await generated()
      for name in ["APP_VERSION", "APP_COMMIT", "APP_BUILD_ID"] { variables[name] = "1" }
      variables["SECRETS_DIRECTORY"] = folder.path
      variables.merge(changes) { $1 }
      let output = try await Tool.built("flowrex", ["serve"], environment: variables)
      let lines = output.stderr.split(separator: "\n")
      guard output.status == 78, lines.first == "refused to start: 1 problem" else {
        throw VainAttempt(description: "not refused for one reason: \(output)")
      }
      return lines.dropFirst().map {
        Stopped(rule: "flowrex serve", message: String($0.drop { $0 == " " }))
      }
    }
  }

  private static func generated() async throws -> [String: String] {
    let script = """
      import json, sys, yaml
      services = yaml.safe_load(open(sys.argv[1]))["services"]
      print(json.dumps(services["backend"]["environment"]))
      """
    let output = try await Tool.run(
      "python3", ["-c", script, "\(packageRoot)/generated/prod/docker-compose.yml"])
    return try JSONDecoder().decode([String: String].self, from: Data(output.stdout.utf8))
  }
}
