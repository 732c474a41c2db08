import ServiceContract
import SlipwayModel

/// Every machine is what the specification says, and does what a stack cannot ask for. (F2)
package struct NodesAreFit: Criterion {
  package let id = "cluster/nodes-are-fit"
  package let promise = "every declared node is ready, large enough, labelled and hardened"
  package let sources = ["S17-HS-10", "S18-HS-09"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.cluster]
  private static let fix = "mend the node, then let the facts be collected anew"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let seen = try evidence.nodes.trusted(
        "the report on nodes", by: question, within: FactAge.now,
        fix: "collect the facts of the cluster")
      let expected = question.expectations.nodes
      let faults = expected.flatMap { node in
        guard let fact = seen.value.first(where: { $0.name == node.name }) else {
          return ["'\(node.name)' is not in the cluster"]
        }
        return self.faults(of: fact, node)
      }
      guard faults.isEmpty else { return .fail(faults.listed(), fix: Self.fix) }
      return .pass("\(expected.count.of("node")) ready, large enough, labelled and hardened")
    }
  }

  private func faults(of fact: NodeFact, _ node: NodeExpectation) -> [String] {
    let name = "'\(node.name)'"
    var faults: [String] = []
    if !fact.isReady || !fact.isActive { faults.append("\(name) takes no work") }
    if fact.isManager != node.isManager {
      faults.append("\(name) is \(fact.isManager ? "a manager" : "no manager")")
    }
    let missing = node.labels.filter { !fact.labels.contains($0) }
    if !missing.isEmpty { faults.append("\(name) lacks the label \(missing.listed())") }
    if fact.milliCPUs < node.milliCPUs {
      faults.append("\(name) has \(fact.milliCPUs) of \(node.milliCPUs) thousandths of a CPU")
    }
    // A machine of 16 GiB reports a little less: its kernel keeps some for itself.
    if fact.memory.bytes < node.memory.bytes / 100 * 95 {
      faults.append(
        "\(name) has \(fact.memory.bytes >> 20) of \(node.memory.bytes >> 20) MiB of memory")
    }
    if fact.platform != node.platform {
      faults.append("\(name) is \(fact.platform), not \(node.platform)")
    }
    if !fact.keepsPrivileges {
      faults.append("\(name) lets processes gain privileges (no-new-privileges is not set)")
    }
    if !fact.isInTime { faults.append("\(name) has a clock that nobody sets") }
    return faults
  }
}
