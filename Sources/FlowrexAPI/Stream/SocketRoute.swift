import FlowrexContract
import FlowrexServing
import FlowrexStream
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceContract

/// The way to a stream: origin, gate, handshake, a place; then the connection changes its
/// protocol. (S18-NGX-17, S04-RL-06)
struct SocketRoute: HTTPResponder {
  typealias Context = APIContext

  let route: Route
  let gate: Gate
  let hub: StreamHub
  let life: LifeCycle
  let crossOrigin: CrossOrigin
  let requestTimeout: Duration

  func respond(to request: Request, context: APIContext) async throws -> Response {
    // A page of another origin: browsers let it ask, so it is refused here. Who is no browser
    // sends no origin, and has a token or nothing: no cookie lets anybody in.
    let origins = request.headers[values: .origin]
    guard origins.count < 2, origins.allSatisfy(crossOrigin.isAllowed) else {
      _ = hub.refused(.origin)
      throw Problem(.originNotAllowed, headers: [.connection: "close"])
    }
    let pass = try await passed(request, context)
    do {
      guard let handshake = try SocketHandshake(request.head), let person = pass.person else {
        throw SocketHandshake.required
      }
      guard life.phase == .serving else { throw Self.problem(hub.refused(.draining)) }
      let session: StreamSession
      do { session = try hub.admit(person) } catch { throw Self.problem(error) }
      try await Self.expect(session, on: context.channel)
      var response = Response(
        status: .switchingProtocols, headers: pass.headers + handshake.headers)
      response.headers[.contentLength] = nil
      return response
    } catch var problem as Problem {
      problem.headers.append(contentsOf: pass.headers)
      throw problem
    }
  }

  private func passed(_ request: Request, _ context: APIContext) async throws -> Gate.Pass {
    let authorization = try SocketHandshake.authorization(request.headers)
    let (address, caller, logger) = (context.address, context.caller, context.logger)
    let end = ContinuousClock.now + min(route.within, requestTimeout)
    do {
      return try await Deadline.run(until: end, orThrow: Problem.late) { [gate, route] in
        try await gate.pass(
          route, authorization: authorization, address: address, caller: caller, logger: logger)
      }
    } catch let problem as Problem where problem.code == .unauthenticated {
      _ = hub.refused(.unauthenticated)
      throw problem
    }
  }

  /// The session waits in the connection for the answer that changes its protocol.
  private static func expect(_ session: StreamSession, on channel: any Channel) async throws {
    do {
      try await channel.eventLoop.submit {
        try channel.pipeline.syncOperations.handler(type: SocketSwitch.self).expect(session)
      }.get()
    } catch {
      session.ended()
      throw error
    }
  }

  private static func problem(_ refused: SocketRefused) -> Problem {
    let headers: HTTPFields = [.retryAfter: "5", .connection: "close"]
    switch refused.reason {
    case .perUser: return Problem(.tooManyStreams, headers: headers)
    case .full: return Problem(.streamsFull, headers: headers)
    case .draining: return Problem(.notReady, headers: headers)
    case .origin: return Problem(.originNotAllowed, headers: headers)
    case .unauthenticated: return Problem(.unauthenticated, headers: headers)
    }
  }
}

extension HTTPFields {
  fileprivate static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.append(contentsOf: right)
    return sum
  }
}
