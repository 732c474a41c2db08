import FlowrexCache
import FlowrexContract
import FlowrexServing
import HTTPTypes
import ServiceContract

extension RouteHandler {
  /// The same, but that the answer may be a few seconds old: `as_of` says of which moment it is,
  /// and the header `Age` how many seconds ago it was made. (S03-ARCH-02, C-63)
  ///
  /// Only what is asked without parameters is kept: who invents questions fills no cache. A
  /// problem is never kept.
  ///
  /// - Parameter scope: whose view it is.
  func cached(
    _ cache: CacheName, in views: ViewCache, scope: @escaping @Sendable (Call) throws -> String
  ) -> RouteHandler {
    RouteHandler(route, document, notesItself: notesItself) { [route, work] call in
      guard call.query.isEmpty else { return try await work(call) }
      let parameters = call.parameters.sorted { $0.key < $1.key }.map(\.value)
      let name = ViewName(
        cache, of: try scope(call), ([route.path] + parameters).joined(separator: " "))
      let view = try await views.view(name) { try await work(call).body }
      return Answer(
        status: .ok, headers: [.named("Age"): "\(view.age.wholeSeconds)"], body: view.bytes,
        type: "application/json")
    }
  }
}
