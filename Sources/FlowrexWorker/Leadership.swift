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
    /// Names this worker.
    package let holder: UInt128
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
    /// Given back for good.
    var left: Set<JobName> = []
    /// Left to others while their turns hang here: neither renewed nor taken.
    var aside: Set<JobName> = []
    /// A renewal ended without an answer: it may hold what it does not know of.
    var isUnsure = false
  }

  private let store: any Store
  private let holder: UInt128
  private let clock: any DeskClock
  /// How long a count is believed.
  private let trust: Span
  /// In one order, so that no two workers wait for each other.
  private let jobs: [JobName]
  /// Between two renewals.
  package let period: Span
  private let state = Mutex(State())

  /// - Parameters:
  ///   - holder: names this worker; drawn anew at each start.
  ///   - clock: one that never goes back.
  ///   - lock: the key `LEADER_LOCK_SECONDS`.
  ///   - jobs: what this worker can do; others are left to others.
  package init(
    _ store: any Store, as holder: UInt128, clock: any DeskClock, lock: Span,
    jobs: Set<JobName> = Set(JobName.allCases)
  ) {
    self.store = store
    self.holder = holder
    self.clock = clock
    self.jobs = JobName.allCases.filter(jobs.contains)
    trust = Span(microseconds: lock.microseconds / 5 * 3)
    period = Span(microseconds: max(1, lock.microseconds / 5))
  }

  /// The term that this worker is in, if it does the job now.
  package func term(of job: JobName) -> Term? {
    let now = clock.now()
    return state.withLock { state in
      guard let held = state.held[job], now < held.until else { return nil }
      return Term(job: job, fence: held.lease.fence, holder: holder)
    }
  }

  /// Says that this worker is there, and takes what nobody holds.
  package func renew() async throws {
    let asked = clock.now()
    let answer: Answer
    do { answer = try await exchange(asked) } catch {
      state.withLock { $0.isUnsure = true }
      throw error
    }
    let heard = clock.now()
    let late = state.withLock { state in
      state.isUnsure = false
      let won = answer.won.filter {
        !state.left.contains($0.job) && !state.aside.contains($0.job)
      }
      for lease in won { state.held[lease.job] = Held(lease: lease, until: asked.adding(trust)) }
      let mine = Set(won.map(\.job))
      for job in jobs where !mine.contains(job) {
        state.held[job] = nil
        guard let lease = answer.found[job] else { continue }
        if state.seen[job]?.lease != lease {
          // Seen now, however long ago it was written.
          state.seen[job] = Seen(lease: lease, since: heard)
        }
      }
      return answer.won.map(\.job).filter(state.left.contains)
    }
    // Given back while this was on its way.
    if !late.isEmpty { try await giveBack(late) }
  }

  private struct Answer: Sendable {
    let found: [JobName: JobLease]
    let won: [JobLease]
  }

  private func exchange(_ asked: Timestamp) async throws -> Answer {
    let (before, holder, trust, jobs) = (state.withLock { $0 }, holder, trust, jobs)
    return try await store.transact { rows in
      let found = Dictionary(uniqueKeysWithValues: try rows.leases().map { ($0.job, $0) })
      var won: [JobLease] = []
      for job in jobs where !before.left.contains(job) && !before.aside.contains(job) {
        let lease = found[job]
        guard let next = before.next(job, lease, holder, trust, at: asked) else { continue }
        if try rows.exchange(lease, for: next) { won.append(next) }
      }
      return Answer(found: found, won: won)
    }
  }

  /// Renews these jobs no more, and takes none of them, until others are named: who does not get on
  /// with a job leaves it to others, who take it when its count has stood still for long enough.
  package func setAside(_ jobs: Set<JobName>) {
    state.withLock { state in
      state.aside = jobs
      for job in jobs { state.held[job] = nil }
    }
  }

  /// Gives jobs back, so that nobody has to wait for them, and takes them no more; all of them
  /// unless some are named.
  package func resign(_ jobs: [JobName]? = nil) async throws {
    let jobs = jobs ?? self.jobs
    let mayHold = state.withLock { state in
      let mayHold = state.isUnsure || jobs.contains { state.held[$0] != nil }
      state.left.formUnion(jobs)
      for job in jobs { state.held[job] = nil }
      return mayHold
    }
    if mayHold { try await giveBack(jobs) }
  }

  /// What is there counts, not what was heard of it: an answer may have been lost.
  private func giveBack(_ jobs: [JobName]) async throws {
    let holder = holder
    try await store.transact { rows in
      for lease in try rows.leases() where lease.holder == holder && jobs.contains(lease.job) {
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
