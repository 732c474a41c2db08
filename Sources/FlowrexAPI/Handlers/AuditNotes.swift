package import FlowrexAuth
import FlowrexContract
package import FlowrexMetrics
package import FlowrexStore
import HTTPTypes
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
    status: Int? = nil, became: String? = nil
  ) async throws {
    let entry = AuditEntry(
      action, at: now(), actor: actor, subject: subject, from: call.occasion, status: status,
      became: became)
    do {
      try await log.append(entry)
      metrics.add(to: Flowrex.auditEntries)
    } catch {
      metrics.add(to: Flowrex.auditFailures)
      throw error
    }
  }

  /// The same, until a moment.
  func note(
    _ action: AuditAction, _ call: Call, actor: String?, status: Int? = nil,
    until end: ContinuousClock.Instant
  ) async throws {
    try await Deadline.run(until: end, or: .late) {
      try await note(action, call, actor: actor, status: status)
    }
  }

  /// Writes a request down before `work` is done, and its answer before that is given.
  ///
  /// What cannot be written down before is not done. What was done and cannot be written down is
  /// answered with "nobody knows", or with the fault where nothing can have changed.
  package func noting(
    _ call: Call, by person: AccessToken, until end: ContinuousClock.Instant,
    _ work: () async throws -> Answer
  ) async throws -> Answer {
    try await note(.requested, call, actor: person.subject, until: end)
    let outcome: Result<Answer, any Error>
    do {
      outcome = .success(try await work())
    } catch {
      outcome = .failure(error)
    }
    let status =
      switch outcome {
      case .success(let answer): answer.status
      case .failure(let error): Problem.status(of: error)
      }
    do {
      // A request that used up its time is told so, and that is written down all the same.
      try await note(
        .answered, call, actor: person.subject, status: status.code,
        until: max(end, .now + Self.least))
    } catch  where call.route.isWrite {
      throw Problem.unknown
    }
    return try outcome.get()
  }

  /// So long the entry about an answer may take in any case.
  private static let least = Duration.seconds(1)

  /// Whether a request stands in the log: one that may change something, or that is made in an
  /// administrator's role. What people read of their own is in the service's log only: it is most
  /// of the traffic, and a chain that every glance lengthens shows nothing any more.
  /// (S18-AUD-01, decision 30)
  package static func isNoted(_ handler: RouteHandler, by person: AccessToken) -> Bool {
    let reads: [Route.Method] = [.get, .webSocket]
    return !handler.notesItself
      && (person.role == .admin || !reads.contains(handler.route.method))
  }
}
