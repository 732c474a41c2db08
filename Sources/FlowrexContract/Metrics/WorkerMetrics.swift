public import ServiceContract

extension Flowrex {
  public static let jobRuns = Counter<JobRunLabels>(
    "job_runs_total", "Runs of a worker's job, by their end. (S18-ARCH-12)")

  public static let jobDuration = Histogram<JobLabels, Duration>(
    "job_duration_seconds",
    buckets: [
      .milliseconds(10), .milliseconds(100), .milliseconds(500), .seconds(1), .seconds(5),
      .seconds(15), .seconds(60),
    ],
    "How long a run takes. (S18-ARCH-12)")

  public static let jobLastSuccess = Gauge<JobLabels, Moment>(
    "job_last_success_timestamp_seconds", "When a job last succeeded. (S18-ARCH-12)")

  public static let jobLeader = Gauge<JobLabels, Count>(
    "job_leader", "1 on the worker that holds the job's lock. (S18-ARCH-12)")

  public static let divergences = Gauge<DivergenceLabels, Count>(
    "reconciliation_divergences", "Differences with the broker not yet settled. (S03-ARCH-05)")

  public static let divergencesFound = Counter<DivergenceLabels>(
    "reconciliation_divergences_found_total", "Differences that were found. (S03-ARCH-05)")

  public static let reconciliationLastRun = Gauge<Unlabelled, Moment>(
    "reconciliation_last_run_timestamp_seconds",
    "When all our books were last compared with the broker's. (S03-ARCH-05)")
}

extension Flowrex {
  /// What is measured about the worker's jobs.
  public static let workerFamilies: [MetricFamily] = [
    jobRuns.family, jobDuration.family, jobLastSuccess.family, jobLeader.family,
    divergences.family, divergencesFound.family, reconciliationLastRun.family,
  ]
}
