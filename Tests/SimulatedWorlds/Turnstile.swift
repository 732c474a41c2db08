import FlowrexVenue

/// Runs every job of a simulated world on the calling thread, one at a time, in an order that the
/// seed says. Real code runs here as it is: what `await` lets come between, comes between.
///
/// Safe to send: the world runs on one thread, and its tasks only on this executor.
final class Turnstile: TaskExecutor, @unchecked Sendable {
  private var jobs: [UnownedJob] = []
  private var dice: SplitMix

  init(seed: UInt64) { dice = SplitMix(seed: seed) }

  func enqueue(_ job: consuming ExecutorJob) { jobs.append(UnownedJob(job)) }

  /// Runs what can run until nothing can.
  func drain() {
    while !jobs.isEmpty {
      let job = jobs.remove(at: dice.below(jobs.count))
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
