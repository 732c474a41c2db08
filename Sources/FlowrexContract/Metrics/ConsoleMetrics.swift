public import ServiceContract

/// What the console exports beside ``Flowrex/processFamilies``.
extension Flowrex {
  public static let consoleRequests = Counter<PageLabels>(
    "console_requests_total", "Pages answered, by template. (S18-EP-04)")

  public static let consoleRequestDuration = Histogram<PageDurationLabels, Duration>(
    "console_request_duration_seconds",
    buckets: [
      .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
      .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(5),
    ],
    "From the first byte read to the last byte written. (S18-24H-02)")

  public static let consoleRequestsInProgress = Gauge<Unlabelled, Count>(
    "console_requests_in_progress", "Pages being made now. (S03-MET-05)")

  public static let consoleCalls = Counter<CallOutcomeLabels>(
    "console_api_requests_total", "What the console asked of the API. (S04-OBS-12)")
}

extension Flowrex {
  /// What is measured about pages.
  public static let consoleFamilies: [MetricFamily] = [
    consoleRequests.family, consoleRequestDuration.family, consoleRequestsInProgress.family,
    consoleCalls.family,
  ]
}
