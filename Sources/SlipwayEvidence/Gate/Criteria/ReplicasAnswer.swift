import SlipwayModel

/// Every replica is asked itself, not a balancer, and says which build it is. (S18-HS-01, C-33)
package struct ReplicasAnswer: Criterion {
  package let id = "health/replicas-answer"
  package let promise = "every replica is healthy and of the build that is recorded"
  package let sources = ["S18-HS-01", "S18-DEP-12"]
  package let kinds: Set<GateKind> = [.release, .rollback]
  package let seats: Set<GateSeat> = [.cluster]
  private static let fix = "see scripts/status; nothing is rolled onto what is ill"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let seen = try evidence.replicas.trusted(
        "the report on replicas", by: question, within: FactAge.now,
        fix: "collect the facts of the cluster")
      // In an emergency our own replicas are what is ill; what they stand on must be well.
      let services = question.expectations.services.filter {
        question.kind != .rollback || !$0.isOurs
      }
      guard let running = question.running else {
        return .unproven(
          "no release is recorded here", fix: "the first release has a gate of its own")
      }
      let faults = services.flatMap { self.faults(of: $0, seen.value, running.commit) }
      guard faults.isEmpty else { return .fail(faults.listed(), fix: Self.fix) }
      let names = Set(services.map(\.name))
      let count = seen.value.filter { names.contains($0.service) }.count
      let build = question.kind == .rollback ? "" : " of build \(running.commit.shortCommit)"
      return .pass("\(count.of("replica")) of \(services.count.of("service")) healthy\(build)")
    }
  }

  private func faults(
    of service: ServiceExpectation, _ replicas: [ReplicaFact], _ build: String
  ) -> [String] {
    let own = replicas.filter { $0.service == service.name }
    let healthy = own.filter(\.isHealthy)
    let wanted = service.replicas ?? max(1, own.count)
    var faults: [String] = []
    if healthy.count < wanted {
      faults.append("'\(service.name)' has \(healthy.count) healthy of \(wanted.of("replica"))")
    }
    guard service.isOurs else { return faults }
    let others = Set(healthy.map { $0.build?.shortCommit ?? "no build" })
      .subtracting([build.shortCommit]).sorted()
    if !others.isEmpty {
      faults.append("'\(service.name)' runs \(others.listed()), not \(build.shortCommit)")
    }
    return faults
  }
}
