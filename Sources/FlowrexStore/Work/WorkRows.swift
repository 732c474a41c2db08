package import FlowrexContract
package import Ledger

/// What workers share and measure. (S18-ARCH-12)
package protocol WorkRows {
  /// All leases that there are, held by nobody. Those of jobs that only another release knows are
  /// left out: they are its own.
  func leases() throws(StoreFault) -> [JobLease]
  /// A job's lease, held until the transaction ends: it may be renewed meanwhile and not be taken
  /// over. `nil` when nobody ever took it.
  func lease(of job: JobName) throws(StoreFault) -> JobLease?
  /// Writes a lease, if it still is what it was; `nil` is none.
  ///
  /// - Returns: false when another worker was quicker, or when the lease changes hands by it and
  ///   the holder before writes something at this moment.
  func exchange(_ before: JobLease?, for lease: JobLease) throws(StoreFault) -> Bool

  func outboxBacklog() throws(StoreFault) -> OutboxBacklog
  /// How many orders are in each state that is not an end.
  func openOrderCounts() throws(StoreFault) -> [OrderState: Int]
  func pendingApprovals() throws(StoreFault) -> Int
  func openDivergenceCounts() throws(StoreFault) -> [DivergenceKind: Int]
  /// - Returns: how many were forgotten; as many as the limit when there may be more. (C-57)
  func forgetRuns(before moment: Timestamp, limit: Int) throws(StoreFault) -> Int

  func maintenance() throws(StoreFault) -> Maintenance
  func save(_ maintenance: Maintenance) throws(StoreFault)
}
