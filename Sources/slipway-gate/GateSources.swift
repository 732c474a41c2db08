import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel

/// Where the gate looks, put together from the command line and the variables of the process: a
/// token in an argument could be read by everyone on the machine.
struct GateSources {
  let command: AskCommand
  let question: GateQuestion
  let state: String
  let variables: [String: String]

  private var now: PointInTime { question.now }

  /// Who may sign: on a cluster its administrator's list, which no release brings along.
  private var signers: String {
    command.signers
      ?? (question.seat == .cluster ? "\(state)/signers" : "environments/signers")
  }

  func evidence(kept: ReleaseRecord?) async -> EvidenceSet {
    var set = EvidenceSet()
    let reports = ReportCollector(command.evidence)
    let signed = SignedFiles(signers: signers, now: now)
    if question.kind != .rollback {
      set.tests = reports.tests
      set.coverage = reports.coverage
      set.scans = reports.scans
      set.statements = reports.statements(signed)
    }
    set.stack = StackCollector.stack(in: command.folder, now: now)
    if question.seat == .delivery {
      set.lock = LockCollector.lock(command.lock, now: now)
    } else {
      let cluster = collector(signed)
      cluster.add(to: &set, question.expectations)
      set.certificates = await cluster.certificates(authorities: command.authorities)
      set.secrets = await secrets()
    }
    set.kept = kept
    return set
  }

  func collector(_ signed: SignedFiles) -> ClusterCollector {
    ClusterCollector(
      state: state, metrics: variables["SLIPWAY_METRICS"] ?? question.expectations.metrics,
      evidence: command.evidence, signed: signed, now: now)
  }

  private func secrets() async -> Sight<SecretFacts> {
    let source: any SecretSource
    do throws(ReadingFailure) {
      source = try secretSource()
    } catch {
      return .unreadable(error.clause)
    }
    return await SecretCollector.facts(question.expectations.secrets, from: source, now: now)
  }

  private func secretSource() throws(ReadingFailure) -> any SecretSource {
    let http = HTTPClient(limits: HTTPLimits(timeout: .seconds(10), bytes: 1 << 20))
    switch question.expectations.secrets.source {
    case .files(let path): return FolderSecrets(path)
    case .madeUp:
      let folder = ".slipway/\(question.expectations.environment)/secrets"
      guard let file = variables["SLIPWAY_SECRETS_FILE"] else { return FolderSecrets(folder) }
      guard question.expectations.stage == .development else {
        throw ReadingFailure("a file of variables is for development only")
      }
      return DotenvSecrets(file)
    case .vault(let path):
      guard let address = variables["VAULT_ADDR"] else {
        throw ReadingFailure("VAULT_ADDR does not say where Vault is")
      }
      return try VaultSecrets(http, address: address, path: path, token: try vaultToken())
    case .aws(let prefix, let region):
      guard let key = variables["AWS_ACCESS_KEY_ID"],
        let secret = variables["AWS_SECRET_ACCESS_KEY"], !key.isEmpty, !secret.isEmpty
      else {
        throw ReadingFailure(
          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY do not say who asks AWS")
      }
      return try AWSSecrets(
        http, address: variables["AWS_ENDPOINT_URL_SECRETS_MANAGER"], prefix: prefix,
        region: region,
        credentials: AWSCredentials(
          key: key, secret: secret, session: variables["AWS_SESSION_TOKEN"]), now: now)
    }
  }

  private func vaultToken() throws(ReadingFailure) -> String {
    if let token = variables["VAULT_TOKEN"] { return token }
    guard let path = variables["VAULT_TOKEN_FILE"] else {
      throw ReadingFailure("neither VAULT_TOKEN nor VAULT_TOKEN_FILE holds a token")
    }
    do throws(ReadingFailure) {
      let text = String(decoding: try FactFile.bytes(path), as: UTF8.self)
      return text.trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw ReadingFailure("the file of VAULT_TOKEN_FILE: \(error.clause)")
    }
  }
}
