import FlowrexAuth
import FlowrexContract
import FlowrexServing
import FlowrexStore
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceContract

/// One mounted route: gate, audit, body, deadline, handler, in this order.
struct ServedRoute: HTTPResponder {
  typealias Context = APIContext

  let handler: RouteHandler
  let gate: Gate
  let audit: AuditNotes
  /// In bytes: no request of ours is larger than a page of text, whatever the edge lets through.
  static let largestBody = 65_536
  let maxBody: Int
  /// The chain's own bound, above what a route says. (C-35)
  let requestTimeout: Duration

  func respond(to request: Request, context: APIContext) async throws -> Response {
    let route = handler.route
    let end = ContinuousClock.now + min(route.within, requestTimeout)
    let authorization = try Self.single(request.headers, .authorization)
    let (address, caller, logger) = (context.address, context.caller, context.logger)
    let pass: Gate.Pass
    do {
      pass = try await Deadline.run(until: end, orThrow: Problem.late) {
        try await gate.pass(
          route, authorization: authorization, address: address, caller: caller, logger: logger)
      }
    } catch let problem as Problem where problem.code == .forbidden {
      // Somebody who signed in knocks at a door that is not theirs.
      try await audit.note(
        .answered, call(request, context), actor: caller.person, status: problem.code.status.code,
        until: end)
      throw problem
    }
    do {
      var answer: Answer
      if let person = pass.person, AuditNotes.isNoted(handler, by: person) {
        answer = try await audit.noting(
          call(request, context, person), by: person, until: end
        ) { try await done(request, context, pass, until: end) }
      } else {
        answer = try await done(request, context, pass, until: end)
      }
      answer.headers.append(contentsOf: pass.headers)
      return answer.response
    } catch var problem as Problem {
      problem.headers.append(contentsOf: pass.headers)
      throw problem
    }
  }

  private func done(
    _ request: Request, _ context: APIContext, _ pass: Gate.Pass,
    until end: ContinuousClock.Instant
  ) async throws -> Answer {
    // The body belongs to the connection: it is read to its end, or not at all any more. Where none
    // is taken nothing is waited for, and nothing needs an end.
    let body =
      handler.route.takesBody
      ? try await Deadline.cancelling(until: end, orThrow: Problem.late) {
        try await read(request)
      } : try await read(request)
    let call = call(request, context, pass.person, body: body)
    let handler = handler
    let late = handler.route.isWrite ? Problem.unknown : .late
    return try await Deadline.run(until: end, orThrow: late) { try await handler.work(call) }
  }

  private func call(
    _ request: Request, _ context: APIContext, _ person: AccessToken? = nil, body: [UInt8] = []
  ) -> Call {
    Call(
      route: handler.route, person: person, parameters: Self.parameters(context),
      query: Self.query(request), headers: request.headers, body: body,
      address: context.address, requestID: context.requestID)
  }

  /// A header that may stand there once.
  private static func single(
    _ headers: HTTPFields, _ name: HTTPField.Name
  ) throws -> String? {
    let values = headers[values: name]
    guard values.count < 2 else { throw Problem(.malformedRequest) }
    return values.first
  }

  private static func parameters(_ context: APIContext) -> [String: String] {
    var result: [String: String] = [:]
    for (name, value) in context.parameters { result[String(name)] = String(value) }
    return result
  }

  private static func query(_ request: Request) -> [(name: String, value: String)] {
    request.uri.queryParameters.map { (String($0.key), String($0.value)) }
  }

  /// The body, if the route takes one: JSON, as it is, and not larger than allowed. (S18-NGX-04)
  private func read(_ request: Request) async throws -> [UInt8] {
    let length = request.headers[.contentLength]
    if let length, let length = Int(length), length > maxBody { throw Problem(.bodyTooLarge) }
    guard handler.route.takesBody else { return [] }
    var collected = ByteBuffer()
    do {
      for try await part in request.body {
        guard collected.readableBytes + part.readableBytes <= maxBody else {
          throw Problem(.bodyTooLarge, headers: [.connection: "close"])
        }
        collected.writeImmutableBuffer(part)
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      // Chunks that are none, or a connection that broke: nothing more can be read from it.
      throw Problem(.malformedRequest, headers: [.connection: "close"])
    }
    guard collected.readableBytes > 0 else { return [] }
    guard request.headers[.contentEncoding] == nil,
      let type = request.headers[.contentType], Self.isJSON(type)
    else { throw Problem(.unsupportedMediaType) }
    return Array(collected.readableBytesView)
  }

  private static func isJSON(_ type: String) -> Bool {
    let parts = type.lowercased().split(separator: ";").map { part in
      String(part.filter { $0 != " " })
    }
    return parts.first == "application/json"
      && parts.dropFirst().allSatisfy { $0 == "charset=utf-8" }
  }
}
