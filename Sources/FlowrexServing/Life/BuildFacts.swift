import Crypto
package import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
import ServiceContract

extension MetricRegistry {
  /// Which build this process is, and with which contract it was built. (C-33, engine fact F13)
  package func stateBuild(_ process: ProcessSettings) {
    let digest = SHA256.hash(data: Array(Contract.flowrex.agreement.utf8)).map { byte in
      String(UInt16(byte) | 0x100, radix: 16).dropFirst()
    }.joined()
    set(
      Flowrex.buildInfo, to: 1, .of(\.version, process.version), .of(\.commit, process.commit),
      .of(\.contract, digest))
  }
}
