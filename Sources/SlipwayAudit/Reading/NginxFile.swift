import SlipwayDocuments

/// An nginx configuration, or a part of one.
struct NginxFile: Sendable {
  let path: String
  let servers: [NginxServer]
  let upstreams: [NginxUpstream]
  /// Directives outside of servers, those of `http` among them.
  let outer: [Directive]
  /// Whether this is the outermost file, and not an included part.
  let isWhole: Bool
  /// Where the `http` block begins.
  let http: Spot?
  /// Every `include`, at any depth.
  let includes: [Directive]

  init(_ path: String, _ read: LocatedNginx) {
    self.path = path
    let top = read.nodes.map { Directive($0, path) }
    let http = top.filter { $0.name == "http" }
    includes = top.flatMap { ($0.name == "include" ? [$0] : []) + $0.deep("include") }
    let level = http.isEmpty ? top : http.flatMap(\.children)
    outer =
      top.filter { $0.name != "http" && $0.name != "server" }
      + http.flatMap(\.children)
      .filter { $0.name != "server" }
    isWhole = !http.isEmpty
    self.http = http.first?.spot
    servers = level.filter { $0.name == "server" && !$0.children.isEmpty }.map(NginxServer.init)
    upstreams = level.filter { $0.name == "upstream" }.map(NginxUpstream.init)
  }

  /// The first of this name outside of servers.
  func outer(_ name: String) -> Directive? { outer.first { $0.name == name } }

  /// Every location of every server, the nested ones too.
  var locations: [(server: NginxServer, location: NginxLocation)] {
    servers.flatMap { server in server.allLocations.map { (server, $0) } }
  }
}

/// A directive with its place.
struct Directive: Hashable, Sendable {
  let name: String
  let arguments: [String]
  let children: [Directive]
  let spot: Spot

  init(_ node: LocatedNginxNode, _ path: String) {
    name = node.name
    arguments = node.arguments
    children = node.children.filter { $0.name != "#" }.map { Directive($0, path) }
    spot = Spot(path, node.start)
  }

  func all(_ name: String) -> [Directive] { children.filter { $0.name == name } }
  func first(_ name: String) -> Directive? { children.first { $0.name == name } }

  /// The directives of this name below, at any depth.
  func deep(_ name: String) -> [Directive] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.deep(name) }
  }
}

struct NginxServer: Sendable {
  let directive: Directive
  let locations: [NginxLocation]

  init(_ directive: Directive) {
    self.directive = directive
    locations = directive.all("location").map { NginxLocation($0, within: [directive]) }
  }

  var spot: Spot { directive.spot }
  var listens: [Directive] { directive.all("listen") }
  var names: [Text] {
    directive.all("server_name").flatMap { line in line.arguments.map { Text($0, line.spot) } }
  }
  var isEncrypted: Bool {
    listens.contains { $0.arguments.contains("ssl") || $0.arguments.contains("quic") }
      || directive.first("ssl_certificate") != nil
  }
  var isDefault: Bool { listens.contains { $0.arguments.contains("default_server") } }
  var allLocations: [NginxLocation] { locations.flatMap(\.withInner) }
}

struct NginxLocation: Sendable {
  let directive: Directive
  /// What it stands in, outermost first.
  let parents: [Directive]
  let inner: [NginxLocation]

  init(_ directive: Directive, within parents: [Directive]) {
    self.directive = directive
    self.parents = parents
    inner = directive.all("location").map { NginxLocation($0, within: parents + [directive]) }
  }

  var spot: Spot { directive.spot }
  var withInner: [NginxLocation] { [self] + inner.flatMap(\.withInner) }
  /// `=`, `~`, `~*`, `^~`, or nothing.
  var modifier: String { directive.arguments.count > 1 ? directive.arguments[0] : "" }
  var match: String { directive.arguments.last ?? "" }
  var forward: Directive? {
    directive.first("proxy_pass")
      ?? directive.all("if").lazy.compactMap { $0.first("proxy_pass") }.first
  }
  var isForwarding: Bool { forward != nil }

  /// The directives of this name that count here: nginx inherits a list only if the inner level
  /// has none of its own.
  func effective(_ name: String, outer: [Directive]) -> [Directive] {
    for level in [directive.children] + parents.reversed().map(\.children) + [outer] {
      let found = level.filter { $0.name == name }
      if !found.isEmpty { return found }
    }
    return []
  }
}

struct NginxUpstream: Sendable {
  let name: String
  let directive: Directive
  let servers: [Directive]

  init(_ directive: Directive) {
    self.directive = directive
    name = directive.arguments.first ?? ""
    servers = directive.all("server")
  }
}

/// A host with a port, as `proxy_pass`, `server` and targets write it.
struct HostPort: Hashable, Sendable {
  let host: String
  let port: Int?

  /// Reads `http://host:port/path`, `host:port` or `host`; `nil` for variables, addresses of
  /// sockets and the like.
  init?(_ text: String) {
    var rest = text[...]
    var fallback: Int?
    if let scheme = rest.firstRange(of: "://") {
      fallback = rest[..<scheme.lowerBound] == "https" ? 443 : 80
      rest = rest[scheme.upperBound...]
    }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    rest = rest.prefix { $0 != "/" && $0 != "?" }
    guard !rest.isEmpty, !rest.contains("$"), !rest.hasPrefix("unix:"), !rest.hasPrefix("[") else {
      return nil
    }
    let (name, number) = rest.cut(at: ":")
    host = name
    port = number.flatMap(Int.init) ?? fallback
  }

  /// Whether this is an address and not a name.
  var isAddress: Bool { host.allSatisfy { $0.isNumber || $0 == "." } }
  var isLocal: Bool { host == "localhost" || host.hasPrefix("127.") }
}
