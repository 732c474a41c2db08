import SlipwayModel

/// Every service that would be deployed has limits, whoever edited the stack last. (S18-HS-09)
package struct LimitsAreSet: Criterion {
  package let id = "capacity/limits-are-set"
  package let promise = "every service of the stack has limits of processors and memory"
  package let sources = ["S18-HS-09", "S18-CL-CON-05"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let stack = try evidence.stack.trusted(
        "the stack", by: question, within: FactAge.now, fix: StackFault.fix
      ).value
      let faults = stack.services.filter { !$0.unlimited.isEmpty }.map {
        "'\($0.name)' has no limit of \($0.unlimited.listed())"
      }
      guard faults.isEmpty else { return .fail(faults.listed(), fix: StackFault.fix) }
      return .pass("\(stack.services.count.of("service")) with limits")
    }
  }
}
