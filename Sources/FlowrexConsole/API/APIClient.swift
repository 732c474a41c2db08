import FlowrexContract
package import FlowrexMetrics
import Foundation
package import ServiceContract

/// Asks the API by the contract's routes, for one request of a person.
package struct APIClient: Sendable {
  /// Who asks, and from where: passed on, so that the API limits and records the person and not
  /// the console. (S17-RL-05, S18-AUD-01, S04-OBS-06)
  package struct Origin: Sendable {
    let address: String
    let requestID: String

    package init(address: String, requestID: String) {
      self.address = address
      self.requestID = requestID
    }
  }

  private let transport: any APITransport
  private let metrics: MetricRegistry
  /// A call of the API, whatever its route may take. (C-35)
  private let limit: Duration

  package init(_ transport: any APITransport, metrics: MetricRegistry, limit: Duration) {
    self.transport = transport
    self.metrics = metrics
    self.limit = limit
  }

  /// - Parameters:
  ///   - values: For the template's `{…}`, in their order.
  ///   - headers: Beside those that every call has.
  /// - Throws: `APIFault`, also for every status that is no success.
  package func call(
    _ route: Route, _ values: [String] = [], query: [(String, String)] = [],
    headers: [(name: String, value: String)] = [], body: [UInt8] = [], from origin: Origin
  ) async throws -> APIReply {
    var fields: [(name: String, value: String)] = [
      ("Accept", "application/json"), ("User-Agent", "flowrex-console"),
      ("X-Request-ID", origin.requestID), ("X-Forwarded-For", origin.address),
    ]
    if !body.isEmpty { fields.append(("Content-Type", "application/json")) }
    let request = APIRequest(
      route.method.rawValue, Self.path(route, values, query), headers: fields + headers,
      body: body)
    let reply: APIReply
    do {
      // A little more than the route's own time: the API's word is better than ours.
      reply = try await transport.send(request, within: min(limit, route.within + .seconds(1)))
    } catch {
      count(error is APIFault && error as? APIFault == .unanswered ? .timedOut : .failed)
      throw error
    }
    guard (200...299).contains(reply.status) else {
      count(reply.status < 500 ? .refused : .failed)
      throw Self.fault(of: reply)
    }
    count(.succeeded)
    return reply
  }

  private func count(_ outcome: CallOutcome) {
    metrics.add(to: Flowrex.consoleCalls, .of(\.outcome, outcome))
  }

  private static func path(
    _ route: Route, _ values: [String], _ query: [(String, String)]
  ) -> String {
    var rest = values[...]
    let segments = route.path.split(separator: "/").map { segment in
      segment.hasPrefix("{") ? PercentText.encoded(rest.popFirst() ?? "") : String(segment)
    }
    let pairs = query.map { "\(PercentText.encoded($0.0))=\(PercentText.encoded($0.1))" }
    let path = "/" + segments.joined(separator: "/")
    return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
  }

  private static func fault(of reply: APIReply) -> APIFault {
    let problem = try? JSONDecoder().decode(APIProblem.self, from: Data(reply.body))
    guard let problem, problem.status == reply.status else { return .unreadable }
    return .problem(problem)
  }
}

extension APIReply {
  /// The body as what the contract says it is.
  ///
  /// - Throws: `APIFault.unreadable`.
  package func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let value = try? decoder.decode(type, from: Data(body)) else {
      throw APIFault.unreadable
    }
    return value
  }
}
