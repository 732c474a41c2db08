import FlowrexContract
import Foundation
package import ServiceContract
import Synchronization

/// The API as one signed-in person reaches it, during one request of theirs.
package final class PersonAPI: Sendable {
  private let client: APIClient
  private let refresher: Refresher
  private let origin: APIClient.Origin
  private let state: Mutex<ConsoleSession>
  private let wasRefreshed = Mutex(false)
  /// Seconds since 1970.
  private let now: @Sendable () -> Int64

  /// A token that ends in the next seconds would end on its way.
  private static let margin: Int64 = 20

  package init(
    _ session: ConsoleSession, client: APIClient, refresher: Refresher, origin: APIClient.Origin,
    now: @escaping @Sendable () -> Int64
  ) {
    self.client = client
    self.refresher = refresher
    self.origin = origin
    self.now = now
    state = Mutex(session)
  }

  package var session: ConsoleSession { state.withLock { $0 } }

  /// The session as it has to be given back, if its tokens are other ones now.
  package var changed: ConsoleSession? { wasRefreshed.withLock { $0 } ? session : nil }

  /// Reads something.
  ///
  /// - Throws: `APIFault`.
  package func get<Value: Decodable>(
    _ route: Route, _ values: [String] = [], query: [(String, String)] = [],
    as type: Value.Type = Value.self
  ) async throws -> Value {
    try await call(route, values, query: query).decoded(type)
  }

  /// Reads something, and keeps the reason when it cannot: a page shows what there is.
  package func part<Value: Decodable & Sendable>(
    _ route: Route, _ values: [String] = [], query: [(String, String)] = [],
    as type: Value.Type = Value.self
  ) async throws -> Result<Value, APIFault> {
    do {
      return .success(try await get(route, values, query: query, as: type))
    } catch let fault as APIFault {
      // Without a session there is no page at all.
      if fault.isUnauthenticated { throw fault }
      return .failure(fault)
    }
  }

  /// Does something. It is asked once: what is not answered may be done.
  package func call(
    _ route: Route, _ values: [String] = [], query: [(String, String)] = [],
    headers: [(name: String, value: String)] = [], json: [UInt8] = []
  ) async throws -> APIReply {
    if session.tokens.accessEnds - Self.margin <= now() { try await refresh() }
    do {
      return try await ask(route, values, query, headers, json)
    } catch let fault as APIFault where fault.isUnauthenticated {
      // The token ended earlier than we knew; a request that was refused was not done.
      try await refresh()
      return try await ask(route, values, query, headers, json)
    }
  }

  private func ask(
    _ route: Route, _ values: [String], _ query: [(String, String)],
    _ headers: [(name: String, value: String)], _ json: [UInt8]
  ) async throws -> APIReply {
    let bearer = ("Authorization", "Bearer \(session.tokens.access)")
    return try await client.call(
      route, values, query: query, headers: headers + [bearer], body: json, from: origin)
  }

  private func refresh() async throws {
    let fresh = try await refresher.refreshed(session.tokens, from: origin)
    state.withLock { $0.tokens = fresh }
    wasRefreshed.withLock { $0 = true }
  }
}
