package import FlowrexContract
package import FlowrexStore
package import FlowrexTrading
package import Ledger
import Synchronization

/// Which jobs this worker does: of several workers one does a job at a time, and a dead one's jobs
/// are another's within the lock's time. (S18-ARCH-12)
///
/// No clock is compared with another: a holder counts its renewals in the store, and gives a job up
/// by itself when it could not renew for three fifths of the lock's time; who sees a count stand
/// still for as long, by a clock of its own, takes the job over. It has seen the count later than
/// it was written, so it takes over later than the holder gave up. Renewing and looking come five
/// times in the lock's time, which leaves one for chance.
package final class Leadership: Sendable {
  /// A time during which this worker does a job.
  package struct Term: Hashable, Sendable {
    package let job: JobName
    /// What other terms of the job do not have.
    package let fence: Int64
  }

  fileprivate struct Held {
    var lease: JobLease
    /// By our clock; not at this moment any more.
    var until: Timestamp
  }

  fileprivate struct Seen {
    let lease: JobLease
    let since: Timestamp
  }

  fileprivate struct State {
    var held: [JobName: Held] = [:]
    var seen: [JobName: Seen] = [:]
  }

  private let store: any Store
  private let holder: UInt128
  private let clock: any DeskClock
  /// How long a count is believed.
  private let trust: Span
  /// Between two renewals.
  package let period: Span
  private let state = Mutex(State())

  /// - Parameters:
  ///   - holder: names this worker; drawn anew at each start.
  ///   - clock: one that never goes back.
  ///   - lock: the key `LEADER_LOCK_SECONDS`.
  package init(
    _ store: any Store, as holder: UInt128, clock: any DeskClock, lock: Span
  ) {
    self.store = store
    self.holder = holder
    self.clock = clock
    trust = Span(microseconds: lock.microseconds / 5 * 3)
    period = Span(microseconds: max(1, lock.microseconds / 5))
  }

  /// The term that this worker is in, if it does the job now.
  package func term(of job: JobName) -> Term? {
    let now = clock.now()
    return state.withLock { state in
      guard let held = state.held[job], now < held.until else { return nil }
      return Term(job: job, fence: held.lease.fence)
    }
  }

  /// Says that this worker is there, and takes what nobody holds.
  package func renew() async throws {
    let asked = clock.now()
    let (before, holder, trust) = (state.withLock { $0 }, holder, trust)
    let (found, won) = try await store.transact { rows in
      let found = Dictionary(uniqueKeysWithValues: try rows.leases().map { ($0.job, $0) })
      var won: [JobLease] = []
      // In one order, so that no two workers wait for each other.
      for job in JobName.allCases {
        let lease = found[job]
        guard let next = before.next(job, lease, holder, trust, at: asked) else { continue }
        if try rows.exchange(lease, for: next) { won.append(next) }
      }
      return (found, won)
    }
    let heard = clock.now()
    state.withLock { state in
      for lease in won { state.held[lease.job] = Held(lease: lease, until: asked.adding(trust)) }
      let mine = Set(won.map(\.job))
      for job in JobName.allCases where !mine.contains(job) {
        state.held[job] = nil
        guard let lease = found[job] else { continue }
        if state.seen[job]?.lease != lease {
          // Seen now, however long ago it was written.
          state.seen[job] = Seen(lease: lease, since: heard)
        }
      }
    }
  }

  /// Gives back what this worker holds, so that nobody has to wait for it.
  package func resign() async throws {
    let held = state.withLock { state in
      defer { state.held = [:] }
      return state.held.values.map(\.lease).sorted { $0.job.rawValue < $1.job.rawValue }
    }
    guard !held.isEmpty else { return }
    try await store.transact { rows in
      for lease in held {
        var next = lease
        next.holder = nil
        next.renewal += 1
        _ = try rows.exchange(lease, for: next)
      }
    }
  }
}

extension Leadership.State {
  /// What this worker writes of a job; `nil` when it is another's.
  fileprivate func next(
    _ job: JobName, _ lease: JobLease?, _ holder: UInt128, _ trust: Span, at now: Timestamp
  ) -> JobLease? {
    guard let lease else { return JobLease(job, holder: holder, fence: 1, renewal: 1) }
    // What was written of this worker's own last renewal may have been lost on the way back.
    if lease.holder == holder {
      return JobLease(job, holder: holder, fence: lease.fence, renewal: lease.renewal + 1)
    }
    let isGone = seen[job].map { $0.lease == lease && now.since($0.since) >= trust } ?? false
    guard lease.holder == nil || isGone else { return nil }
    return JobLease(job, holder: holder, fence: lease.fence + 1, renewal: lease.renewal + 1)
  }
}
