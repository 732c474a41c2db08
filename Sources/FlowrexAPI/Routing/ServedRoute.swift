import FlowrexContract
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceContract

/// One mounted route: gate, body, deadline, handler, in this order.
struct ServedRoute: HTTPResponder {
  typealias Context = APIContext

  let handler: RouteHandler
  let gate: Gate
  let maxBody: Int
  /// The chain's own bound, above what a route says. (C-35)
  let requestTimeout: Duration

  func respond(to request: Request, context: APIContext) async throws -> Response {
    let route = handler.route
    let limit = min(route.within, requestTimeout)
    return try await Deadline.run(within: limit) {
      let pass = try await gate.pass(
        route, authorization: try Self.single(request.headers, .authorization),
        address: context.address, logger: context.logger)
      do {
        var answer = try await handler.work(
          Call(
            route: route, person: pass.person, parameters: Self.parameters(context),
            query: Self.query(request), headers: request.headers,
            body: try await body(of: request), address: context.address,
            requestID: context.requestID))
        answer.headers.append(contentsOf: pass.headers)
        return answer.response
      } catch var problem as Problem {
        problem.headers.append(contentsOf: pass.headers)
        throw problem
      }
    }
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
  private func body(of request: Request) async throws -> [UInt8] {
    let length = request.headers[.contentLength]
    if let length, let length = Int(length), length > maxBody { throw Problem(.bodyTooLarge) }
    let takesBody = [.post, .put, .patch].contains(handler.route.method)
    guard takesBody else { return [] }
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

/// Ends work that takes too long. (C-35, S17-VAR-16)
enum Deadline {
  static func run<Value: Sendable>(
    within limit: Duration, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: limit)
        throw Problem(.timedOut, headers: [.retryAfter: "1"])
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw Problem(.timedOut) }
      return value
    }
  }
}
