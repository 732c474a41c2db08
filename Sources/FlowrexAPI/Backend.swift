package import FlowrexAuth
package import FlowrexConfiguration
import FlowrexContract
package import FlowrexLimits
package import FlowrexMetrics
package import FlowrexServing
package import FlowrexStore
package import FlowrexStream
package import FlowrexTraces
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Ledger
package import Logging
package import NIOCore
import NIOHTTP1
import ServiceContract

/// The API's two servers, made of its parts: one for people, one for Prometheus. (C-05)
package struct Backend: Sendable {
  /// What the composition root hands in.
  package struct Parts: Sendable {
    package let settings: BackendSettings
    package let auth: AuthService
    package let audit: any AuditLog
    package let limiter: any RateLimiter
    package let localLimiter: any RateLimiter
    package let trading: TradingParts
    package let checks: [ReadinessCheck]
    package let stream: StreamHub
    /// `nil`: nothing is traced.
    package let tracer: ServiceTracer?
    package let metrics: MetricRegistry
    package let life: LifeCycle
    package let logger: Logger
    package let timestamp: @Sendable () -> String
    package let now: @Sendable () -> Timestamp
    package let random: @Sendable (_ count: Int) -> [UInt8]

    package init(
      settings: BackendSettings, auth: AuthService, audit: any AuditLog,
      limiter: any RateLimiter, localLimiter: any RateLimiter, trading: TradingParts,
      checks: [ReadinessCheck], stream: StreamHub, tracer: ServiceTracer?, metrics: MetricRegistry,
      life: LifeCycle, logger: Logger,
      timestamp: @escaping @Sendable () -> String, now: @escaping @Sendable () -> Timestamp,
      random: @escaping @Sendable (_ count: Int) -> [UInt8]
    ) {
      self.settings = settings
      self.auth = auth
      self.audit = audit
      self.limiter = limiter
      self.localLimiter = localLimiter
      self.trading = trading
      self.checks = checks
      self.stream = stream
      self.tracer = tracer
      self.metrics = metrics
      self.life = life
      self.logger = logger
      self.timestamp = timestamp
      self.now = now
      self.random = random
    }
  }

  package let table: RouteTable
  package let readiness: Readiness
  private let parts: Parts

  /// - Throws: `RoutesDiffer` when a route has no handler or a handler no route.
  package init(_ parts: Parts) throws {
    self.parts = parts
    let settings = parts.settings
    readiness = Readiness(parts.checks, life: parts.life, metrics: parts.metrics)
    let health = HealthHandlers(
      readiness: readiness, life: parts.life, service: settings.process.component,
      version: settings.process.version, buildID: settings.process.buildID,
      timestamp: parts.timestamp)
    let auth = AuthHandlers(
      auth: parts.auth, metrics: parts.metrics,
      audit: AuditNotes(parts.audit, metrics: parts.metrics, now: parts.now),
      crossOrigin: CrossOrigin(
        origins: settings.api.origins,
        areCredentialsAllowed: settings.api.areCredentialsAllowed),
      cookie: RefreshCookie(
        isSecure: settings.process.stage.isDeployed, life: settings.api.refreshLife),
      logger: parts.logger)
    let trading = parts.trading.handlers(settings, metrics: parts.metrics, now: parts.now)
    // Who asks for the address without asking for the protocol is told what it needs.
    let stream = RouteHandler(.webSocket, OperationDocument(answer: .document)) { _ in
      throw SocketHandshake.required
    }
    let described =
      health.all + auth.all + CatalogueHandlers(settings).all + trading + [stream]
    let document = try Self.document(described, settings)
    table = try RouteTable(
      described + [document], routes: Program.backend.routes)
  }

  /// The document describes itself too.
  private static func document(
    _ handlers: [RouteHandler], _ settings: BackendSettings
  ) throws -> RouteHandler {
    let placeholder = RouteHandler(.openAPI, OperationDocument(answer: .document)) { _ in
      throw Problem(.internalFault)
    }
    let tree = OpenAPIDocument(
      handlers + [placeholder], title: settings.process.appName,
      version: settings.process.version, url: settings.api.url
    ).tree
    let answer = try Answer.json(tree, headers: [.cacheControl: "public, max-age=60"])
    return RouteHandler(.openAPI, placeholder.document) { _ in answer }
  }

  /// What people reach. (S18-ARCH-04)
  package func people(_ loops: any EventLoopGroup) -> Application<RouterResponder<APIContext>> {
    let settings = parts.settings
    let router = Router(context: APIContext.self)
    router.add(
      middleware: ExchangeMiddleware(
        .init(
          settings: settings, metrics: parts.metrics, life: parts.life, table: table,
          draw: parts.random, tracer: parts.tracer)))
    let gate = Gate(
      auth: parts.auth, limiter: settings.api.areLimitsOn ? parts.limiter : nil,
      local: parts.localLimiter, metrics: parts.metrics)
    router.on(
      RouterPath(Route.webSocket.path), method: .get,
      responder: SocketRoute(
        route: .webSocket, gate: gate, hub: parts.stream, life: parts.life,
        crossOrigin: CrossOrigin(
          origins: settings.api.origins,
          areCredentialsAllowed: settings.api.areCredentialsAllowed),
        requestTimeout: settings.people.requestTimeout))
    for handler in table.handlers where handler.route.method != .webSocket {
      guard let method = HTTPRequest.Method(handler.route.method.rawValue) else { continue }
      router.on(
        RouterPath(handler.route.path), method: method,
        responder: ServedRoute(
          handler: handler, gate: gate,
          audit: AuditNotes(parts.audit, metrics: parts.metrics, now: parts.now),
          maxBody: min(settings.people.maxBody.bytes, ServedRoute.largestBody),
          requestTimeout: settings.people.requestTimeout))
    }
    return Application(
      router: router,
      server: HTTPServerBuilder { responder in
        StreamChannel(
          responder: responder, limits: ServerChannel.headerLimits,
          idleTimeout: ServerChannel.idleTimeout, frame: settings.api.stream.message.bytes)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(settings.people.host, port: settings.api.port)),
      eventLoopGroupProvider: .shared(loops), logger: parts.logger)
  }

  /// What Prometheus reaches, on the port that the edge never forwards to. (S17-MET-09, C-05)
  package func inside(_ loops: any EventLoopGroup) -> Application<RouterResponder<APIContext>> {
    let settings = parts.settings
    return InsidePort(
      .backend, host: settings.people.host, port: settings.life.metricsPort,
      metrics: parts.metrics, life: parts.life, logger: parts.logger
    ).application(loops)
  }

  /// Gauges that do not change while the process lives.
  package func stateConstants() {
    let settings = parts.settings
    parts.metrics.stateBuild(settings.process)
    parts.metrics.set(
      Flowrex.webSocketConnectionsLimit, to: Count(settings.api.stream.limit))
    let isFile = settings.database.engine == .sqlite
    let most = isFile ? 1 : settings.pool.size + settings.pool.overflow
    parts.metrics.set(
      Flowrex.databaseConnectionsLimit, to: Count(most), .of(\.pool, .primary))
    parts.metrics.set(
      Flowrex.databaseConnectionsLimit,
      to: Count(settings.replicas.hosts.isEmpty ? 0 : settings.replicas.poolSize),
      .of(\.pool, .replica))
  }
}
