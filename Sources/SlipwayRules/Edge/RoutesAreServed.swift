import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every route of the contract has a location of its own that lets its method through, waits as
/// long as the service may take, and forwards. Looks at the bytes of nginx.conf. (C-10, C-24)
package enum RoutesAreServed: Rule {
  package static let id = "edge/routes-are-served"
  package static let why =
    "a route that the edge does not know answers 404, whatever the service does"
  package static let fix = "this is a defect of the generator: please report the route"
  package static let source = ["C-10", "C-35", "S18-NGX-07", "S18-EP-01"]

  package static let breakers: [Breaker] = [
    .file(
      "a route without a location", "nginx/nginx.conf", replacing: "location = /health {",
      with: "location = /healthy {"),
    .file(
      "a location that refuses the method", "nginx/nginx.conf",
      replacing:
        "location = /health {\n      set $kind api;\n      set $methods \"GET, HEAD, OPTIONS\";",
      with: "location = /health {\n      set $kind api;\n      set $methods \"POST, OPTIONS\";"),
    .file(
      "a location that forwards nowhere", "nginx/nginx.conf",
      replacing: "      access_log off;\n      proxy_pass http://",
      with: "      access_log off;\n      return 404; # http://"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    guard environment.edge?.locations.contains(where: \.isAPI) == true,
      let nginx = subject.nginx("nginx/nginx.conf")
    else { return [] }
    let locations = Locations(nginx.tree.nodes)
    return environment.project.contract.routes.compactMap { route in
      guard let location = locations.serving(route.path) else {
        return Violation(.missing(route), lands: Landing(path: nginx.file.path))
      }
      let place = nginx.landing(line: location.start.line)
      guard location.value(of: "proxy_pass") != nil else {
        return Violation(.unforwarded(route), lands: place)
      }
      let methods = location.children.first { $0.name == "set" && $0.arguments.first == "$methods" }
      let method = route.method == .webSocket ? "GET" : route.method.rawValue
      guard methods?.arguments.last?.split(separator: ", ").contains(Substring(method)) != false
      else { return Violation(.refused(route), lands: place) }
      return nil
    }
  }
}

/// The locations of a configuration by what they match. There are as many as routes, so their words
/// are taken apart once and not again for each route.
private struct Locations {
  private var byMatch: [[String]: LocatedNginxNode] = [:]
  /// Those that end the search, with the beginning of a path that they want.
  private var prefixes: [(prefix: String, location: LocatedNginxNode)] = []

  init(_ nodes: [LocatedNginxNode]) { add(nodes) }

  /// At any depth; of two that match the same, the first.
  private mutating func add(_ nodes: [LocatedNginxNode]) {
    for node in nodes {
      if node.name == "location" {
        let match = node.arguments
        if byMatch[match] == nil { byMatch[match] = node }
        if match.count == 2, match[0] == "^~" { prefixes.append((match[1], node)) }
      }
      add(node.children)
    }
  }

  /// The location that nginx chooses: to it a prefix that ends the search comes before patterns.
  func serving(_ path: String) -> LocatedNginxNode? {
    if path.isTemplate, let found = prefixes.first(where: { path.hasPrefix($0.prefix) }) {
      return found.location
    }
    return byMatch[path.nginxMatch]
  }
}

extension LocatedNginxNode {
  fileprivate func value(of name: String) -> String? {
    children.first { $0.name == name }?.arguments.first
  }
}

extension String {
  /// Whether a part of the path is a name in braces.
  fileprivate var isTemplate: Bool { utf8.contains(UInt8(ascii: "{")) }

  /// How nginx is told to match a route's template: exactly, or each `{…}` as one segment.
  fileprivate var nginxMatch: [String] {
    guard isTemplate else { return ["=", self] }
    let segments = split(separator: "/").map { $0.hasPrefix("{") ? "[^/]+" : String($0) }
    return ["~", "^/" + segments.joined(separator: "/") + "$"]
  }

  fileprivate static func missing(_ route: Route) -> String {
    "the edge has no location for \(route.method.rawValue) \(route.path)"
  }
  fileprivate static func unforwarded(_ route: Route) -> String {
    "the location of \(route.method.rawValue) \(route.path) forwards to nobody"
  }
  fileprivate static func refused(_ route: Route) -> String {
    "the location of \(route.path) does not let \(route.method.rawValue) through"
  }
}
