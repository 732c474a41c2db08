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

  /// Nothing that is delivered comes close; a megabyte of generated files is much.
  private static let bundleBytes = 64 << 20

  /// In which sense bundles are signed: a signature of anything else is none of a bundle.
  static let namespace = "slipway-delivery"
  /// Who signs, in the list of signers on the other side.
  static let signer = "delivery"

  /// What the account's key asks for, word for word.
  private var command: String {
    "\(stage.environment.folder)scripts/deploy \(ReleaseJobs.file)"
  }
  /// What is carried to the cluster.
  private var files: String {
    "evidence \(stage.environment.folder.dropLast()) \(ReleaseJobs.file)"
  }
  private var access: AccessValue { stage.environment.specification.cluster.access }

  var runner: Runner {
    if case .runner(let labels) = access { .own(labels: labels) } else { .hosted }
  }

  var steps: [Step] {
    switch access {
    case .ssh(let host, let port, let user, let hostKey, let key, let signing):
      return [
        trust(host: host, port: port, user: user, hostKey: hostKey, key: key), sign(with: signing),
        overSSH, forget,
      ]
    case .runner, .local: return [inPlace]
    }
  }

  /// The runner is a manager of the cluster itself.
  private var inPlace: Step {
    Step(
      name: "Deploy",
      work: .run([
        "mkdir -p report", "\(command) >\(Self.report)",
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
        .entry("HOST_KEY", WorkflowExpression.secret(hostKey)),
        .entry("KEY", WorkflowExpression.secret(key)),
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

  /// What is carried is code: the other side runs it only if this key signed it. The key that
  /// reaches the cluster alone starts nothing there.
  private func sign(with key: SecretKey) -> Step {
    Step(
      name: "Sign what is carried",
      variables: [.entry("KEY", WorkflowExpression.secret(key))],
      work: .run([
        "umask 077",
        "printf '%s\\n' \"${KEY}\" >\"\(Self.folder)/signing\"",
        "tar --create --gzip --file \"\(Self.folder)/bundle.tar.gz\" \(files)",
        "ssh-keygen -q -Y sign -n \(Self.namespace) -f \"\(Self.folder)/signing\" \\",
        "  \"\(Self.folder)/bundle.tar.gz\"",
        "rm \"\(Self.folder)/signing\"",
      ]), origins: stage.origins)
  }

  /// The signed bundle goes in by standard input; the report comes out by standard output, progress
  /// by standard error.
  private var overSSH: Step {
    Step(
      name: "Deploy",
      work: .run([
        "mkdir -p report",
        "tar --create --directory \"\(Self.folder)\" bundle.tar.gz bundle.tar.gz.sig \\",
        "  | ssh -F \"\(Self.folder)/config\" manager \(command) >\(Self.report)",
      ]), origins: stage.origins)
  }

  /// Root's alone: whoever may write it decides what runs.
  static func signers(of environment: String) -> String {
    "/etc/slipway/delivery-signers-\(environment)"
  }

  /// The other side of the connection: what the account's key runs. (design §7)
  func receiver(using inputs: EmitterInputs) -> Emission {
    guard case .ssh = access else { return Emission() }
    let holes: [String: Template.Value] = [
      "ENVIRONMENT": .text(stage.name), "COMMAND": .text(command), "FILES": .text(files),
      "BYTES": .text(String(Self.bundleBytes)), "SIGNERS": .text(Self.signers(of: stage.name)),
      "NAMESPACE": .text(Self.namespace), "SIGNER": .text(Self.signer),
    ]
    switch inputs.render("delivery/receive", holes) {
    case .failure(let problems): return Emission(findings: problems.findings)
    case .success(let text):
      return Emission([
        Artefact(
          path: "generated/delivery/receive-\(stage.name)",
          document: .text(TextDocument(text, comments: .hash, from: stage.origins)),
          isExecutable: true)
      ])
    }
  }

  private var forget: Step {
    Step(
      name: "Forget the key", condition: "always()",
      work: .run(["rm -rf \"\(Self.folder)\""]))
  }
}
