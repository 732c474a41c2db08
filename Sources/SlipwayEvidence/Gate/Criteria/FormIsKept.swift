import ServiceContract
import SlipwayModel

/// Linters looked at the sources of this commit and had nothing to say. One that did not look has
/// not passed. (S17-GATE-08, C-43)
package struct FormIsKept: Criterion {
  package let id = "sources/keep-their-form"
  package let promise = "linters looked at every source of this commit and found nothing"
  package let sources = ["S17-GATE-08", "C-43"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]
  private static let fix = "run the linters on this commit: make lint"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    switch evidence.form {
    case .missing(let what): return .fail(what, fix: Self.fix)
    case .unreadable(let why):
      return .fail("the linters' report cannot be read: \(why)", fix: Self.fix)
    case .seen(let seen):
      if let doubt = question.doubt(
        seen, "the linters' report", of: question.record.commit, within: TestsPass.age,
        fix: Self.fix)
      {
        return doubt
      }
      let checks = seen.value.checks
      guard !checks.isEmpty else { return .fail("no linter looked at anything", fix: Self.fix) }
      if let blind = checks.first(where: { $0.files < 1 }) {
        return .fail("'\(blind.name)' looked at no file", fix: Self.fix)
      }
      let found = checks.filter { $0.findings != 0 }
      guard found.isEmpty else {
        return .fail(
          "linters have something to say: \(found.map(\.name).listed())",
          fix: "mend what make lint says")
      }
      let files = checks.reduce(0) { $0.saturatingPlus($1.files) }
      return .pass("\(checks.count.of("linter")) found nothing in \(files.of("file"))")
    }
  }
}
