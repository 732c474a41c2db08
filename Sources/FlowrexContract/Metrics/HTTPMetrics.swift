public import ServiceContract

extension Flowrex {
  public static let httpRequests = Counter<RequestLabels>(
    "http_requests_total",
    "Requests answered, by route template; /metrics is not counted. (S17-MET-01, 08, C-23)")

  public static let httpRequestDuration = Histogram<RouteLabels, Duration>(
    "http_request_duration_seconds", buckets: requestBuckets,
    "From the first byte read to the last byte written. (S17-MET-02, C-26)")

  public static let httpRequestsInProgress = Gauge<Unlabelled, Count>(
    "http_requests_in_progress", "Requests being answered now. (S03-MET-05)")

  public static let rateLimitedRequests = Counter<LimitLabels>(
    "rate_limited_requests_total", "Requests answered with 429. (S17-RL-06, C-07)")

  public static let degradedLimits = Counter<DegradedLimitLabels>(
    "rate_limits_degraded_total", "Limits decided without Redis. (C-08, S04-RL-04)")

  public static let webSocketConnections = Gauge<Unlabelled, Count>(
    "websocket_connections", "WebSockets open on this replica. (S17-MET-06)")

  public static let webSocketConnectionsLimit = Gauge<Unlabelled, Count>(
    "websocket_connections_limit", "How many this replica accepts. (S17-ALERT-08, C-28)")

  public static let webSocketMessages = Counter<Unlabelled>(
    "websocket_messages_sent_total", "Messages written to WebSockets. (S17-VAR-39)")

  public static let webSocketSlowReaders = Counter<Unlabelled>(
    "websocket_slow_readers_dropped_total", "Sockets closed for a full queue. (S17-VAR-39)")

  public static let webSocketRefusals = Counter<SocketRefusalLabels>(
    "websocket_refusals_total", "WebSockets that were not opened. (S04-RL-06)")

  /// Contains 0.05, 0.1 and 2: a target, an alert and the page. (S03-MET-01, S03-ALERT-02, C-26)
  private static let requestBuckets: [Duration] = [
    .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50),
    .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
    .seconds(5), .seconds(10),
  ]
}

extension Flowrex {
  /// What is counted about requests and sockets.
  public static let httpFamilies: [MetricFamily] = [
    httpRequests.family, httpRequestDuration.family, httpRequestsInProgress.family,
    rateLimitedRequests.family, degradedLimits.family, webSocketConnections.family,
    webSocketConnectionsLimit.family, webSocketMessages.family, webSocketSlowReaders.family,
    webSocketRefusals.family,
  ]
}
