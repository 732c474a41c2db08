import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// S18-HS-06: what edge nodes show to the world, with certificates that OpenSSL made.
struct CertificateTests {
  private static let day = 86_400
  private static func fact(_ change: (inout CertificateFact) -> Void = { _ in }) -> CertificateFact
  {
    var fact = CertificateFact(
      node: "edge-1", names: ["shop.example", "*.shop.example"],
      notBefore: Scene.ago(hours: 24), notAfter: Scene.ago(hours: -24 * 60))
    change(&fact)
    return fact
  }

  private func ruling(
    _ sight: Sight<[CertificateFact]>, names: [String] = ["shop.example", "api.shop.example"]
  ) -> Ruling {
    var scene = Scene()
    scene.expectations.names = names
    scene.expectations.nodes = [
      NodeExpectation(
        name: "edge-1", isManager: true, labels: ["edge"], milliCPUs: 1, memory: .gibibytes(1),
        platform: "linux/amd64")
    ]
    scene.evidence.certificates = sight
    return scene.judge(CertificatesAreValid())
  }

  private func says(_ change: (inout CertificateFact) -> Void) -> String {
    let ruling = ruling(.fresh([Self.fact(change)], of: .none, at: Scene.noon))
    #expect(ruling.verdict == .fail)
    #expect(ruling.fix == "run scripts/certificate renew")
    return ruling.seen
  }

  @Test(.covers("S18-CL-INF-03", "S04-NET-01", "S18-POST-07"))
  func `a trusted certificate in time for every name passes`() {
    #expect(
      ruling(.fresh([Self.fact()], of: .none, at: Scene.noon))
        == .pass(
          "1 edge node with a trusted certificate for 2 names, until 2027-01-20T12:00:00Z"))
  }

  @Test func `whatever is wrong with one is said`() {
    #expect(
      says { $0.isSelfSigned = true } == "'edge-1' has a certificate that vouches for itself")
    #expect(
      says { $0.isTrusted = false }
        == "'edge-1' has a certificate of an authority that is not trusted here")
    #expect(
      says { $0.notAfter = Scene.ago(hours: 1) }
        == "'edge-1' has a certificate that ended at 2026-11-21T11:00:00Z")
    #expect(
      says { $0.notAfter = Scene.ago(hours: -24 * 13) }
        == "'edge-1' has a certificate that ends in 13 days; 14 days must be left")
    #expect(
      says { $0.notBefore = Scene.ago(hours: -1) }
        == "'edge-1' has a certificate that begins at 2026-11-21T13:00:00Z")
    #expect(
      says { $0.names = ["shop.example"] }
        == "'edge-1' has a certificate without api.shop.example")
    #expect(
      says { $0.keyMatches = false } == "'edge-1' has a key that is not its certificate's")
  }

  @Test func `fourteen days are enough, and an edge node that says nothing is not`() {
    let exactly = Self.fact { $0.notAfter = Scene.ago(hours: -24 * 14) }
    #expect(ruling(.fresh([exactly], of: .none, at: Scene.noon)).verdict == .pass)
    let other = Self.fact { $0.node = "edge-2" }
    #expect(
      ruling(.fresh([other], of: .none, at: Scene.noon))
        == .unproven(
          "no certificate is known of edge-1", fix: "collect the facts of the cluster"))
    #expect(
      ruling(.missing("the report on certificates is missing: there is no 'a'"))
        == .unproven(
          "the report on certificates is missing: there is no 'a'",
          fix: "collect the facts of the cluster"))
  }

  @Test func `a wildcard stands for one label`() {
    let fact = Self.fact { $0.names = ["*.shop.example"] }
    #expect(fact.covers("api.shop.example") && fact.covers("API.Shop.Example"))
    #expect(!fact.covers("a.b.shop.example") && !fact.covers("shop.example"))
  }

  // MARK: Real certificates

  /// An authority, a certificate of it, and one that vouches for itself.
  private static func make(in folder: TemporaryFolder) async throws {
    let script = """
      set -e
      cd "$1"
      openssl ecparam -name prime256v1 -genkey -noout -out ca.key
      openssl req -x509 -new -key ca.key -days 3650 -subj '/CN=Authority' -out ca.pem \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
      openssl ecparam -name prime256v1 -genkey -noout -out leaf.key
      openssl req -new -key leaf.key -subj '/CN=shop.example' -out leaf.csr
      printf 'subjectAltName=DNS:shop.example,DNS:www.shop.example\\n' >leaf.ext
      printf 'extendedKeyUsage=serverAuth\\n' >>leaf.ext
      openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 90 -extfile leaf.ext \
        -set_serial 7 -out leaf.pem
      openssl req -x509 -new -key leaf.key -days 90 -subj '/CN=shop.example' -out self.pem \
        -addext subjectAltName=DNS:shop.example
      openssl pkey -in leaf.key -pubout -outform DER | sha256sum | cut -d ' ' -f 1 >leaf.digest
      openssl pkey -in ca.key -pubout -outform DER | sha256sum | cut -d ' ' -f 1 >ca.digest
      """
    let made = try await Tool.run("busybox", ["sh", "-c", script, "sh", folder.path])
    guard made.status == 0 else { throw Unexpected(what: "\(made)") }
  }

  @Test func `chains are looked at as OpenSSL made them`() async throws {
    try await withTemporaryFolder { folder in
      try await Self.make(in: folder)
      func text(_ name: String) throws -> String { try folder.read(name) }
      let digest = try text("leaf.digest").trimmingCharacters(in: .newlines)
      let other = try text("ca.digest").trimmingCharacters(in: .newlines)
      func fact(_ chain: String, key: String, roots: String?) async throws -> CertificateFact {
        let report = CertificateReport(
          edges: [.init(node: "edge-1", chain: try text(chain), key: key)])
        let facts = try await report.facts(authorities: roots, now: Asking.now)
        return try #require(facts.first)
      }
      let authority = try text("ca.pem")
      let good = try await fact("leaf.pem", key: digest, roots: authority)
      #expect(good.names == ["shop.example", "www.shop.example"])
      #expect(good.isTrusted && !good.isSelfSigned && good.keyMatches)
      let left = good.notAfter.since(Asking.now)
      #expect(left > .seconds(89 * Self.day) && left < .seconds(91 * Self.day))
      #expect(try await !fact("leaf.pem", key: other, roots: authority).keyMatches)
      #expect(try await !fact("leaf.pem", key: digest, roots: nil).isTrusted)
      let own = try await fact("self.pem", key: digest, roots: try text("self.pem"))
      #expect(own.isSelfSigned)
    }
  }

  @Test func `what is no chain is refused`() async throws {
    for text in ["", "MIIB", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
      let report = CertificateReport(edges: [.init(node: "e", chain: text, key: "")])
      do throws(ReadingFailure) {
        _ = try await report.facts(authorities: nil, now: Scene.noon)
        Issue.record("taken: \(text)")
      } catch {
        #expect(error.clause.hasPrefix("the chain of 'e'"), "\(error.clause)")
      }
    }
  }
}
