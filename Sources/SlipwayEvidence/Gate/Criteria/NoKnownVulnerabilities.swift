import ServiceContract
import SlipwayModel

/// Nothing high or critical is known about what goes out: sources and every image, each scanned.
/// Where no fixed version exists, a signed and dated statement may say why it does not matter.
/// (S17-HS-04, S18-HS-03, F14)
package struct NoKnownVulnerabilities: Criterion {
  package let id = "supply/no-known-vulnerabilities"
  package let promise = "no high or critical vulnerability is known in the sources or any image"
  package let sources = ["S17-HS-04", "S18-HS-03", "S18-HS-07", "S17-GATE-07"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]

  /// Images may wait a week on the environment before this one; what is known grows every day.
  static let age = Duration.seconds(7 * 86_400)
  /// After this somebody has to look again.
  static let statementAge = Duration.seconds(90 * 86_400)
  /// The role that may sign a statement. (S04-SIGN-01)
  static let role = "security"
  private static let scan = "scan the sources and every image of this commit"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    var usable: [ScanReport] = []
    for sight in evidence.scans {
      switch sight {
      case .missing(let what): return .fail(what, fix: Self.scan)
      case .unreadable(let why):
        return .fail("a scanner's report cannot be read: \(why)", fix: Self.scan)
      case .seen(let seen):
        if let doubt = question.doubt(
          seen, "the report of '\(seen.source)'", of: question.record.commit, within: Self.age,
          fix: Self.scan)
        {
          return doubt
        }
        usable += seen.value
      }
    }
    if let gap = gap(usable, question) { return gap }
    var (open, covered) = (Set<String>(), Set<String>())
    for report in usable {
      for finding in report.findings where finding.severity.stops {
        let names = products(of: report, question)
        if isCovered(finding, names, evidence.statements, question) {
          covered.insert(finding.id)
        } else {
          open.insert(finding.words)
        }
      }
    }
    guard open.isEmpty else {
      let useless = evidence.statements.compactMap { sight -> String? in
        if case .unreadable(let why) = sight { why } else { nil }
      }
      let reason = useless.isEmpty ? "" : "; what cannot be used: \(useless.listed(2))"
      return .fail(
        "\(open.count.of("finding")) high or critical: \(open.sorted().listed())\(reason)",
        fix: "take the fixed version; where there is none, \(Self.role) signs a VEX statement")
    }
    let accepted =
      covered.isEmpty ? "" : "; accepted with a statement: \(covered.sorted().listed())"
    return .pass(
      "\(usable.count.of("scan")) of sources and \(question.record.images.count.of("image")) "
        + "found nothing high or critical\(accepted)")
  }

  /// What nobody scanned. A scanner that did not run has not found nothing. (C-43)
  private func gap(_ reports: [ScanReport], _ question: GateQuestion) -> Ruling? {
    var missing = question.record.images.filter { image in
      !reports.contains { $0.digests.contains(image.digest) }
    }.map(\.variable)
    if !reports.contains(where: \.digests.isEmpty) { missing.insert("the sources", at: 0) }
    return missing.isEmpty ? nil : .fail("nobody scanned \(missing.listed())", fix: Self.scan)
  }

  /// What a statement must be about, to be about this report.
  private func products(of report: ScanReport, _ question: GateQuestion) -> Set<String> {
    guard !report.digests.isEmpty else {
      return ["pkg:generic/\(question.expectations.project.lowercased())"]
    }
    var names: Set<String> = []
    for image in question.record.images where report.digests.contains(image.digest) {
      let name = image.reference.split(separator: "@")[0].split(separator: "/").last ?? ""
      names.insert("pkg:oci/\(name)")
      names.insert("pkg:oci/\(name)@\(image.digest)")
    }
    return names
  }

  private func isCovered(
    _ finding: ScanReport.Finding, _ products: Set<String>,
    _ statements: [Sight<VEXDocument>], _ question: GateQuestion
  ) -> Bool {
    // What can be fixed is fixed, not explained. (F14)
    guard (finding.fixedIn ?? "").isEmpty else { return false }
    return statements.contains { sight in
      guard case .seen(let seen) = sight else { return false }
      return seen.value.statements.contains { statement in
        let age = question.now.since(statement.made)
        return statement.vulnerabilities.contains(finding.id)
          && statement.status == .notAffected && age <= Self.statementAge
          && age >= .zero - GateQuestion.skew
          && statement.products.contains { products.contains($0.bareProduct) }
      }
    }
  }
}

extension ScanReport.Finding {
  /// `CVE-2026-1234 in libssl3, fixed in 3.0.3`
  var words: String {
    let fixed = (fixedIn ?? "").isEmpty ? "" : ", fixed in \(fixedIn ?? "")"
    return component.isEmpty ? "\(id)\(fixed)" : "\(id) in \(component)\(fixed)"
  }
}

extension String {
  /// A package URL without its qualifiers, its digest as people write it.
  fileprivate var bareProduct: String {
    String(prefix { $0 != "?" && $0 != "#" }).replacing("sha256%3A", with: "sha256:")
  }
}
