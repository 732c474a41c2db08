import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What is sent where. Every path that the contract names has its own location; nothing reaches the
/// API by accident. (N18, S18-NGX-14 … 21)
extension NginxEdge {
  var locations: [NginxNode] {
    let catchesAll = edge.locations.contains { $0.match == .prefix("/") }
    let rest: [NginxNode] = catchesAll ? [] : [.location(["/"], [.directive("return", "404")])]
    return [metricsLocation, pagesLocation] + edge.locations.map(location) + rest
  }

  /// Metrics have a port of their own, inside. (C-05, S18-NGX-18)
  private var metricsLocation: NginxNode {
    .location(["=", "/metrics"], [.directive("return", "404")])
  }

  private func location(_ location: EdgeLocation) -> NginxNode {
    var nodes: [NginxNode] = []
    if !location.isAPI, hasOwnAPIName {
      // Before the kind is set: what the API's name refuses is never a page's.
      nodes.append(.refuse(404, if: ["$host", "=", edge.names.api], from: namesOrigin))
    }
    nodes += [
      .set("kind", location.kind.rawValue), .set("methods", location.verbs.joined(separator: ", ")),
      .refuse(
        405, if: ["$request_method", "!~", "^(?:\(location.verbs.joined(separator: "|")))$"]),
    ]
    nodes += limit(of: location)
    nodes += timeouts(of: location)
    // A browser's handshake has no header for a token but the address, which errors quote.
    if location.isWebSocket { nodes.append(.directive("error_log", "stderr", "crit")) }
    if location.methods.contains(where: { $0 == .put || $0 == .delete }) {
      nodes.append(.directive("proxy_next_upstream", "off"))
    }
    if location.isStatic { nodes.append(.directive("gzip", "on")) }
    // Asked every few seconds, by many. (S18-NGX-19)
    if location.isHealth { nodes.append(.directive("access_log", "off")) }
    nodes.append(.directive("proxy_pass", "http://\(location.upstream)"))
    return .location(location.words, nodes, from: [location.origin])
  }

  /// All that may come at once is let through at once, the rest is told to wait. (S18-NGX-14, 17)
  private func limit(of location: EdgeLocation) -> [NginxNode] {
    guard edge.limits, !location.classes.isEmpty else { return [] }
    let value =
      location.limitsByMethod
      ? "$" + classVariable(of: location) : location.classes.first?.name ?? ""
    return [.set("limit_class", value)]
      + location.classes.map {
        .directive("limit_req", "zone=\($0.name)", "burst=\($0.burst)", "nodelay")
      }
  }

  /// (C-35, S18-NGX-16, 17)
  private func timeouts(of location: EdgeLocation) -> [NginxNode] {
    let read = location.isWebSocket ? EdgeTime.webSocket : EdgeTime.read(location.within)
    let nodes: [NginxNode] = [.directive("proxy_read_timeout", read.nginx)]
    return location.isWebSocket
      ? nodes + [.directive("proxy_send_timeout", read.nginx)] : nodes
  }
}

extension EdgeLocation {
  fileprivate var kind: NginxEdge.Kind {
    if isWebSocket { return .socket }
    if isStatic { return .asset }
    return isAPI || isHealth ? .api : .page
  }

  /// The methods that it takes, as they stand in a request. Browsers ask the API with `OPTIONS`
  /// what another origin may do; the service answers. (C-15)
  fileprivate var verbs: [String] {
    var verbs: Set<String> = Set(methods.map(\.verb))
    if verbs.contains("GET"), !isWebSocket { verbs.insert("HEAD") }
    if isAPI, !isWebSocket { verbs.insert("OPTIONS") }
    return verbs.sorted()
  }

  /// The words behind `location`: exact paths exactly, templates as anchored patterns.
  var words: [String] {
    switch match {
    case .exactly(let path): ["=", path]
    case .template(let template): ["~", NginxEdge.pattern(ofTemplate: template)]
    // A prefix that no pattern may overrule.
    case .prefix(let prefix): prefix == "/" ? ["/"] : ["^~", prefix]
    }
  }
}

extension NginxEdge {
  /// `/orders/{id}` is `^/orders/[^/]+$`.
  static func pattern(ofTemplate template: String) -> String {
    let segments = template.split(separator: "/", omittingEmptySubsequences: false)
    let patterns = segments.map { segment in
      segment.hasPrefix("{") && segment.hasSuffix("}") ? "[^/]+" : pattern(String(segment))
    }
    return "^" + patterns.joined(separator: "/") + "$"
  }
}
