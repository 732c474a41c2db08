import FlowrexContract
package import FlowrexMetrics
package import FlowrexStore
package import Ledger
import ServiceContract

/// Writes what a request did into the audit log before it is answered: what cannot be written
/// down is not answered as done. (S18-AUD-01, S18-AUD-02)
package struct AuditNotes: Sendable {
  private let log: any AuditLog
  private let metrics: MetricRegistry
  private let now: @Sendable () -> Timestamp

  package init(
    _ log: any AuditLog, metrics: MetricRegistry, now: @escaping @Sendable () -> Timestamp
  ) {
    self.log = log
    self.metrics = metrics
    self.now = now
  }

  package func note(
    _ action: AuditAction, _ call: Call, actor: String?, subject: String? = nil,
    became: String? = nil
  ) async throws {
    let entry = AuditEntry(
      action, at: now(), actor: actor, subject: subject, requestID: call.requestID,
      address: call.address, became: became)
    do {
      try await log.append(entry)
      metrics.add(to: Flowrex.auditEntries)
    } catch {
      metrics.add(to: Flowrex.auditFailures)
      throw error
    }
  }
}
