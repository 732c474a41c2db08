import FlowrexContract
package import FlowrexMetrics
import HTTPTypes
package import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
package import NIOHTTP1
package import ServiceContract

/// What Prometheus reaches, on the port that the edge never forwards to. (S17-MET-09, C-05)
package struct MetricsServer {
  let routes: [Route]
  let metrics: MetricRegistry
  let life: LifeCycle
  let host: String
  let port: Int
  let logger: Logger

  /// - Parameter routes: What the contract says of this port; all answer the same text.
  package init(
    _ routes: [Route], metrics: MetricRegistry, life: LifeCycle, host: String, port: Int,
    logger: Logger
  ) {
    self.routes = routes
    self.metrics = metrics
    self.life = life
    self.host = host
    self.port = port
    self.logger = logger
  }

  package func application(
    _ loops: any EventLoopGroup
  ) -> Application<RouterResponder<BasicRequestContext>> {
    let router = Router(context: BasicRequestContext.self)
    let (metrics, life) = (metrics, life)
    for route in routes {
      router.get(RouterPath(route.path)) { _, _ in Exposition.answer(metrics, life) }
    }
    return Application(
      router: router, server: .http1(configuration: ServerChannel.configuration),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      eventLoopGroupProvider: .shared(loops), logger: logger)
  }
}

/// What Prometheus is answered, everywhere.
package enum Exposition {
  package static func answer(_ metrics: MetricRegistry, _ life: LifeCycle) -> Response {
    ProcessFacts.collect(into: metrics)
    metrics.set(Flowrex.draining, to: life.phase == .serving ? 0 : 1)
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
  }
}

/// How every server of ours treats a connection.
package enum ServerChannel {
  /// Longer than the edge keeps an idle connection, so that it is the edge that closes.
  /// (S04-RES-11)
  package static let idleTimeout = Duration.seconds(75)

  /// No header as large as a body.
  package static let headerLimits = {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16 * 1_024
    limits.maxHeaderListSize = 32 * 1_024
    limits.maxHeaderFieldCount = 100
    return limits
  }()

  package static let configuration = HTTP1Channel.Configuration(
    additionalChannelHandlers: [ClosesWhenSaid()],
    idleTimeout: .init(idleTimeout),
    httpDecoderConfiguration: .init(
      maxHeaderFieldSize: headerLimits.maxHeaderFieldSize,
      maxHeaderListSize: headerLimits.maxHeaderListSize,
      maxHeaderFieldCount: headerLimits.maxHeaderFieldCount))
}
