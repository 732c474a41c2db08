import ServiceContract
package import SlipwayModel

/// What would be deployed runs without a debug switch, whoever edited it last. (S17-HS-06)
package struct DebugIsOff: Criterion {
  package let id = "configuration/debug-is-off"
  package let promise = "no service of the stack runs with a debug setting"
  package let sources = ["S17-HS-06", "C-22"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]

  package init() {}

  /// In development it may.
  package func applies(to expectations: GateExpectations) -> Bool { expectations.stage.isDeployed }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let stack = try evidence.stack.trusted(
        "the stack", by: question, within: FactAge.now, fix: StackFault.fix
      ).value
      let faults = stack.services.filter { !$0.debugging.isEmpty }.map {
        "'\($0.name)' would run with \($0.debugging.listed())"
      }
      guard faults.isEmpty else { return .fail(faults.listed(), fix: StackFault.fix) }
      return .pass("\(stack.services.count.of("service")) without a debug setting")
    }
  }
}

enum StackFault {
  static let fix = "deploy the files that were generated; edit the specification, not them"
}
