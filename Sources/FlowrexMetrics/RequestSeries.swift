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
    let unmatched: Set = [Endpoint.unmatched.rawValue, ConsoleEndpoint.unmatched.rawValue]
    let isPossible: @Sendable ([String: String]) -> Bool = { [mounted] values in
      guard let template = values["endpoint"] ?? values["page"], let method = values["method"]
      else { return true }
      return unmatched.contains(template) || mounted.contains("\(method) \(template)")
    }
    return [
      Flowrex.httpRequests.name: isPossible, Flowrex.httpRequestDuration.name: isPossible,
      Flowrex.consoleRequests.name: isPossible,
    ]
  }
}
