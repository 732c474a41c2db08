import Foundation
package import SlipwayModel

/// The key-value store, version 2, of Vault or OpenBao: one secret a name below a path, its value
/// in the field `value`. The first part of the path is where the store is mounted.
///
/// Source: the "KV secrets engine - version 2 (API)" page of OpenBao and of Vault.
package struct VaultSecrets: SecretSource {
  private let http: HTTPClient
  private let address: URL
  private let mount: String
  private let path: String
  private let token: String

  package init(
    _ http: HTTPClient, address: String, path: String, token: String
  ) throws(ReadingFailure) {
    self.http = http
    self.address = try SecretServer.url(address)
    let parts = path.split(separator: "/")
    guard let mount = parts.first else { throw ReadingFailure("'\(path)' is no path of a store") }
    guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ReadingFailure("there is no token for it")
    }
    self.mount = String(mount)
    self.path = parts.dropFirst().joined(separator: "/")
    self.token = token
  }

  package var name: String { "Vault at \(address.origin)" }

  package func value(of key: SecretExpectations.Key) async throws(ReadingFailure) -> [UInt8]? {
    let url = [mount, "data", path, key.name].filter { !$0.isEmpty }
      .reduce(address.appending(path: "v1")) { $0.appending(path: $1) }
    var request = HTTPRequest(.get, url)
    request.headers = ["X-Vault-Token": token, "X-Vault-Request": "true"]
    let answer = try await SecretServer.answer(http, request)
    switch answer.status {
    case 200: break
    case 404: return nil
    case 403: throw ReadingFailure("our token may not read \(key.name)")
    case 503: throw ReadingFailure("it is sealed, or not ready")
    default: throw ReadingFailure("it answered \(answer.status) about \(key.name)")
    }
    do throws(ReadingFailure) {
      let data = try JSONFields(answer.body).object("data").object("data")
      return try data.optionalText("value").map { Array($0.utf8) }
    } catch {
      throw ReadingFailure("its answer about \(key.name) is not understood")
    }
  }
}
