import FlowrexAPI
import FlowrexCache
import FlowrexConfiguration
import FlowrexContract
import FlowrexLimits
import FlowrexMetrics
import FlowrexRedis
import Logging
import NIOCore
import ServiceContract
import ServiceLifecycle

/// What the replicas of a process share: limits and cached views; the one place where it is
/// chosen whether on Redis or in memory. (C-37, S17-ENV-11)
struct SharedState: Sendable {
  let limiter: any RateLimiter
  /// Decides reads while `limiter` cannot. (C-08)
  let localLimiter: any RateLimiter
  /// For views, which are made anew at most every `CACHE_TTL_SECONDS`.
  let views: ViewCache
  /// What must answer before the process is ready. (C-09, S18-EP-02)
  let checks: [ReadinessCheck]
  /// What runs beside the servers.
  let services: [any Service]
  /// Ends its connections.
  let close: @Sendable () -> Void

  /// - Throws: `RedisFault` when the authority's file cannot be read: nobody could be believed.
  static func open(
    _ configuration: BackendConfiguration, on loops: any EventLoopGroup,
    metrics: MetricRegistry, logger: Logger
  ) throws(RedisFault) -> SharedState {
    let settings = configuration.settings.redis
    let times = ViewTimes(life: settings.viewLife)
    let observer = CacheMeter(metrics: metrics)
    let memory = MemoryRateLimiter(now: World.monotonic)
    guard settings.engine == .redis else {
      return SharedState(
        limiter: memory, localLimiter: MemoryRateLimiter(now: World.monotonic),
        views: ViewCache(MemoryViewStore(now: World.monotonic), times, observer: observer),
        checks: [], services: [], close: {})
    }
    let tls = try authority(configuration)
    func client(_ role: RedisRole) -> RedisClient {
      let host = role == .cache ? settings.cacheHost : settings.stateHost
      return RedisClient(
        server(host, configuration, tls), on: loops,
        observer: RedisMeter(role, metrics: metrics) { fault in
          logger.warning("redis-\(role.rawValue): \(fault)")
        })
    }
    let (cache, state) = (client(.cache), client(.state))
    // Claims and the census need a name that no other replica has.
    let process = World.random(8).map { String($0, radix: 36) }.joined(separator: "-")
    let census = ReplicaCensus(state, prefix: settings.prefix, process: process)
    return SharedState(
      limiter: RedisRateLimiter(state, prefix: settings.prefix),
      localLimiter: ShareLimiter(memory, replicas: { census.count }),
      views: ViewCache(
        RedisViewStore(cache, prefix: settings.prefix, process: process), times,
        observer: observer),
      checks: [check(.redisCache, cache), check(.redisState, state)],
      services: [CensusLoop(census: census)],
      close: {
        cache.close()
        state.close()
      })
  }

  private static func authority(
    _ configuration: BackendConfiguration
  ) throws(RedisFault) -> TLSContext? {
    guard configuration.settings.redis.isEncrypted else { return nil }
    return try TLSContext(authorityFile: configuration.settings.database.authorityFile)
  }

  private static func server(
    _ host: HostName, _ configuration: BackendConfiguration, _ tls: TLSContext?
  ) -> RedisServer {
    let settings = configuration.settings
    var server = RedisServer(
      host: host.text, port: settings.redis.port,
      password: configuration.secrets.redisPassword?.withBytes {
        String(decoding: $0, as: UTF8.self)
      }, tls: tls)
    server.connections = settings.redis.connections
    server.timeout = settings.redis.timeout
    server.connectTimeout = settings.redis.connectTimeout
    server.failures = settings.trading.breakerFailures
    return server
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
