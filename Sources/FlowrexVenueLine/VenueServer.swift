import FlowrexContract
import FlowrexServing
package import FlowrexTrading
import FlowrexVenue
import HTTPTypes
package import Hummingbird
import Ledger
package import Logging
package import NIOCore
import ServiceContract

/// Answers a venue's four questions over HTTP, on a port of the inner network. (S17-ENV-03)
package struct VenueServer: Sendable {
  private let venue: any Broker
  private let fates: FateSource
  private let host: String
  private let port: Int
  private let logger: Logger

  /// - Parameter seed: of the line's moods.
  package init(
    _ venue: any Broker, temper: LineTemper = .calm, seed: UInt64, host: String, port: Int,
    logger: Logger
  ) {
    self.venue = venue
    fates = FateSource(temper, seed: seed)
    self.host = host
    self.port = port
    self.logger = logger
  }

  /// A submission is far below.
  private static let largestBody = 16 * 1_024
  private static let mostEvents = 10_000

  private typealias Answer = @Sendable (Request, BasicRequestContext) async throws -> Response

  /// - Parameter ready: told the port when the server listens.
  package func application(
    _ loops: any EventLoopGroup, ready: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> Application<RouterResponder<BasicRequestContext>> {
    let router = Router(context: BasicRequestContext.self)
    for route in Program.venue.peerRoutes {
      let answer = answer(route)
      router.on(
        RouterPath(route.path), method: route.method == .post ? .post : .get
      ) { request, context in
        try await serve(request, context, answer)
      }
    }
    return Application(
      router: router, server: .http1(configuration: ServerChannel.configuration),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { ready($0.localAddress?.port ?? 0) },
      eventLoopGroupProvider: .shared(loops), logger: logger)
  }

  private func answer(_ route: Route) -> Answer {
    switch route {
    case .venueSubmit: submit
    case .venueCancel: cancel
    case .venueLookUp: lookUp
    case .venueEvents: events
    default: preconditionFailure("\(route.path) is answered by nobody")
    }
  }

  private func serve(
    _ request: Request, _ context: BasicRequestContext, _ answer: Answer
  ) async throws -> Response {
    let fate = fates.next()
    if fate.pause > .zero { try await Task.sleep(for: fate.pause) }
    if fate.loss == .question { return Self.torn }
    let response: Response
    do throws(Refusal) {
      response = try await refusing { try await answer(request, context) }
    } catch { return Response(status: error.status) }
    if fate.pause > .zero { try await Task.sleep(for: fate.pause) }
    return fate.loss == .answer ? Self.torn : response
  }

  /// An answer that ends before it began to say something.
  private static var torn: Response {
    struct Torn: Error {}
    return Response(
      status: .ok, headers: [.contentLength: "2"],
      body: ResponseBody(contentLength: 2) { _ in throw Torn() })
  }

  private struct Refusal: Error {
    let status: HTTPResponse.Status
  }

  private func refusing(
    _ body: () async throws -> Response
  ) async throws(Refusal) -> Response {
    do { return try await body() } catch let refusal as Refusal { throw refusal } catch {
      // It cannot be said whether it was done.
      throw Refusal(status: .internalServerError)
    }
  }

  private func submit(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await request.body.collect(upTo: Self.largestBody)
    guard let message = try? VenueJSON.read(SubmitMessage.self, body.readableBytesView),
      let submission = try? message.order.submission()
    else { throw Refusal(status: .badRequest) }
    guard message.guarantee == GuaranteeText.of(venue.guarantee) else {
      throw Refusal(status: .init(code: LineStatus.otherGuarantee))
    }
    return try json(SubmitAnswer(try await venue.submit(submission)))
  }

  private func cancel(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    try json(CancelAnswer(try await venue.cancel(try order(context))))
  }

  private func lookUp(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let order = try order(context)
    do {
      return try json(LookUpAnswer(try await venue.lookUp(order)))
    } catch BrokerFault.unsupported {
      throw Refusal(status: .notImplemented)
    }
  }

  private func events(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let query = request.uri.queryParameters
    guard let after = query["after"].flatMap({ Int64($0) }),
      let epoch = query["epoch"].flatMap({ Int64($0) }),
      let limit = query["limit"].flatMap({ Int($0) }), (1...Self.mostEvents).contains(limit)
    else { throw Refusal(status: .badRequest) }
    return try json(NewsAnswer(try await venue.events(after: after, of: epoch, limit: limit)))
  }

  private func order(_ context: BasicRequestContext) throws -> OrderID {
    guard let id = context.parameters.get("id").flatMap({ OrderID(text: $0) }) else {
      throw Refusal(status: .badRequest)
    }
    return id
  }

  private func json(_ answer: some Encodable) throws -> Response {
    let bytes = try VenueJSON.bytes(answer)
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
