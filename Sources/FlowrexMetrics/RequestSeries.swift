import FlowrexContract
import ServiceContract

/// Which series of requests can occur: a route with its own method, and whatever a scanner sends.
///
/// All methods times all templates would be five thousand series of which most stay at zero for
/// ever; each of these would be scraped and stored.
enum RequestSeries {
  static func possible(
    _ routes: [Route]
  ) -> [String: @Sendable (_ values: [String: String]) -> Bool] {
    var mounted: Set<String> = []
    for route in routes {
      let method = route.method == .webSocket ? Route.Method.get : route.method
      mounted.insert("\(method.rawValue) \(route.path)")
    }
    let isPossible: @Sendable ([String: String]) -> Bool = { [mounted] values in
      guard let endpoint = values["endpoint"], let method = values["method"] else { return true }
      return endpoint == Endpoint.unmatched.rawValue || mounted.contains("\(method) \(endpoint)")
    }
    return [
      Flowrex.httpRequests.name: isPossible, Flowrex.httpRequestDuration.name: isPossible,
    ]
  }
}
