import Crypto
package import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
import ServiceContract

/// Which build this process is, in the gauge that every process has. (C-33, S17-VAR-05)
package enum BuildFacts {
  /// Sets the gauge; it does not change while the process lives.
  package static func state(_ process: ProcessSettings, in metrics: MetricRegistry) {
    metrics.set(
      Flowrex.buildInfo, to: 1, .of(\.version, process.version), .of(\.commit, process.commit),
      .of(\.contract, contractDigest))
  }

  /// The digest of the contract that this process was built with. (engine fact F13)
  private static var contractDigest: String {
    SHA256.hash(data: Array(Contract.flowrex.agreement.utf8)).map { byte in
      String(UInt16(byte) | 0x100, radix: 16).dropFirst()
    }.joined()
  }
}
