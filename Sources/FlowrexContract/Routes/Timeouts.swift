public import ServiceContract

/// Who waits how long for whom: each gives up before the one that waits for it. (C-35)
///
/// C-35 says `statement 5 s < pool wait 5 s`, which is not increasing. A statement has 4 s, so
/// that a request that waits and then runs as long as it may still ends inside its own time.
public enum Timeouts {
  /// A connection to Redis, beside the 50 ms of each command. (S03-VAR-06)
  public static let redisConnect = Duration.milliseconds(100)
  public static let redis = Duration.milliseconds(50)
  public static let statement = Duration.seconds(4)
  public static let poolWait = Duration.seconds(5)
  public static let upstream = Duration.seconds(8)
  public static let request = Duration.seconds(10)
  public static let edgeRead = Duration.seconds(15)
  public static let drain = Duration.seconds(20)
  public static let stopGrace = Duration.seconds(30)

  /// The edge's attempt to connect; beside the chain.
  public static let edgeConnect = Duration.seconds(2)
  /// How long the edge's resolver believes an answer. (engine fact F9)
  public static let edgeResolver = Duration.seconds(1)
  /// After the signal to stop, new requests are still taken for the resolver's time and 2 s.
  public static let drainAccept = Duration.seconds(3)
  /// How long a WebSocket may be silent at the edge; the heartbeat is far below. (S18-NGX-17)
  public static let edgeWebSocket = Duration.seconds(86_400)

  /// Strictly increasing.
  public static let chain: [TimeoutStep] = [
    TimeoutStep(
      name: "Redis", limit: redis, at: .key(Setting.redisTimeout.name),
      why: "without an answer by then, the cached view is asked of the database"),
    TimeoutStep(
      name: "statement", limit: statement, at: .key(Setting.statementTimeout.name),
      why: "the server ends what a pool's waiters wait for (S03-VAR-13)"),
    TimeoutStep(
      name: "pool wait", limit: poolWait, at: .key(Setting.poolWait.name),
      why: "outlives the statement that holds the connection (S17-VAR-16)"),
    TimeoutStep(
      name: "upstream", limit: upstream, at: .key(Setting.upstreamTimeout.name),
      why: "a broker's or feed's answer, all attempts together (S04-RES-09)"),
    TimeoutStep(
      name: "request", limit: request, at: .key(Setting.requestTimeout.name),
      why: "the service says that it could not, before the edge does"),
    TimeoutStep(
      name: "edge", limit: edgeRead, at: .edge,
      why: "instead of 300 s: a stuck replica is left for another (S18-NGX-16)"),
    TimeoutStep(
      name: "drain", limit: drain, at: .key(Setting.drain.name),
      why: "longer than any request that may be in flight (C-33)"),
    TimeoutStep(
      name: "stop grace", limit: stopGrace, at: .engine,
      why: "the engine kills after the service has ended by itself (C-33)"),
  ]
}
