package import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
package import FlowrexServing
package import Hummingbird
package import Logging
package import NIOCore
import ServiceContract

/// How the pages and the contract's routes differ.
package struct PagesDiffer: Error, Sendable, Equatable {
  package let unanswered: [String]
  package let surplus: [String]
}

/// The console's two servers, made of their parts: pages for people, metrics for Prometheus.
/// (S18-ARCH-03, C-05)
package struct Console: Sendable {
  /// What the composition root hands in.
  package struct Parts: Sendable {
    package let settings: ConsoleSettings
    package let cookieKey: [UInt8]
    package let transport: any APITransport
    package let metrics: MetricRegistry
    package let life: LifeCycle
    package let logger: Logger
    package let timestamp: @Sendable () -> String
    /// Seconds since 1970.
    package let now: @Sendable () -> Int64
    package let random: @Sendable (_ count: Int) -> [UInt8]

    package init(
      settings: ConsoleSettings, cookieKey: [UInt8], transport: any APITransport,
      metrics: MetricRegistry, life: LifeCycle, logger: Logger,
      timestamp: @escaping @Sendable () -> String, now: @escaping @Sendable () -> Int64,
      random: @escaping @Sendable (_ count: Int) -> [UInt8]
    ) {
      self.settings = settings
      self.cookieKey = cookieKey
      self.transport = transport
      self.metrics = metrics
      self.life = life
      self.logger = logger
      self.timestamp = timestamp
      self.now = now
      self.random = random
    }
  }

  private let parts: Parts
  private let site: Site
  private let desk: SessionDesk
  private let client: APIClient
  private let handlers: [PageHandler]

  /// - Throws: ``PagesDiffer`` when a route has no page or a page no route.
  package init(_ parts: Parts) throws {
    self.parts = parts
    let process = parts.settings.process
    let sealer = Sealer(secret: parts.cookieKey, draw: parts.random)
    let cookies = ConsoleCookies(sealer, isSecure: process.stage.isDeployed)
    client = APIClient(
      parts.transport, metrics: parts.metrics, limit: parts.settings.life.upstreamTimeout)
    let tokens = TokenDesk(client, now: parts.now)
    desk = SessionDesk(
      cookies: cookies, sealer: sealer, client: client,
      refresher: Refresher(tokens, now: parts.now), home: parts.settings.people.consoleURL,
      now: parts.now, draw: parts.random)
    site = Site(
      name: process.appName, stage: process.stage, stream: parts.settings.stream,
      files: StaticFiles())
    let entry = EntryPages(
      desk: desk, tokens: tokens, client: client, files: site.files, life: parts.life,
      logger: parts.logger, cookies: cookies, service: "flowrex-\(process.component)",
      version: process.version, timestamp: parts.timestamp)
    handlers =
      entry.all + ReadingPages().all + OrderPages(desk: desk).all + ApprovalPages().all
      + EmergencyPages().all
    try Self.compare(handlers.map(\.route), Program.console.routes)
  }

  private static func compare(_ served: [Route], _ routes: [Route]) throws(PagesDiffer) {
    let texts = { (routes: [Route]) in routes.map { "\($0.method.rawValue) \($0.path)" } }
    let known = Set(routes)
    let surplus = served.filter { !known.contains($0) }
    let unanswered = routes.filter { !served.contains($0) }
    guard surplus.isEmpty, unanswered.isEmpty, Set(served).count == served.count else {
      throw PagesDiffer(unanswered: texts(unanswered), surplus: texts(surplus))
    }
  }

  /// What people reach. (S18-DFF-07)
  package func people(_ loops: any EventLoopGroup) -> Application<RouterResponder<PageContext>> {
    let settings = parts.settings
    // `HEAD` is answered as `GET` without its body: the edge lets both through.
    let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
    router.add(
      middleware: PageExchange(
        settings: settings, site: site, metrics: parts.metrics, life: parts.life,
        routes: handlers.map(\.route), draw: parts.random))
    for handler in handlers {
      let page = ServedPage(
        handler: handler, desk: desk, site: site,
        requestTimeout: settings.people.requestTimeout)
      router.on(
        RouterPath(handler.route.path), method: handler.route.method == .post ? .post : .get,
        responder: page)
    }
    return Application(
      router: router, server: .http1(configuration: ServerChannel.configuration),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.people.host, port: settings.port)),
      eventLoopGroupProvider: .shared(loops), logger: parts.logger)
  }

  /// What Prometheus reaches.
  package func inside(
    _ loops: any EventLoopGroup
  ) -> Application<RouterResponder<BasicRequestContext>> {
    parts.metrics.stateBuild(parts.settings.process)
    return MetricsServer(
      Program.console.insideRoutes, metrics: parts.metrics, life: parts.life,
      host: parts.settings.people.host, port: parts.settings.life.metricsPort,
      logger: parts.logger
    ).application(loops)
  }

  /// Asks whether the API can be reached, and notes it: the console is of no use before that, and
  /// a release whose console never gets there must not go on. (engine fact F11)
  package func look() async -> Bool {
    let origin = APIClient.Origin(address: "127.0.0.1", requestID: "readiness")
    let reply = try? await client.call(.healthLive, from: origin)
    let isReady = reply != nil && parts.life.phase == .serving
    parts.metrics.set(Flowrex.ready, to: isReady ? 1 : 0)
    if isReady { parts.life.markReady() }
    return isReady
  }
}
