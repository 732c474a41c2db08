import Crypto
import Foundation
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// The certificate that one edge node shows, looked at from all sides.
package struct CertificateFact: Sendable, Hashable {
  package var node: String
  /// The names it is for, in lower case; a wildcard as it stands there.
  package var names: [String]
  package var notBefore: PointInTime
  package var notAfter: PointInTime
  /// Whether it vouches for itself.
  package var isSelfSigned: Bool
  /// Whether a chain leads from it to an authority that is trusted here.
  package var isTrusted: Bool
  /// Whether the key beside it is its own.
  package var keyMatches: Bool

  package init(
    node: String, names: [String], notBefore: PointInTime, notAfter: PointInTime,
    isSelfSigned: Bool = false, isTrusted: Bool = true, keyMatches: Bool = true
  ) {
    self.node = node
    self.names = names
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.isSelfSigned = isSelfSigned
    self.isTrusted = isTrusted
    self.keyMatches = keyMatches
  }

  /// Whether it is for this name; a wildcard stands for one label. (RFC 6125, 6.4.3)
  package func covers(_ name: String) -> Bool {
    let name = name.lowercased()
    guard !names.contains(name) else { return true }
    guard let dot = name.firstIndex(of: ".") else { return false }
    return names.contains("*" + name[dot...])
  }
}

/// What each edge node said of its certificate: `facts/certificates.json`. The chain is public, and
/// of the key there is only the digest of its public half.
package struct CertificateReport: Sendable, Hashable {
  package struct Edge: Sendable, Hashable {
    package let node: String
    /// PEM, the node's own certificate first.
    package let chain: String
    /// SHA-256 of the public key (SubjectPublicKeyInfo, DER) that belongs to the private key.
    package let key: String
    package init(node: String, chain: String, key: String) {
      self.node = node
      self.chain = chain
      self.key = key
    }
  }
  package let edges: [Edge]
  package init(edges: [Edge]) { self.edges = edges }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<CertificateReport> {
    let root = try JSONFields(bytes)
    let edges = try root.objects("edges").map { edge throws(ReadingFailure) in
      let key = try edge.text("key")
      guard key.isHex(64) else { throw ReadingFailure("a key's digest is not of 64 digits") }
      return Edge(node: try edge.text("node"), chain: try edge.text("chain"), key: key)
    }
    return try root.evidence(CertificateReport(edges: edges))
  }

  /// Looks at every chain.
  ///
  /// - Parameter authorities: PEM of the authorities that are trusted; `nil` for the machine's own.
  package func facts(
    authorities: String?, now: PointInTime
  ) async throws(ReadingFailure) -> [CertificateFact] {
    let roots: CertificateStore
    if let authorities {
      roots = CertificateStore(try Self.certificates(authorities, "the list of authorities"))
    } else {
      roots = CertificateStore.systemTrustRoots
    }
    var facts: [CertificateFact] = []
    for edge in edges { facts.append(try await edge.fact(roots, now)) }
    return facts
  }

  /// No chain and no list of authorities has more.
  private static let certificatesMax = 1000

  fileprivate static func certificates(
    _ pem: String, _ what: String
  ) throws(ReadingFailure) -> [Certificate] {
    do {
      let documents = try PEMDocument.parseMultiple(pemString: pem)
      guard !documents.isEmpty, documents.count <= certificatesMax else {
        throw ReadingFailure("\(what) holds no certificate")
      }
      return try documents.map { try Certificate(pemDocument: $0) }
    } catch let error as ReadingFailure {
      throw error
    } catch {
      throw ReadingFailure("\(what) is no chain of certificates in PEM")
    }
  }
}

extension CertificateReport.Edge {
  fileprivate func fact(
    _ roots: CertificateStore, _ now: PointInTime
  ) async throws(ReadingFailure) -> CertificateFact {
    let chain = try CertificateReport.certificates(self.chain, "the chain of '\(node.prefix(60))'")
    guard let leaf = chain.first else { throw ReadingFailure("the chain of '\(node)' is empty") }
    var names: [String] = []
    if let alternatives = try? leaf.extensions.subjectAlternativeNames {
      for case .dnsName(let name) in alternatives { names.append(name.lowercased()) }
    }
    let isSelfSigned =
      leaf.issuer == leaf.subject && leaf.publicKey.isValidSignature(leaf.signature, for: leaf)
    // Whether it is in time is asked for by itself, with a better sentence.
    let moment = Swift.max(Swift.min(now.seconds, Self.end(leaf) - 1), Self.start(leaf) + 1)
    let date: Date = .init(timeIntervalSince1970: Double(moment))
    var verifier = Verifier(rootCertificates: roots) {
      RFC5280Policy(fixedExpiryValidationTime: date)
    }
    let outcome = await verifier.validate(
      leaf: leaf, intermediates: CertificateStore(chain.dropFirst()))
    var isTrusted = false
    if case .validCertificate = outcome { isTrusted = true }
    let digest = try? leaf.publicKey.serializeAsPEM().derBytes
    return CertificateFact(
      node: node, names: names, notBefore: PointInTime(seconds: Self.start(leaf)),
      notAfter: PointInTime(seconds: Self.end(leaf)), isSelfSigned: isSelfSigned,
      isTrusted: isTrusted, keyMatches: digest.map { $0.sha256 == key } ?? false)
  }

  private static func start(_ leaf: Certificate) -> Int {
    Int(leaf.notValidBefore.timeIntervalSince1970)
  }

  private static func end(_ leaf: Certificate) -> Int {
    Int(leaf.notValidAfter.timeIntervalSince1970)
  }
}

extension [UInt8] {
  fileprivate var sha256: String {
    Crypto.SHA256.hash(data: self).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
