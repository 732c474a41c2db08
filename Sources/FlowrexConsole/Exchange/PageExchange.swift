package import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
package import FlowrexServing
import HTTPTypes
package import Hummingbird
import Logging
package import ServiceContract

/// What happens around every request, found or not: its name, its place in log and metrics, the
/// page of its failure, its headers. (S17-HDR-09, S04-OBS-05, 06, C-13)
package struct PageExchange: RouterMiddleware {
  package typealias Context = PageContext

  private let settings: ConsoleSettings
  private let metrics: MetricRegistry
  private let life: LifeCycle
  private let site: Site
  private let draw: @Sendable (_ count: Int) -> [UInt8]
  private let hosts: TrustedHosts
  private let policy: String
  private let routes: [Route]
  /// The templates by what the router calls them.
  private let pages: [String: ConsoleEndpoint]

  package init(
    settings: ConsoleSettings, site: Site, metrics: MetricRegistry, life: LifeCycle,
    routes: [Route], draw: @escaping @Sendable (_ count: Int) -> [UInt8]
  ) {
    self.settings = settings
    self.site = site
    self.metrics = metrics
    self.life = life
    self.routes = routes
    self.draw = draw
    hosts = TrustedHosts(settings.people.trustedHosts)
    policy = Self.policy(stream: settings.streamOrigin)
    var pages: [String: ConsoleEndpoint] = [:]
    for route in routes {
      pages[RouterPath(route.path).description] = ConsoleEndpoint(rawValue: route.path)
    }
    self.pages = pages
  }

  /// Nothing but our own files, nothing inside the page itself, nobody else's frame. The edge
  /// states the same where there is one. (C-13)
  private static func policy(stream: String) -> String {
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
      + "connect-src 'self' \(stream); form-action 'self'; base-uri 'none'; "
      + "frame-ancestors 'none'"
  }

  package func handle(
    _ request: Request, context: PageContext,
    next: (Request, PageContext) async throws -> Response
  ) async throws -> Response {
    let started = ContinuousClock.now
    var context = context
    context.address = ClientAddress.of(
      peer: context.peer, forwarded: request.headers[.forwardedFor],
      trusted: settings.people.trustedProxies)
    context.requestID =
      RequestName.accepted(request.headers[.requestID]) ?? RequestName.made(of: draw(16))
    context.logger[metadataKey: "request_id"] = "\(context.requestID)"
    context.logger[metadataKey: "hb.request.id"] = nil
    metrics.add(1, to: Flowrex.consoleRequestsInProgress)
    defer { metrics.add(-1, to: Flowrex.consoleRequestsInProgress) }

    var response = await answered(request, context, next)
    response.headers[.requestID] = context.requestID
    SecurityHeaders.add(
      to: &response.headers, isDeployed: settings.process.stage.isDeployed, policy: policy)
    response.headers[.named("Cross-Origin-Opener-Policy")] = "same-origin"
    if life.isClosing || request.headers[.upgrade] != nil {
      response.headers[.connection] = "close"
    }
    record(request, context, response.status, ContinuousClock.now - started)
    return response
  }

  private func answered(
    _ request: Request, _ context: PageContext,
    _ next: (Request, PageContext) async throws -> Response
  ) async -> Response {
    do {
      guard page(of: context) == .health || hosts.isTrusted(request.head.authority) else {
        throw PageFault.unknownHost
      }
      return try await next(request, context)
    } catch {
      // Nobody's page: it is not known whose it would have been.
      let view = View(site, .unmatched, session: nil, formToken: "")
      let fault = FaultPage(understood(error, request, context)) ?? FaultPage(PageFault.failed)
      return fault.map { view.answer($0).response } ?? Response(status: .internalServerError)
    }
  }

  private func understood(
    _ error: any Error, _ request: Request, _ context: PageContext
  ) -> any Error {
    if error is PageFault { return error }
    if let error = error as? HTTPError, error.status == .notFound {
      let methods = methods(of: request.uri.path)
      return methods.isEmpty ? PageFault.notFound : PageFault.methodNotAllowed(methods)
    }
    if let error = error as? any HTTPResponseError, error.status.code < 500 {
      return PageFault.unreadableForm
    }
    context.logger.error(
      "a request failed", metadata: ["fault": "\(String(describing: type(of: error)))"])
    return PageFault.failed
  }

  private func methods(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return routes.filter { route in
      let template = route.path.split(separator: "/")
      return template.count == parts.count
        && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }.map(\.method.rawValue)
  }

  private func page(of context: PageContext) -> ConsoleEndpoint {
    context.endpointPath.flatMap { pages[$0] } ?? .unmatched
  }

  private func record(
    _ request: Request, _ context: PageContext, _ status: HTTPResponse.Status, _ span: Duration
  ) {
    let page = page(of: context)
    let method = HTTPMethod(rawValue: request.method.rawValue) ?? .other
    metrics.add(
      to: Flowrex.consoleRequests, .of(\.method, method), .of(\.page, page),
      .of(\.status, StatusClass(status)))
    metrics.observe(Flowrex.consoleRequestDuration, span, .of(\.page, page))
    // The template and never the path: an address may hold what nobody should read.
    context.logger.log(
      level: page == .health ? .debug : .info, "page answered",
      metadata: [
        "method": "\(method.rawValue)", "page": "\(page.rawValue)", "status": "\(status.code)",
        "duration_ms": "\(span.wholeMilliseconds)", "ip_address": "\(context.address)",
      ])
  }
}
