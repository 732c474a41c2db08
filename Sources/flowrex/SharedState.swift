import FlowrexAPI
import FlowrexCache
import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexLimits
import FlowrexMetrics
import FlowrexRedis
import Logging
import NIOCore
import ServiceContract
import ServiceLifecycle

/// Where views are kept, for all replicas or for a laptop's one process. (C-37, S17-ENV-11)
struct SharedViews: Sendable {
  let store: any ViewStore
  /// `nil` in memory.
  let client: RedisClient?
  /// A name that no other process has.
  let process: String

  func close() { client?.close() }

  static func open(
    _ access: RedisAccess, on loops: any EventLoopGroup, metrics: MetricRegistry,
    logger: Logger
  ) throws(RedisFault) -> SharedViews {
    let process = World.random(8).map { String($0, radix: 36) }.joined(separator: "-")
    guard access.settings.engine == .redis else {
      return SharedViews(
        store: MemoryViewStore(now: World.monotonic), client: nil, process: process)
    }
    let client = try access.client(.cache, on: loops, metrics: metrics, logger: logger)
    return SharedViews(
      store: RedisViewStore(client, prefix: access.settings.prefix, process: process),
      client: client, process: process)
  }
}

/// What the replicas of the API share: limits and cached views; the one place where it is chosen
/// whether on Redis or in memory. (C-37, S17-ENV-11)
struct SharedState: Sendable {
  let limiter: any RateLimiter
  /// Decides reads while `limiter` cannot. (C-08)
  let localLimiter: any RateLimiter
  /// Views are made anew at most every `CACHE_TTL_SECONDS`.
  let views: ViewCache
  /// Forgets views of what was committed.
  let forgetter: ViewForgetter
  /// What must answer before the process is ready. (C-09, S18-EP-02)
  let checks: [ReadinessCheck]
  /// What runs beside the servers.
  let services: [any Service]
  /// Ends its connections.
  let close: @Sendable () -> Void

  static func open(
    _ access: RedisAccess, on loops: any EventLoopGroup, metrics: MetricRegistry,
    logger: Logger
  ) throws(RedisFault) -> SharedState {
    let shared = try SharedViews.open(access, on: loops, metrics: metrics, logger: logger)
    let views = ViewCache(
      shared.store, ViewTimes(life: access.settings.viewLife),
      observer: CacheMeter(metrics: metrics))
    let memory = MemoryRateLimiter(now: World.monotonic)
    guard let cache = shared.client else {
      return SharedState(
        limiter: memory, localLimiter: MemoryRateLimiter(now: World.monotonic), views: views,
        forgetter: ViewForgetter(shared.store), checks: [], services: [], close: {})
    }
    let state = try access.client(.state, on: loops, metrics: metrics, logger: logger)
    let prefix = access.settings.prefix
    let census = ReplicaCensus(state, prefix: prefix, process: shared.process)
    return SharedState(
      limiter: RedisRateLimiter(state, prefix: prefix),
      localLimiter: ShareLimiter(memory, replicas: { census.count }), views: views,
      forgetter: ViewForgetter(shared.store),
      checks: [check(.redisCache, cache), check(.redisState, state)],
      services: [CensusLoop(census: census)],
      close: {
        cache.close()
        state.close()
      })
  }

  private static func check(_ dependency: Dependency, _ client: RedisClient) -> ReadinessCheck {
    ReadinessCheck(dependency) {
      (try? await client.ask(RedisCommand("PING"))) == .status("PONG")
    }
  }
}

/// Counts the replicas as long as the process serves. (C-08)
private struct CensusLoop: Service {
  let census: ReplicaCensus

  func run() async throws {
    await cancelWhenGracefulShutdown { await census.run() }
  }
}
