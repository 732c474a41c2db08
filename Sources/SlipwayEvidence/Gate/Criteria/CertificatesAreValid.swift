package import SlipwayModel

/// What every edge node shows is trusted, in time, for every public name, and its key is its own.
/// (S18-HS-06, F16)
package struct CertificatesAreValid: Criterion {
  package let id = "edge/certificates-are-valid"
  package let promise = "every edge node has a trusted certificate for every name, 14 days or more"
  package let sources = ["S18-HS-06"]
  /// Not of a first release: the first certificate is issued through the edge that it starts. (F16)
  package let kinds: Set<GateKind> = [.release, .rollback]
  package let seats: Set<GateSeat> = [.cluster]

  /// Renewal begins 30 days before the end; 14 days before it, it has failed for two weeks.
  static let left = Duration.seconds(14 * 86_400)
  private static let fix = "run scripts/certificate renew"

  package init() {}

  package func applies(to expectations: GateExpectations) -> Bool { !expectations.names.isEmpty }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let seen = try evidence.certificates.trusted(
        "the report on certificates", by: question, within: FactAge.now,
        fix: "collect the facts of the cluster")
      let edges = question.expectations.nodes.filter { $0.labels.contains("edge") }.map(\.name)
      let silent = edges.filter { name in !seen.value.contains { $0.node == name } }
      guard silent.isEmpty, !seen.value.isEmpty else {
        return .unproven(
          "no certificate is known of \(silent.isEmpty ? "any edge node" : silent.listed())",
          fix: "collect the facts of the cluster")
      }
      let faults = seen.value.flatMap { self.faults(of: $0, question) }
      guard faults.isEmpty else { return .fail(faults.listed(), fix: Self.fix) }
      let end = seen.value.map(\.notAfter).min() ?? question.now
      return .pass(
        "\(seen.value.count.of("edge node")) with a trusted certificate for "
          + "\(question.expectations.names.count.of("name")), until \(end.text)")
    }
  }

  private func faults(of fact: CertificateFact, _ question: GateQuestion) -> [String] {
    let name = "'\(fact.node)'"
    var faults: [String] = []
    if fact.isSelfSigned {
      faults.append("\(name) has a certificate that vouches for itself")
    } else if !fact.isTrusted {
      faults.append("\(name) has a certificate of an authority that is not trusted here")
    }
    let left = fact.notAfter.since(question.now)
    if fact.notBefore > question.now {
      faults.append("\(name) has a certificate that begins at \(fact.notBefore.text)")
    } else if left <= .zero {
      faults.append("\(name) has a certificate that ended at \(fact.notAfter.text)")
    } else if left < Self.left {
      faults.append(
        "\(name) has a certificate that ends in \(left.spoken); 14 days must be left")
    }
    let bare = question.expectations.names.filter { !fact.covers($0) }
    if !bare.isEmpty { faults.append("\(name) has a certificate without \(bare.listed())") }
    if !fact.keyMatches { faults.append("\(name) has a key that is not its certificate's") }
    return faults
  }
}
