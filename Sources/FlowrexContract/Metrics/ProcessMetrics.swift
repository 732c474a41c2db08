public import ServiceContract

/// What every process of Flowrex says about itself.
extension Flowrex {
  public static let residentMemory = Gauge<Unlabelled, ByteCount>(
    "process_resident_memory_bytes", "Memory in use. (S17-ALERT-09, C-24)")

  public static let processorTime = Total<Unlabelled, Duration>(
    "process_cpu_seconds_total", "Processor time used, user and system. (S17-ALERT-10, C-24)")

  public static let openDescriptors = Gauge<Unlabelled, Count>(
    "process_open_fds", "Open file descriptors. (S04-PERF-08)")

  public static let maximalDescriptors = Gauge<Unlabelled, Count>(
    "process_max_fds", "How many there may be. (S04-PERF-08)")

  /// The name is every client library's: a timestamp that is not called one.
  public static let startTime = Gauge<Unlabelled, Moment>(
    "process_start_time_seconds", "When the process started. (S18-DEP-01)")

  public static let buildInfo = Gauge<BuildLabels, Count>(
    "flowrex_build_info", "Always 1; its labels say which build this is. (C-33, S17-VAR-05)")

  public static let logLines = Counter<LogLabels>(
    "log_lines_total", "Lines logged, by severity. (S04-OBS-13, S17-VAR-12)")

  public static let spansExported = Counter<OutcomeLabels>(
    "trace_spans_exported_total", "Spans sent to the collector, or lost. (S04-OBS-09, C-50)")
}

extension Flowrex {
  public static let dependencyReachable = Gauge<DependencyLabels, Count>(
    "dependency_reachable", "1 while the last attempt to use it succeeded. (S18-EP-02, C-08)")

  public static let breakerState = Gauge<BreakerLabels, Count>(
    "circuit_breaker_state", "1 for the state a breaker is in. (S04-OBS-04, S04-OBS-14)")

  public static let breakerTransitions = Counter<BreakerLabels>(
    "circuit_breaker_transitions_total", "Breakers that entered a state. (S04-RES-02, 03)")

  public static let retries = Counter<RetryLabels>(
    "retries_total", "Second and later attempts. (S04-RES-05, 06)")

  public static let ready = Gauge<Unlabelled, Count>(
    "service_ready", "1 while `/health/ready` answers 200. (S18-EP-02, C-09)")

  public static let draining = Gauge<Unlabelled, Count>(
    "service_draining", "1 from the signal to stop until the end. (C-33)")

  public static let maintenance = Gauge<Unlabelled, Count>(
    "maintenance_mode", "1 while the service answers 503 on purpose. (C-55)")
}

extension Flowrex {
  /// What every process of Flowrex exports, the console too.
  public static let processFamilies: [MetricFamily] = [
    residentMemory.family, processorTime.family, openDescriptors.family,
    maximalDescriptors.family, startTime.family, buildInfo.family, logLines.family,
    spansExported.family, ready.family, draining.family,
  ]

  /// What a process says about the systems that it depends on.
  public static let dependencyFamilies: [MetricFamily] = [
    dependencyReachable.family, breakerState.family, breakerTransitions.family, retries.family,
  ]

  /// What only the process that answers the API knows.
  public static let modeFamilies: [MetricFamily] = [maintenance.family]
}
