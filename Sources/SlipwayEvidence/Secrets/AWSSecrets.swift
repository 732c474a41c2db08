import Crypto
import Foundation
import SlipwayDocuments
package import SlipwayModel

/// AWS Secrets Manager: one secret a name below a prefix. (S17-SEC-03)
///
/// Source: AWS Secrets Manager API Reference, GetSecretValue.
package struct AWSSecrets: SecretSource {
  private let http: HTTPClient
  private let address: URL
  private let prefix: String
  private let region: String
  private let credentials: AWSCredentials
  private let now: PointInTime

  /// - Parameter address: `nil` for the region's own.
  package init(
    _ http: HTTPClient, address: String?, prefix: String, region: String,
    credentials: AWSCredentials, now: PointInTime
  ) throws(ReadingFailure) {
    guard region.wholeMatch(of: /[a-z0-9-]{3,40}/) != nil else {
      throw ReadingFailure("'\(region.prefix(60))' is no region")
    }
    self.http = http
    self.address = try SecretServer.url(
      address ?? "https://secretsmanager.\(region).amazonaws.com")
    self.prefix = prefix.hasSuffix("/") || prefix.isEmpty ? prefix : prefix + "/"
    self.region = region
    self.credentials = credentials
    self.now = now
  }

  package var name: String { "AWS Secrets Manager in \(region)" }

  package func value(of key: SecretExpectations.Key) async throws(ReadingFailure) -> [UInt8]? {
    let question = JSONNode.map([.entry("SecretId", .string(prefix + key.name))])
    guard let body = try? Document.json(question).print() else {
      throw ReadingFailure("\(key.name) is no name of a secret")
    }
    var request = HTTPRequest(.post, address.appending(path: "/"))
    request.body = Array(body.utf8)
    // AWS says 400 of a secret that is not there; moto, which tests ask, says 404.
    request.explained = [400, 404]
    request.headers = AWSSignature(
      credentials: credentials, region: region, service: "secretsmanager", now: now
    ).headers(
      for: request.url, body: request.body,
      [
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "secretsmanager.GetSecretValue",
      ])
    let answer = try await SecretServer.answer(http, request)
    guard answer.status == 200 else { return try refusal(answer, key) }
    do throws(ReadingFailure) {
      let root = try JSONFields(answer.body)
      if let text = try root.optionalText("SecretString") { return Array(text.utf8) }
      guard let data = Data(base64Encoded: try root.text("SecretBinary")) else {
        throw ReadingFailure("")
      }
      return [UInt8](data)
    } catch {
      throw ReadingFailure("its answer about \(key.name) is not understood")
    }
  }

  /// `nil` if it says that there is none; anything else is no answer.
  private func refusal(
    _ answer: HTTPAnswer, _ key: SecretExpectations.Key
  ) throws(ReadingFailure) -> [UInt8]? {
    let type = (try? JSONFields(answer.body).text("__type")) ?? ""
    let kind = type.split(separator: "#").last ?? ""
    if kind == "ResourceNotFoundException" { return nil }
    // It was marked for deletion: nobody can read it any more.
    if kind == "InvalidRequestException" { return nil }
    let words = kind.isEmpty ? "\(answer.status)" : String(kind.prefix(60))
    throw ReadingFailure("it answered \(words) about \(key.name)")
  }
}

/// Who asks AWS. Comes from variables of the process, never from its arguments.
package struct AWSCredentials: Sendable {
  let key: String
  let secret: String
  let session: String?
  package init(key: String, secret: String, session: String?) {
    self.key = key
    self.secret = secret
    self.session = session
  }
}

/// Signature Version 4 of a request without a query.
///
/// Source: AWS IAM User Guide, "Create a signed AWS API request".
struct AWSSignature {
  let credentials: AWSCredentials
  let region: String
  let service: String
  let now: PointInTime

  func headers(for url: URL, body: [UInt8], _ given: [String: String]) -> [String: String] {
    let stamp = now.text.filter { $0 != "-" && $0 != ":" }
    let day = String(stamp.prefix(8))
    let port = url.port.map { ":\($0)" } ?? ""
    var headers = given
    headers["host"] = (url.host() ?? "") + port
    headers["x-amz-date"] = stamp
    headers["x-amz-security-token"] = credentials.session
    let names = headers.keys.sorted()
    let signed = names.joined(separator: ";")
    let path = url.path().isEmpty ? "/" : url.path()
    let lines = names.map { "\($0):\(headers[$0] ?? "")\n" }.joined()
    let canonical = "POST\n\(path)\n\n\(lines)\n\(signed)\n\(SlipwayModel.SHA256.hex(body))"
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(SlipwayModel.SHA256.hex(canonical))"
    var key = Data("AWS4\(credentials.secret)".utf8)
    for part in [day, region, service, "aws4_request"] { key = mac(part, key) }
    let signature = mac(text, key).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(credentials.key)/\(scope), SignedHeaders=\(signed), "
      + "Signature=\(signature.joined())"
    return headers
  }

  private func mac(_ text: String, _ key: Data) -> Data {
    Data(
      HMAC<Crypto.SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
  }
}
