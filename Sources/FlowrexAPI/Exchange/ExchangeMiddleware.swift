package import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
package import FlowrexServing
import FlowrexStore
package import FlowrexTraces
import FlowrexTrading
import HTTPTypes
package import Hummingbird
import Logging
import ServiceContract

/// What happens around every request, found or not: its name, its place in log and metrics, the
/// form of its failure, its headers. (S17-MET-08, S17-HDR-09, S18-AUD-01, S04-OBS-05, 06)
package struct ExchangeMiddleware: RouterMiddleware {
  package typealias Context = APIContext

  /// What it needs of the rest.
  package struct Parts: Sendable {
    let settings: BackendSettings
    let metrics: MetricRegistry
    let life: LifeCycle
    let table: RouteTable
    let draw: @Sendable (_ count: Int) -> [UInt8]
    let tracer: ServiceTracer?

    package init(
      settings: BackendSettings, metrics: MetricRegistry, life: LifeCycle, table: RouteTable,
      draw: @escaping @Sendable (_ count: Int) -> [UInt8], tracer: ServiceTracer? = nil
    ) {
      self.settings = settings
      self.metrics = metrics
      self.life = life
      self.table = table
      self.draw = draw
      self.tracer = tracer
    }
  }

  private let parts: Parts
  private let hosts: TrustedHosts
  private let crossOrigin: CrossOrigin
  /// The templates by what the router calls them.
  private let endpoints: [String: Endpoint]

  package init(_ parts: Parts) {
    self.parts = parts
    let settings = parts.settings
    hosts = TrustedHosts(settings.people.trustedHosts)
    crossOrigin = CrossOrigin(
      origins: settings.api.origins, areCredentialsAllowed: settings.api.areCredentialsAllowed)
    var endpoints: [String: Endpoint] = [:]
    for handler in parts.table.handlers {
      endpoints[RouterPath(handler.route.path).description] = Endpoint(
        rawValue: handler.route.path)
    }
    self.endpoints = endpoints
  }

  package func handle(
    _ request: Request, context: APIContext,
    next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let started = ContinuousClock.now
    var context = context
    context.address = ClientAddress.of(
      peer: context.peer, forwarded: request.headers[.forwardedFor],
      trusted: parts.settings.people.trustedProxies)
    context.requestID =
      RequestName.accepted(request.headers[.requestID])
      ?? RequestName.made(of: parts.draw(16))
    context.logger[metadataKey: "request_id"] = "\(context.requestID)"
    context.logger[metadataKey: "hb.request.id"] = nil
    parts.metrics.add(1, to: Flowrex.httpRequestsInProgress)
    defer { parts.metrics.add(-1, to: Flowrex.httpRequestsInProgress) }

    let span = RequestSpan(parts.tracer, request.head)
    if let trace = span?.sampledTrace { context.logger[metadataKey: "trace_id"] = "\(trace)" }
    let inner = context
    var response = await RequestSpan.within(span) { await answered(request, inner, next) }
    response.headers[.requestID] = context.requestID
    crossOrigin.add(to: &response.headers, origin: request.headers[.origin])
    SecurityHeaders.add(
      to: &response.headers, isDeployed: parts.settings.process.stage.isDeployed)
    // After a request that asked for another protocol nothing more is read.
    let isSwitched = response.status == .switchingProtocols
    if !isSwitched, parts.life.isClosing || request.headers[.upgrade] != nil {
      response.headers[.connection] = "close"
    }
    record(request, context, response.status, ContinuousClock.now - started)
    if !isHealth(context) {
      span?.end(
        request.method.rawValue, endpoint(of: context), response.status, context.requestID)
    }
    return response
  }

  private func answered(
    _ request: Request, _ context: APIContext,
    _ next: (Request, APIContext) async throws -> Response
  ) async -> Response {
    do {
      guard isHealth(context) || hosts.isTrusted(request.head.authority) else {
        throw Problem(.unknownHost)
      }
      if let preflight = crossOrigin.preflight(
        request.head, methods: parts.table.methods(of: request.uri.path))
      {
        return try preflight.get().response
      }
      return try await next(request, context)
    } catch let problem as Problem {
      return problem.answer(requestID: context.requestID).response
    } catch {
      return fault(error, request, context).answer(requestID: context.requestID).response
    }
  }

  /// What was thrown and is no problem of ours yet.
  private func fault(_ error: any Error, _ request: Request, _ context: APIContext) -> Problem {
    if let error = error as? HTTPError, error.status == .notFound {
      let methods = parts.table.methods(of: request.uri.path)
      guard !methods.isEmpty else { return Problem(.notFound) }
      return Problem(.methodNotAllowed, headers: [.allow: methods.joined(separator: ", ")])
    }
    if let error = error as? any HTTPResponseError {
      return Problem(error.status.code < 500 ? .malformedRequest : .internalFault)
    }
    if let fault = error as? StoreFault, let problem = Problem(fault) {
      context.logger.warning("the store failed", metadata: ["code": "\(problem.code.rawValue)"])
      return problem
    }
    if let fault = error as? TradingFault, let problem = Problem(fault) { return problem }
    if let fault = error as? StrategyFault { return Problem(fault) }
    // The type says what broke; its text may hold what nobody should read.
    context.logger.error(
      "a handler failed", metadata: ["fault": "\(String(describing: type(of: error)))"])
    return Problem(.internalFault)
  }

  private func isHealth(_ context: APIContext) -> Bool {
    switch endpoint(of: context) {
    case .health, .healthReady, .healthLive, .healthAlias, .readyAlias: true
    default: false
    }
  }

  private func endpoint(of context: APIContext) -> Endpoint {
    context.endpointPath.flatMap { endpoints[$0] } ?? .unmatched
  }

  private func record(
    _ request: Request, _ context: APIContext, _ status: HTTPResponse.Status, _ span: Duration
  ) {
    let endpoint = endpoint(of: context)
    let method = HTTPMethod(rawValue: request.method.rawValue) ?? .other
    parts.metrics.add(
      to: Flowrex.httpRequests, .of(\.method, method), .of(\.endpoint, endpoint),
      .of(\.status, StatusClass(status)))
    parts.metrics.observe(
      Flowrex.httpRequestDuration, span, .of(\.method, method), .of(\.endpoint, endpoint))
    // The template and never the path: an address may hold what nobody should read.
    var fields: Logger.Metadata = [
      "method": "\(method.rawValue)", "endpoint": "\(endpoint.rawValue)",
      "status": "\(status.code)", "duration_ms": "\(span.wholeMilliseconds)",
      "ip_address": "\(context.address)",
    ]
    if let person = context.caller.person { fields["user"] = "\(person)" }
    context.logger.log(
      level: isHealth(context) ? .debug : .info, "request answered", metadata: fields)
  }
}
