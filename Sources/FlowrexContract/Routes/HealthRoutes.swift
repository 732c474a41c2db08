public import ServiceContract

/// Health: three canonical paths and two old ones, never limited. (C-10, S17-RL-04)
extension Route {
  public static let health = Route(
    .get, at: .health, .anonymous, nil, within: .seconds(1),
    "That the process answers, its name and version. (S18-EP-01, S03-STEP-06)")

  public static let healthReady = Route(
    .get, at: .healthReady, .anonymous, nil, within: .seconds(2),
    "503 while PostgreSQL or Redis does not answer; fixed codes only. (S18-EP-02, C-09, C-11)")

  public static let healthLive = Route(
    .get, at: .healthLive, .anonymous, nil, within: .seconds(1),
    "That the process lives; asks nothing of others. (S18-EP-03)")

  public static let healthAlias = Route(
    .get, at: .healthAlias, .anonymous, nil, within: .seconds(1),
    "The same as `/health`. (S03-STEP-06, C-10)")

  public static let readyAlias = Route(
    .get, at: .readyAlias, .anonymous, nil, within: .seconds(2),
    "The same as `/health/ready`. (S03-STEP-07, C-10)")

  public static let openAPI = Route(
    .get, at: .openAPI, .anonymous, .standard, within: .seconds(2),
    "The OpenAPI 3.1 document of these routes. (S04-DOC-05)")

  /// On the metrics port of every process, and on no other. (S17-MET-09, C-05)
  public static let metrics = Route(
    .get, "/metrics", auth: .anonymous, limit: nil, within: .seconds(5),
    "Everything measured, in Prometheus' text format. (S17-MET-09)")
}

/// Which path answers which question, so that nobody writes one by hand. (C-09, C-10)
public enum Health {
  /// Asked by deploy gates; 503 stops a release, never the routing.
  public static let readiness = Route.healthReady
  /// Asked by the engine, through the `healthcheck` verb. (engine fact F11)
  public static let liveness = Route.healthLive
  /// Asked by people and the edge.
  public static let summary = Route.health
  /// Asked by the console's container. (S18-DFF-08)
  public static let console = Route.consoleHealth
  /// Old paths that clients may still use.
  public static let aliases: [Route] = [.healthAlias, .readyAlias]
}
