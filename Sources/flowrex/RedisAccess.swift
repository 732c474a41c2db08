import FlowrexConfiguration
import FlowrexContract
import FlowrexMetrics
import FlowrexRedis
import Logging
import NIOCore

/// How a process reaches the two Redis servers, whichever program it is. (C-37, C-60)
struct RedisAccess: Sendable {
  let settings: RedisSettings
  private let authorityFile: String
  private let password: SecretValue?
  private let failures: Int

  init(_ configuration: BackendConfiguration) {
    settings = configuration.settings.redis
    authorityFile = configuration.settings.database.authorityFile
    password = configuration.secrets.redisPassword
    failures = configuration.settings.trading.breakerFailures
  }

  init(_ configuration: WorkerConfiguration) {
    settings = configuration.settings.redis
    authorityFile = configuration.settings.database.authorityFile
    password = configuration.redisPassword
    failures = configuration.settings.trading.breakerFailures
  }

  /// - Throws: when the authority's file cannot be read: nobody could be believed.
  func client(
    _ role: RedisRole, on loops: any EventLoopGroup, metrics: MetricRegistry, logger: Logger
  ) throws(RedisFault) -> RedisClient {
    let host = role == .cache ? settings.cacheHost : settings.stateHost
    let tls = settings.isEncrypted ? try TLSContext(authorityFile: authorityFile) : nil
    var server = RedisServer(
      host: host.text, port: settings.port,
      password: password?.withBytes { String(decoding: $0, as: UTF8.self) }, tls: tls)
    server.connections = settings.connections
    server.timeout = settings.timeout
    server.connectTimeout = settings.connectTimeout
    server.failures = failures
    return RedisClient(
      server, on: loops,
      observer: RedisMeter(role, metrics: metrics) { fault in
        logger.warning("redis-\(role.rawValue): \(fault)")
      })
  }
}
