import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The variables that decide what differs from request to request, and the zones of the limits.
extension NginxEdge {
  /// What a location is: the value of `$kind`.
  enum Kind: String {
    case api, page, asset, socket
  }

  var variables: [NginxNode] {
    [errorFormat, retryAfter(limits: limitClasses), allow] + requestIDVariable + headerVariables
      + upgradeVariables + maintenanceVariables + limitVariables
  }

  /// Browsers that open a page ask for HTML; programs and scripts get JSON.
  var errorFormat: NginxNode {
    .map("$http_accept", to: "error_format", default: "json", [("~*text/html", "html")])
  }

  /// When a client may come back. An answer of an upstream brings its own; this is for the edge's
  /// own refusals, which have no upstream status. (S17-RL-06, C-55)
  func retryAfter(limits: [LimitClass]) -> NginxNode {
    .map(
      "$status:$upstream_status", to: "retry_after", default: "",
      (limits.isEmpty ? [] : [("429:", "$limit_pause")])
        + [("503:", String(EdgeTime.comeBack.wholeSeconds))])
  }

  /// What a location takes, told to those who tried something else.
  private var allow: NginxNode {
    .map("$status:$upstream_status", to: "allow", default: "", [("405:", "$methods")])
  }

  /// Anybody else than a proxy that we know could forge an id that is already somebody's.
  var requestIDVariable: [NginxNode] {
    guard !edge.proxies.ranges.isEmpty else { return [] }
    return [
      .map(
        "$is_trusted_proxy:$http_x_request_id", to: "kept_request_id", default: "$request_id",
        [(#"~^1:(?<incoming_id>[A-Za-z0-9._-]{8,128})$"#, "$incoming_id")], from: proxiesOrigin)
    ]
  }

  private var headerVariables: [NginxNode] {
    var nodes: [NginxNode] = []
    nodes.append(
      .map(
        "$kind", to: "content_policy", default: Self.closedPolicy,
        [(Kind.page.rawValue, pagePolicy), (Kind.asset.rawValue, pagePolicy)],
        from: namesOrigin))
    // What the application does not call cacheable is not, least of all an error of an asset.
    // The first word is there because nginx looks nothing up for an empty one.
    nodes.append(
      .map(
        "says:$upstream_http_cache_control", to: "own_cache_control",
        default: "$upstream_http_cache_control", [("says:", "no-store")]))
    let immutable = "public, max-age=\(EdgeTime.immutable.wholeSeconds), immutable"
    nodes.append(
      .map(
        "$kind:$status", to: "cache_control", default: "$own_cache_control",
        [("~^\(Kind.asset.rawValue):(?:200|206|304)$", immutable)]))
    if edge.strictTransport {
      nodes.append(
        .map(
          "$scheme", to: "strict_transport", default: "",
          [
            (
              "https",
              "max-age=\(EdgeTime.strictTransport.wholeSeconds); includeSubDomains"
            )
          ]))
    }
    return nodes
  }

  /// Only a WebSocket's location passes an upgrade on, and only to that protocol; every other
  /// request leaves the connection open for the next one. (N03, N04, S18-NGX-15)
  private var upgradeVariables: [NginxNode] {
    let socket = "~*^\(Kind.socket.rawValue):websocket$"
    return [
      .map("$kind:$http_upgrade", to: "upgrade", default: "", [(socket, "websocket")]),
      .map("$kind:$http_upgrade", to: "connection_upgrade", default: "", [(socket, "upgrade")]),
    ]
  }

  /// Whether a request is refused because of maintenance. Asked again after an internal redirect,
  /// so that the page that says so is not refused itself. (C-55)
  private var maintenanceVariables: [NginxNode] {
    let health = edge.locations.compactMap { location -> (String, String)? in
      guard location.isHealth, case .exactly(let path) = location.match else { return nil }
      return ("on:" + path, "0")
    }
    let own = "~^on:" + Self.pattern(EdgePath.ownPages)
    return [
      .map(
        "$maintenance:$uri", to: "is_closed", default: "0",
        health + [(own, "0"), ("~^on:", "1")], volatile: true)
    ]
  }

  /// The class of a request where its method decides, how long its client shall wait, and the
  /// name under which it is counted.
  private var limitVariables: [NginxNode] {
    guard !limitClasses.isEmpty else { return [] }
    var nodes: [NginxNode] = []
    var seen: Set<String> = []
    for location in edge.locations where location.limitsByMethod {
      guard seen.insert(classVariable(of: location)).inserted else { continue }
      // HEAD and OPTIONS count as GET, or as the first that there is.
      let names = location.orderedMethods.map { ($0.verb, location.limits[$0]?.name ?? "") }
      nodes.append(
        .map(
          "$request_method", to: classVariable(of: location), default: names.first?.1 ?? "",
          Array(names.dropFirst()), from: [location.origin]))
    }
    nodes.append(
      .map(
        "$limit_class", to: "limit_pause", default: "1",
        limitClasses.map { ($0.name, String((59 + $0.perMinute) / $0.perMinute)) }))
    nodes += limitClasses.filter(isSelective).map { limit in
      .map(
        "$limit_class", to: keyVariable(of: limit), default: "",
        [(limit.name, "$binary_remote_addr")], from: origins(of: limit))
    }
    return nodes
  }

  /// One zone a class, by the client's address as ``realAddress`` found it. (C-07, S18-NGX-06)
  var limitZones: [NginxNode] {
    guard !limitClasses.isEmpty else { return [] }
    return limitClasses.map { limit in
      let key = isSelective(limit) ? "$" + keyVariable(of: limit) : "$binary_remote_addr"
      return .directive(
        "limit_req_zone", key, "zone=\(limit.name):10m", "rate=\(limit.perMinute)r/m",
        from: origins(of: limit))
    } + [
      // 503 would look like an outage. (N06)
      .directive("limit_req_status", "429"),
      // The access log has them; the error log would add what stands behind the question mark.
      .directive("limit_req_log_level", "info"),
    ]
  }

  /// Whether some location counts only a part of its requests in this class.
  private func isSelective(_ limit: LimitClass) -> Bool {
    edge.locations.contains { $0.limitsByMethod && $0.classes.contains(limit) }
  }

  private func keyVariable(of limit: LimitClass) -> String { "address_for_\(limit.name.variable)" }

  /// `by_get_standard_post_orders`: the same for all locations whose methods agree.
  func classVariable(of location: EdgeLocation) -> String {
    location.orderedMethods.reduce(into: "by") { name, method in
      let limit = location.limits[method]?.name.variable ?? "none"
      name += "_\(method.verb.lowercased())_\(limit)"
    }
  }

  /// The text as a regular expression that matches only it.
  static func pattern(_ text: String) -> String {
    // What no pattern takes for a sign of its own.
    if text.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit }) { return text }
    return text.reduce(into: "") { pattern, character in
      pattern += #".\+*?[^]$(){}=!<>|:-"#.contains(character) ? "\\\(character)" : "\(character)"
    }
  }
}

extension Route.Method {
  /// As it stands in a request.
  var verb: String { self == .webSocket ? Route.Method.get.rawValue : rawValue }
}

extension String {
  /// As a part of the name of a variable.
  fileprivate var variable: String { String(map { $0 == "-" ? "_" : $0 }) }
}
