package import SlipwayModel

/// Prometheus reaches everything that it should watch. (S18-HS-08)
package struct TargetsAreUp: Criterion {
  package let id = "monitoring/targets-are-up"
  package let promise = "Prometheus reaches every target of every job"
  package let sources = ["S18-HS-08"]
  package let kinds: Set<GateKind> = [.release]
  package let seats: Set<GateSeat> = [.cluster]

  package init() {}

  package func applies(to expectations: GateExpectations) -> Bool { !expectations.scrapes.isEmpty }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let seen = try evidence.targets.trusted(
        "the answer of Prometheus", by: question, within: FactAge.now,
        fix: "collect the facts of the cluster")
      var faults: [String] = []
      for scrape in question.expectations.scrapes {
        let own = seen.value.filter { $0.job == scrape.job }
        let up = own.filter(\.isUp)
        // A target that is gone is not down, it is not there: so they are counted. (F10)
        let wanted = max(scrape.targets ?? 1, own.count)
        if up.count < wanted { faults.append("'\(scrape.job)' has \(up.count) of \(wanted) up") }
      }
      guard faults.isEmpty else {
        return .fail(faults.listed(), fix: "what nobody watches is not deployed: mend the target")
      }
      return .pass(
        "\(seen.value.filter(\.isUp).count.of("target")) of "
          + "\(question.expectations.scrapes.count.of("job")) up")
    }
  }
}
