import Crypto
import Foundation
import SwiftASN1
import X509

/// The environment's own certificate authority. Its key is read where it lies and goes nowhere.
/// (engine fact F20, C-60)
package struct InsideAuthority {
  /// PEM, as everybody inside trusts it.
  package let certificatePEM: String
  package let notAfter: PointInTime
  private let certificate: Certificate
  private let key: P256.Signing.PrivateKey

  static let certificateFile = "ca.pem"
  static let keyFile = "ca.key"

  /// Certificates hold from a little before they are made: clocks of machines differ.
  private static let skew = 300
  private static let day = 86_400

  package init(readingFrom folder: String) throws(ReadingFailure) {
    let pem = try SecretFile.text("\(folder)/\(Self.certificateFile)")
    let keyPath = "\(folder)/\(Self.keyFile)"
    try SecretFile.refuseReadable(keyPath)
    let keyText = try SecretFile.text(keyPath)
    do {
      certificate = try Certificate(pemEncoded: pem)
      key = try P256.Signing.PrivateKey(pemRepresentation: keyText)
    } catch {
      throw ReadingFailure("'\(folder)' holds no certificate and key of an authority")
    }
    guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
      throw ReadingFailure("the key in '\(folder)' is not that of its certificate")
    }
    certificatePEM = pem
    notAfter = PointInTime(seconds: Int(certificate.notValidAfter.timeIntervalSince1970))
  }

  /// Makes an authority; one that is there is never replaced.
  package static func create(
    in folder: String, name: String, days: Int, now: PointInTime
  ) throws(ReadingFailure) {
    for file in [certificateFile, keyFile] where SecretFile.exists("\(folder)/\(file)") {
      throw ReadingFailure("'\(folder)/\(file)' is there, and an authority is not replaced")
    }
    let key = P256.Signing.PrivateKey()
    let pem: String
    do {
      let subject = try DistinguishedName { CommonName("\(name) inside authority") }
      let certificate = try Certificate(
        version: .v3, serialNumber: Certificate.SerialNumber(),
        publicKey: Certificate.PublicKey(key.publicKey),
        notValidBefore: date(now.seconds - skew), notValidAfter: date(now.seconds + days * day),
        issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
          SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
        }, issuerPrivateKey: Certificate.PrivateKey(key))
      pem = try certificate.serializeAsPEM().pemString + "\n"
    } catch {
      throw ReadingFailure("the authority's certificate cannot be made: \(error)")
    }
    try SecretFile.write(Array("\(key.pemRepresentation)\n".utf8), to: "\(folder)/\(keyFile)")
    try SecretFile.write(Array(pem.utf8), to: "\(folder)/\(certificateFile)", mode: 0o644)
  }

  /// A certificate for some names and its key, both as PEM.
  package func issue(
    _ names: [String], days: Int, now: PointInTime
  ) throws(ReadingFailure) -> (certificate: String, key: String) {
    let end = now.seconds + days * Self.day
    guard let first = names.first, end <= notAfter.seconds else {
      throw ReadingFailure(
        "the authority ends on \(notAfter.text), before a certificate of \(days) days would")
    }
    let key = P256.Signing.PrivateKey()
    do {
      let certificate = try Certificate(
        version: .v3, serialNumber: Certificate.SerialNumber(),
        publicKey: Certificate.PublicKey(key.publicKey),
        notValidBefore: Self.date(now.seconds - Self.skew), notValidAfter: Self.date(end),
        issuer: self.certificate.subject, subject: try DistinguishedName { CommonName(first) },
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
          try ExtendedKeyUsage([.serverAuth])
          SubjectAlternativeNames(names.map { .dnsName($0) })
          SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
          AuthorityKeyIdentifier(
            keyIdentifier: SubjectKeyIdentifier(hash: self.certificate.publicKey).keyIdentifier)
        }, issuerPrivateKey: Certificate.PrivateKey(self.key))
      return (try certificate.serializeAsPEM().pemString + "\n", key.pemRepresentation + "\n")
    } catch {
      throw ReadingFailure("a certificate for \(first) cannot be made: \(error)")
    }
  }

  /// Whether a pair that was issued before is for these names, ours, whole, and good for a while.
  package func stillServes(
    _ certificate: String, _ key: String, names: [String], days: Int, now: PointInTime
  ) -> Bool {
    guard let leaf = try? Certificate(pemEncoded: certificate),
      let key = try? P256.Signing.PrivateKey(pemRepresentation: key),
      leaf.publicKey == Certificate.PublicKey(key.publicKey),
      self.certificate.publicKey.isValidSignature(leaf.signature, for: leaf),
      let alternatives = try? leaf.extensions.subjectAlternativeNames
    else { return false }
    let covered = Set(alternatives.map { "\($0)" })
    guard names.allSatisfy({ covered.contains("\(GeneralName.dnsName($0))") }) else { return false }
    // Renewed when a third of its time is left.
    let left = Int(leaf.notValidAfter.timeIntervalSince1970) - now.seconds
    return left > days * Self.day / 3
  }

  private static func date(_ seconds: Int) -> Date { .init(timeIntervalSince1970: Double(seconds)) }
}
