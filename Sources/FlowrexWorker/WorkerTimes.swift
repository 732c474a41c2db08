package import Ledger

/// How often a worker does what. (S18-ARCH-12)
package struct WorkerTimes: Hashable, Sendable {
  /// The key `RECONCILIATION_INTERVAL_SECONDS`.
  package var reconciliation: Span
  /// The key `RECONCILIATION_BATCH_SIZE`.
  package var reconciliationBatch: Int
  /// The key `OUTBOX_INTERVAL_SECONDS`.
  package var outbox: Span
  /// The key `OUTBOX_BATCH_SIZE`.
  package var outboxBatch: Int
  /// The key `GUARD_INTERVAL_SECONDS`.
  package var guards: Span
  /// The key `APPROVAL_EXPIRY_INTERVAL_SECONDS`.
  package var approvals: Span
  /// The key `RETENTION_INTERVAL_SECONDS`.
  package var retention: Span
  /// The key `LEADER_LOCK_SECONDS`.
  package var leaderLock: Span

  package init(
    reconciliation: Span, reconciliationBatch: Int, outbox: Span, outboxBatch: Int,
    guards: Span, approvals: Span, retention: Span, leaderLock: Span
  ) {
    self.reconciliation = reconciliation
    self.reconciliationBatch = reconciliationBatch
    self.outbox = outbox
    self.outboxBatch = outboxBatch
    self.guards = guards
    self.approvals = approvals
    self.retention = retention
    self.leaderLock = leaderLock
  }
}
