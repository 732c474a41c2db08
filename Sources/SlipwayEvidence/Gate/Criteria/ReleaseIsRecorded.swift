import SlipwayModel

/// The release names an image by digest for everything that we build, and nothing else. (F13)
package struct ReleaseIsRecorded: Criterion {
  package let id = "release/is-recorded"
  package let promise = "the release record names every image that we build, by digest"
  package let sources = ["S17-HS-10"]
  package let kinds: Set<GateKind> = [.release, .firstRelease, .rollback]
  package let seats: Set<GateSeat> = [.delivery, .cluster]
  private static let fix = "take the record that the build wrote"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    let record = question.record
    var wanted: [String] = []
    for image in question.expectations.images {
      if case .release(let name) = image.origin, !wanted.contains(name) { wanted.append(name) }
    }
    let missing = wanted.filter { name in !record.images.contains { $0.variable == name } }
    guard missing.isEmpty else {
      return .fail("the record names no image for \(missing.listed())", fix: Self.fix)
    }
    guard
      record.created <= question.now || question.kind == .rollback
        || record.created.since(question.now) <= GateQuestion.skew
    else {
      return .unproven(
        "the record was made in the future, at \(record.created.text)",
        fix: "set the clock of the machine that made it")
    }
    switch question.kind {
    case .commit, .release: break
    case .firstRelease:
      if let running = question.running {
        return .fail(
          "release \(running.commit.shortCommit) runs here, so this is not the first",
          fix: "ask for --kind release")
      }
    case .rollback:
      guard evidence.kept == record else {
        return .fail(
          "release \(record.commit.shortCommit) was never verified here, so nobody goes back to it",
          fix: "go back to a release that is kept under 'releases'")
      }
    }
    return .pass(
      "commit \(record.commit.shortCommit), \(record.images.count.of("image")) by digest")
  }
}
