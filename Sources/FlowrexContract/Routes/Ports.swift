public import ServiceContract

/// What our processes listen on. Each number is said once: Dockerfile, Compose, edge, scrape
/// jobs and health checks take it from here. (S17-VAR-09, S17-VAR-54, C-05)
extension Port {
  /// The API and `/ws`.
  public static let backend = Port("backend-http", 8000, reach: .edge)
  /// `/metrics` of the API's process; the edge never forwards to it. (C-05, S18-PROM-04)
  public static let backendMetrics = Port("backend-metrics", 9090, reach: .metrics)
  /// `/metrics` and health of the worker, which has no other port.
  public static let workerMetrics = Port("worker-metrics", 9090, reach: .metrics)
  /// The console's pages. (S18-DFF-07)
  public static let console = Port("console-http", 3000, reach: .edge)
  /// `/metrics` of the console.
  public static let consoleMetrics = Port("console-metrics", 9090, reach: .metrics)
  /// The simulated venue, for workers. (S17-ENV-03)
  public static let venue = Port("venue-http", 8090, reach: .inside)
  /// `/metrics` and health of the simulated venue.
  public static let venueMetrics = Port("venue-metrics", 9090, reach: .metrics)

  /// All of them.
  public static let flowrex: [Port] = [
    backend, backendMetrics, workerMetrics, console, consoleMetrics, venue, venueMetrics,
  ]
}
