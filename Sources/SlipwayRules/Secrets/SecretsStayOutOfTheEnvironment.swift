import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Outside development no container is given a secret in a variable: those stand in every
/// `inspect`, in crash reports and in child processes. Looks at the bytes. (C-16, S18-HS-07)
package enum SecretsStayOutOfTheEnvironment: Rule {
  package static let id = "secrets/stay-out-of-the-environment"
  package static let why =
    "variables are shown by every `inspect` and inherited by every child process"
  package static let fix = "mount the secret as a file, and name the file in a variable of `…_FILE`"
  package static let source = ["C-16", "S18-HS-07", "S17-SEC-02"]

  package static let breakers: [Breaker] = [
    .file(
      "a password in a variable", "docker-compose.yml",
      replacing: "POSTGRES_PASSWORD_FILE: /run/secrets/postgres-superuser-password",
      with: "POSTGRES_PASSWORD: hunter2-hunter2-hunter2")
  ]

  private static let words: [ByteSearch] = [
    ByteSearch("PASSWORD"), ByteSearch("SECRET"), ByteSearch("TOKEN"), ByteSearch("API_KEY"),
    ByteSearch("PRIVATE_KEY"), ByteSearch("ACCESS_KEY"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let stack = subject.stack else { return [] }
    return (stack.tree["services"]?.map ?? []).flatMap { service in
      (service.value["environment"]?.map ?? []).compactMap { entry in
        guard words.contains(where: { $0.isIn(entry.key) }), let value = entry.value.scalarText,
          !value.isEmpty, !value.hasPrefix(Path.secrets)
        else { return nil }
        // The value is not shown: a report is read by more people than a secret may be.
        return Violation(
          .shown(service.key, entry.key),
          lands: Landing(
            path: stack.file.path, place: "services.\(service.key).environment.\(entry.key)",
            line: entry.keyStart.line))
      }
    }
  }
}

extension String {
  fileprivate static func shown(_ service: String, _ key: String) -> String {
    "'\(service)' would be given '\(key)' as a variable"
  }
}
