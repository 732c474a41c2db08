import Foundation
import SlipwayDocuments

/// Gives out the tokens that a registry wants to see, also to those who have no password.
///
/// Source: the distribution project's "Token Authentication Specification".
struct TokenIssuer: Sendable {
  private let realm: URL
  private let service: String?

  /// The issuer that a refusing answer names.
  init(_ answer: HTTPAnswer, beside address: RegistryAddress) throws(RegistryFailure) {
    let challenges = Challenge.read(answer.headers["www-authenticate"] ?? "")
    guard let bearer = challenges.first(where: { $0.scheme == "bearer" }) else {
      throw .unauthorised
    }
    let text = bearer.parameters["realm"] ?? ""
    guard let realm = URL(string: text), realm.host != nil else { throw .strangeIssuer(text) }
    // A registry on an encrypted line must not send us to an open one.
    let isOpen = realm.scheme == "http" && address.scheme == "http" && realm.isLoopback
    guard realm.scheme == "https" || isOpen, realm.user == nil else { throw .strangeIssuer(text) }
    self.realm = realm
    service = bearer.parameters["service"]
  }

  /// A token that may read one repository.
  func token(for repository: String, _ http: HTTPClient) async throws(RegistryFailure) -> String {
    guard var parts = URLComponents(url: realm, resolvingAgainstBaseURL: false) else {
      throw .strangeIssuer(realm.absoluteString)
    }
    var items = parts.queryItems ?? []
    if let service { items.append(URLQueryItem(name: "service", value: service)) }
    items.append(URLQueryItem(name: "scope", value: "repository:\(repository):pull"))
    parts.queryItems = items
    guard let url = parts.url else { throw .strangeIssuer(realm.absoluteString) }
    let answer: HTTPAnswer
    do throws(HTTPFailure) { answer = try await http.answer(to: HTTPRequest(.get, url)) } catch {
      throw .line(error)
    }
    guard answer.status == 200 else {
      throw RegistryFailure(status: answer.status, whenMissing: .unauthorised)
    }
    let root = try RegistryFailure.understanding { () throws(MalformedAnswer) in
      try MalformedAnswer.json(answer.body)
    }
    let token = root["token"]?.string ?? root["access_token"]?.string ?? ""
    guard !token.isEmpty, token.utf8.allSatisfy(\.isOfToken) else {
      throw .malformed("the issuer of tokens gave none")
    }
    return token
  }
}

extension UInt8 {
  /// The letters of a bearer token (RFC 6750, 2.1); nothing that could begin another header.
  fileprivate var isOfToken: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~+/=".utf8.contains(self)
    }
  }
}
