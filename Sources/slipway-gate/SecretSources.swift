import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel

/// The source of an environment's secrets, put together from what the environment says and from the
/// variables of the process: a token in an argument could be read by everyone on the machine.
struct SecretSources {
  let expectations: GateExpectations
  let variables: [String: String]
  let now: PointInTime

  func source() throws(ReadingFailure) -> any SecretSource {
    let http = HTTPClient(limits: HTTPLimits(timeout: .seconds(10), bytes: 1 << 20))
    switch expectations.secrets.source {
    case .files(let path): return FolderSecrets(path)
    case .madeUp:
      let folder = ".slipway/\(expectations.environment)/secrets"
      guard let file = variables["SLIPWAY_SECRETS_FILE"] else { return FolderSecrets(folder) }
      guard expectations.stage == .development else {
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
