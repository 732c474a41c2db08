import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayModel

/// How a deployment reaches its cluster and starts `scripts/deploy` there. (W13)
struct DeployAccess {
  let stage: DeliveryStage

  /// What `scripts/deploy` prints: its verdict and what it saw, as JSON.
  static let report = "report/report.json"
  private static let folder = "${RUNNER_TEMP}/ssh"

  private var script: String { "\(stage.environment.folder)scripts/deploy" }
  private var access: AccessValue { stage.environment.specification.cluster.access }

  var runner: Runner {
    if case .runner(let labels) = access { .own(labels: labels) } else { .hosted }
  }

  var steps: [Step] {
    switch access {
    case .ssh(let host, let port, let user, let hostKey, let key):
      return [
        trust(host: host, port: port, user: user, hostKey: hostKey, key: key), overSSH, forget,
      ]
    case .runner, .local: return [inPlace]
    }
  }

  /// The runner is a manager of the cluster itself.
  private var inPlace: Step {
    Step(
      name: "Deploy",
      work: .run([
        "mkdir -p report", "\(script) \(ReleaseJobs.file) >\(Self.report)",
      ]), origins: stage.origins)
  }

  /// Only the pinned host is believed, and only this key is offered. The account's key is bound to
  /// one command on the other side.
  private func trust(
    host: String, port: Int, user: String, hostKey: SecretKey, key: SecretKey
  ) -> Step {
    let options = [
      "Host manager", "  HostName \(host)", "  Port \(port)", "  User \(user)",
      "  BatchMode yes", "  IdentitiesOnly yes", "  StrictHostKeyChecking yes",
      "  ConnectTimeout 20", "  ServerAliveInterval 15", "  ServerAliveCountMax 8",
    ]
    return Step(
      name: "Trust the pinned host",
      variables: [
        .entry("HOST_KEY", WorkflowExpression.secret(hostKey)), .entry("KEY", WorkflowExpression.secret(key)),
      ],
      work: .run(
        [
          "umask 077", "mkdir -p \"\(Self.folder)\"",
          "printf '%s\\n' \"${HOST_KEY}\" >\"\(Self.folder)/known_hosts\"",
          "printf '%s\\n' \"${KEY}\" >\"\(Self.folder)/key\"",
          "cat >\"\(Self.folder)/config\" <<EOF",
        ] + options + [
          "  UserKnownHostsFile \(Self.folder)/known_hosts", "  IdentityFile \(Self.folder)/key",
          "EOF",
        ]), origins: stage.origins)
  }

  /// The generated files and the record go in by standard input; the report comes out by standard
  /// output, progress by standard error.
  private var overSSH: Step {
    Step(
      name: "Deploy",
      work: .run([
        "mkdir -p report",
        "tar --create --gzip \(stage.environment.folder.dropLast()) \(ReleaseJobs.file) \\",
        "  | ssh -F \"\(Self.folder)/config\" manager \(script) \(ReleaseJobs.file) "
          + ">\(Self.report)",
      ]), origins: stage.origins)
  }

  private var forget: Step {
    Step(
      name: "Forget the key", condition: "always()",
      work: .run(["rm -rf \"\(Self.folder)\""]))
  }
}
