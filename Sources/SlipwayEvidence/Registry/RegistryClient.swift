import Foundation
import SlipwayModel

/// Reads images from a registry that speaks the
/// [distribution specification](https://github.com/opencontainers/distribution-spec), as anyone:
/// it has no password and sends none.
package struct RegistryClient: Sendable {
  package let address: RegistryAddress
  private let http: HTTPClient
  /// Who gives tokens, if the registry wants one.
  private let issuer: TokenIssuer?

  /// Asks the registry whether it speaks the specification, and what it wants to see first.
  package static func open(
    _ address: RegistryAddress, _ http: HTTPClient
  ) async throws(RegistryFailure) -> RegistryClient {
    guard let ping = address.ping else { throw .malformed("its address cannot be written") }
    let answer = try await reach(HTTPRequest(.get, ping), http)
    switch answer.status {
    case 200: return RegistryClient(address: address, http: http, issuer: nil)
    case 401:
      let issuer = try TokenIssuer(answer, beside: address)
      return RegistryClient(address: address, http: http, issuer: issuer)
    default: throw RegistryFailure(status: answer.status, whenMissing: .noRegistry)
    }
  }

  /// What the tag means now. If the registry says that it is still `known`, whose bytes were once
  /// read here, they are not read again: registries count what anonymous readers take.
  package func read(
    _ repository: String, tag: String, known: String?
  ) async throws(RegistryFailure) -> ImageReading {
    let token = try await issuer?.token(for: address.prefix + repository, http)
    guard let url = address.url(repository, "manifests/\(tag)") else {
      throw .malformed("its address cannot be written")
    }
    var request = HTTPRequest(.get, url, accept: Manifest.mediaTypes, token: token)
    if let known {
      request.method = .head
      let answer = try await Self.reach(request, http)
      if answer.status == 200, answer.headers["docker-content-digest"] == known {
        return .unchanged
      }
      request.method = .get
    }
    let answer = try await Self.reach(request, http)
    guard answer.status == 200 else {
      throw RegistryFailure(status: answer.status, whenMissing: .noTag)
    }
    let digest = "sha256:" + SHA256.hex(answer.body)
    let claimed = answer.headers["docker-content-digest"] ?? digest
    guard claimed == digest else { throw .mismatch(claimed: claimed, actual: digest) }
    let platforms = try await platforms(of: answer.body, repository, token)
    return .read(digest: digest, platforms: platforms)
  }

  private func platforms(
    of bytes: [UInt8], _ repository: String, _ token: String?
  ) async throws(RegistryFailure) -> [String] {
    let manifest = try RegistryFailure.understanding { () throws(MalformedAnswer) in
      try Manifest.read(bytes)
    }
    switch manifest {
    case .index(let platforms): return platforms
    case .single(let digest):
      guard let url = address.url(repository, "blobs/\(digest)") else {
        throw .malformed("its address cannot be written")
      }
      // Stores of blobs are often elsewhere; the digest says whether it is the right one.
      let answer = try await Self.reach(
        HTTPRequest(.get, url, token: token, redirects: .anywhere), http)
      guard answer.status == 200 else {
        throw RegistryFailure(status: answer.status, whenMissing: .noConfiguration)
      }
      let actual = "sha256:" + SHA256.hex(answer.body)
      guard actual == digest else { throw .mismatch(claimed: digest, actual: actual) }
      return [
        try RegistryFailure.understanding { () throws(MalformedAnswer) in
          try Manifest.platform(ofConfiguration: answer.body)
        }
      ]
    }
  }

  private static func reach(
    _ request: HTTPRequest, _ http: HTTPClient
  ) async throws(RegistryFailure) -> HTTPAnswer {
    do throws(HTTPFailure) { return try await http.answer(to: request) } catch {
      throw .line(error)
    }
  }
}

/// What a registry says of a tag.
package enum ImageReading: Hashable, Sendable {
  /// The digest that is known already.
  case unchanged
  /// The digest of the bytes that were read, and the platforms that they are for.
  case read(digest: String, platforms: [String])
}

/// Why a registry's word cannot be had, or not be taken.
package enum RegistryFailure: Error, Hashable, Sendable {
  case line(HTTPFailure)
  /// It wants a password, or refuses what is not public.
  case unauthorised
  case noRegistry, noTag, noConfiguration
  /// It was asked too often.
  case busy
  case status(Int)
  case mismatch(claimed: String, actual: String)
  /// The reason is a clause.
  case malformed(String)
  /// It sends to an issuer of tokens that must not be asked.
  case strangeIssuer(String)

  init(status: Int, whenMissing missing: RegistryFailure) {
    switch status {
    case 401, 403: self = .unauthorised
    case 404: self = missing
    case 429: self = .busy
    default: self = .status(status)
    }
  }

  static func understanding<Value>(
    _ body: () throws(MalformedAnswer) -> Value
  ) throws(RegistryFailure) -> Value {
    do throws(MalformedAnswer) { return try body() } catch { throw .malformed(error.reason) }
  }
}
