package import Slipway
package import SlipwayDiagnostics

/// What people let pass. Nothing here knows the day: what is generated must not depend on it; who
/// knows it asks ``expired(on:)``.
package struct Waivers: Sendable {
  private let waivers: [Waiver]

  package init(_ waivers: [Waiver]) { self.waivers = waivers }

  /// The findings, with those that somebody lets pass turned into warnings that say so.
  func applied(to findings: [Finding]) -> [Finding] {
    findings.map { finding in
      guard finding.severity == .error,
        let waiver = waivers.first(where: { $0.covers(finding) })
      else { return finding }
      return finding.waived(by: waiver.note)
    }
  }

  /// Waivers that let nothing pass, of those that these findings could have used.
  ///
  /// - Parameters:
  ///   - findings: What was found, after ``applied(to:)``.
  ///   - names: The environments that were looked at; the empty one stands for all together.
  func idle(after findings: [Finding], in names: Set<String>, known: Set<String>) -> [Finding] {
    let borne = findings.filter { $0.waiver != nil }
    return waivers.filter { waiver in
      let place = waiver.environment ?? ""
      let couldBeUsed = names.contains(place) || names.contains("") && !known.contains(place)
      let isUsed = borne.contains { $0.waiver == waiver.note && waiver.covers($0) }
      return couldBeUsed && !isUsed
    }.map { waiver in
      finding(
        "waivers/are-used", .idle(waiver), waiver.origin,
        why: "a waiver that lets nothing pass today lets something pass tomorrow, unseen",
        fix: "delete the waiver")
    }
  }

  /// Waivers that do not say what they must.
  package var incomplete: [Finding] {
    waivers.flatMap { waiver -> [Finding] in
      var messages: [(String, String)] = []
      if waiver.reason.allSatisfy(\.isWhitespace) { messages.append((.silent(waiver), "because")) }
      if waiver.owner.allSatisfy(\.isWhitespace) { messages.append((.orphan(waiver), "owner")) }
      if !waiver.until.exists { messages.append((.never(waiver), "until")) }
      return messages.map { message, argument in
        finding(
          "waivers/are-complete", message, waiver.origin.at(argument),
          why: "a promise is broken on purpose only by somebody, for a reason, for a time",
          fix: "write the reason, who answers for it, and the last day on which it holds")
      }
    }
  }

  /// Waivers whose last day is over. The day is given by whoever has a clock.
  package func expired(on today: Day) -> [Finding] {
    waivers.filter { $0.until.exists && $0.until < today }.map { waiver in
      finding(
        "waivers/are-in-force", .over(waiver), waiver.origin.at("until"),
        why: "what was borne for a time is borne for ever, if nobody looks again",
        fix: "keep the promise and delete the waiver, or let its owner decide anew")
    }
  }

  private func finding(
    _ rule: String, _ message: String, _ origin: Origin, why: String, fix: String
  ) -> Finding {
    Finding(
      rule: rule, message: message, written: [origin], label: "waived here", why: why, fix: fix)
  }
}

extension Waiver {
  /// A rule over all environments has no environment of its own.
  fileprivate func covers(_ finding: Finding) -> Bool {
    finding.rule == rule.id && finding.environment == (environment ?? "")
  }

  fileprivate var place: String { environment.map { " in '\($0)'" } ?? "" }
}

extension String {
  fileprivate static func idle(_ waiver: Waiver) -> String {
    "the waiver of \(waiver.rule.id)\(waiver.place) lets nothing pass"
  }
  fileprivate static func silent(_ waiver: Waiver) -> String {
    "the waiver of \(waiver.rule.id)\(waiver.place) gives no reason"
  }
  fileprivate static func orphan(_ waiver: Waiver) -> String {
    "the waiver of \(waiver.rule.id)\(waiver.place) has no owner"
  }
  fileprivate static func never(_ waiver: Waiver) -> String {
    "the waiver of \(waiver.rule.id)\(waiver.place) ends on \(waiver.until.text), which is no day"
  }
  fileprivate static func over(_ waiver: Waiver) -> String {
    "the waiver of \(waiver.rule.id)\(waiver.place) ended on \(waiver.until.text)"
  }
}
