import ServiceContract
import SlipwayModel

/// What the gate says: a ruling for each condition, and the decision that follows.
package struct GateReport: Sendable {
  package struct Line: Sendable {
    package let id: String
    package let promise: String
    package let sources: [String]
    package let ruling: Ruling
  }
  package let question: GateQuestion
  package let lines: [Line]
  /// Conditions of this gate that only the cluster can answer, when a runner asks.
  package let later: [String]

  /// Every condition is judged, whatever the others say: people mend all at once.
  package init(_ question: GateQuestion, _ evidence: EvidenceSet) {
    self.question = question
    lines = Criteria.asked(question).map { criterion in
      Line(
        id: criterion.id, promise: criterion.promise, sources: criterion.sources,
        ruling: criterion.judge(evidence, question))
    }
    later = Criteria.all.filter { criterion in
      criterion.kinds.contains(question.kind) && !criterion.seats.contains(question.seat)
        && criterion.applies(to: question.expectations)
    }.map(\.id)
  }

  package func count(_ verdict: Verdict) -> Int {
    lines.filter { $0.ruling.verdict == verdict }.count
  }

  /// What is not proven counts as failed wherever people depend on it. (S17-HS-10)
  package var passes: Bool {
    // A gate that asks nothing is broken, not content.
    guard !lines.isEmpty, count(.fail) == 0 else { return false }
    // A commit is in no environment yet, so none of them may be lenient with it.
    let isLenient = !question.expectations.stage.isDeployed && question.kind != .commit
    return count(.unproven) == 0 || isLenient
  }

  /// The last line of every output.
  package var decision: String {
    let count = lines.count.of("condition")
    let left = later.isEmpty ? "" : "; the cluster is asked \(later.count) more"
    let unproven = self.count(.unproven)
    guard passes else {
      return "refused: \(self.count(.fail)) failed and \(unproven) unproven of \(count). "
        + "Nothing can be skipped."
    }
    let open = unproven > 0 ? ", \(unproven) of them unproven, as development allows" : ""
    return "passed: \(count) hold\(lines.count == 1 ? "s" : "")\(open)\(left)."
  }

  /// `gate of prod: release 0123456789ab, asked on the cluster`.
  package var heading: String {
    let what =
      switch question.kind {
      case .commit: "commit"
      case .release: "release"
      case .firstRelease: "first release"
      case .rollback: "rollback to"
      }
    let place = question.seat == .cluster ? "on the cluster" : "by the delivery"
    let commit = question.record.commit.shortCommit
    return "gate of \(question.expectations.environment): \(what) \(commit), asked \(place) at "
      + question.now.text
  }
}
