import ServiceContract
import Slipway
import SlipwayDiagnostics

/// nginx in front, and the service that keeps its certificate fresh.
extension Resolver {
  /// Where nginx listens inside its container; it runs as an ordinary user. (HS of least privilege)
  package enum EdgePort {
    package static let http = 8080
    package static let https = 8443
    /// Health; never published.
    package static let status = 8081
  }

  /// Where nginx' counters are read: by whoever stands on the same machine and shares the volume.
  package enum EdgeStatus {
    package static let folder = "/run/status"
    package static let socket = "\(folder)/edge.sock"
    package static let page = "/stub_status"

    static func mount(readOnly: Bool) -> VolumeMount {
      VolumeMount(
        "edge-status", at: folder, readOnly: readOnly,
        memory: VolumeMemory(.mebibytes(1), uid: edgeUser, gid: edgeUser))
    }
  }

  /// `nginx` in its own image.
  private static let edgeUser = 101

  func makeEdgeServices() -> [ResolvedService] {
    guard let edge = specification.edge else { return [] }
    var services = [makeNginx(edge)]
    if case .acme = edge.certificate { services.append(makeACME(edge)) }
    return services
  }

  private func makeNginx(_ edge: EdgeValue) -> ResolvedService {
    var service = ResolvedService(
      name: PartName.edge, image: image(.nginx), size: edge.size, placement: .kind(.edge),
      origin: edge.origin)
    let deployed = specification.stage.isDeployed
    service.entrypoint = ["/bin/sh", "\(Path.configs)/nginx/supervise.sh"]
    service.configs = [ConfigMount(folder: "nginx", at: "\(Path.configs)/nginx")]
    service.volumes = [
      VolumeMount("edge-state", at: "/var/lib/edge"), EdgeStatus.mount(readOnly: false),
    ]
    service.scratch = [
      // A folder that the image lacks: over one that it has, a stack's memory file system keeps
      // that folder's owner and mode, and nginx's own belong to root.
      ScratchMount("/run/edge", .mebibytes(64)),
      ScratchMount("/tmp", .mebibytes(16)),
    ]
    service.networks = [Net.front]
    service.publications = [
      ResolvedPublication(
        host: deployed ? 80 : 8080, container: EdgePort.http,
        reach: deployed ? .everybody : .loopback),
      ResolvedPublication(
        host: deployed ? 443 : 8443, container: EdgePort.https,
        reach: deployed ? .everybody : .loopback),
    ]
    service.ports = [
      Port("http", EdgePort.http, reach: .inside), Port("https", EdgePort.https, reach: .inside),
      Port("status", EdgePort.status, reach: .inside),
    ]
    service.health = .command(
      "curl", "--fail", "--silent", "--output", "/dev/null",
      "http://127.0.0.1:\(EdgePort.status)/healthz",
      every: .seconds(10), within: .seconds(3), startingWithin: .seconds(20))
    service.replicas = deployed ? .everyNode : .count(1)
    service.rolls = .stopFirst
    service.stopsWithin = .seconds(30)
    // nginx finishes what it has begun on QUIT and cuts it off on TERM.
    service.stopSignal = "SIGQUIT"
    service.user = "\(Self.edgeUser):\(Self.edgeUser)"
    service.openFilesMax = 16_384
    service.reaps = true
    service.origins = [
      .size: [edge.origin.at("limit"), edge.origin.at("reserve")],
      .publications: [edge.origin.at("names")],
    ]
    return service
  }

  /// Answers the authority's questions for all edge nodes and keeps the account. (F16)
  private func makeACME(_ edge: EdgeValue) -> ResolvedService {
    var service = ResolvedService(
      name: PartName.acme, image: image(.nginx),
      size: Size(
        limit: .cpus(0.25, memory: .mebibytes(64)), reserve: .cpus(0.05, memory: .mebibytes(16))),
      placement: .node(edgeNode), origin: edge.origin.at("certificate"))
    service.configs = [ConfigMount(folder: "acme", at: "\(Path.configs)/acme")]
    service.entrypoint = ["nginx"]
    service.command = ["-c", "\(Path.configs)/acme/nginx.conf", "-g", "daemon off;"]
    service.volumes = [VolumeMount("acme-state", at: "/var/lib/acme", readOnly: true)]
    service.scratch = [
      ScratchMount("/run/edge", .mebibytes(16)),
      ScratchMount("/tmp", .mebibytes(16)),
    ]
    service.networks = [Net.front]
    service.ports = [Port("challenge", 8082, reach: .inside)]
    service.health = .command(
      "curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8082/healthz",
      every: .seconds(30), within: .seconds(3), startingWithin: .seconds(20))
    service.rolls = .stopFirst
    service.user = "\(Self.edgeUser):\(Self.edgeUser)"
    service.reaps = true
    return service
  }

  /// The first edge node: it holds the certificate authority's account.
  private var edgeNode: String {
    (site.nodes ?? specification.cluster.nodes).first { $0.kinds.contains(.edge) }?.name ?? ""
  }

  func makeEdge(_ edge: EdgeValue) -> ResolvedEdge {
    let upstreams = makeUpstreams(edge)
    return ResolvedEdge(
      names: site.names ?? edge.names, certificate: edge.certificate, proxies: edge.proxies,
      bodyMax: edge.bodyMax, locations: makeLocations(edge), upstreams: upstreams,
      limits: specification.stage.isDeployed, strictTransport: specification.stage.isDeployed,
      httpPort: EdgePort.http, httpsPort: EdgePort.https, origin: edge.origin)
  }

  private func makeUpstreams(_ edge: EdgeValue) -> [EdgeUpstream] {
    var upstreams: [EdgeUpstream] = []
    for forward in edge.forwards {
      let upstream = forward.upstream
      if !upstreams.contains(upstream) { upstreams.append(upstream) }
    }
    return upstreams
  }

  /// The first that fits wins: nginx would prefer files' prefix to a pattern, so what an earlier
  /// prefix of the same program already serves gets no pattern of its own. The prefix keeps what
  /// the pattern's routes promise.
  private func makeLocations(_ edge: EdgeValue) -> [EdgeLocation] {
    var locations: [EdgeLocation] = []
    for location in edge.forwards.flatMap(locations(of:)) {
      guard case .template(let path) = location.match,
        let first = locations.firstIndex(where: {
          $0.isStatic && $0.covers(path) && $0.upstream == location.upstream
        })
      else {
        locations.append(location)
        continue
      }
      locations[first] = locations[first].keeping(location)
    }
    return locations
  }

  private func locations(of forward: Forward) -> [EdgeLocation] {
    switch forward.matches {
    case .exactly(let path):
      [forward.location(.exactly(path), methods: [.get], isHealth: forward.limit == nil)]
    case .everythingElse: [forward.location(.prefix("/"), methods: [.get, .post])]
    case .staticFiles(let prefix):
      [forward.location(.prefix(prefix), methods: [.get], isStatic: true)]
    case .routes(let routes): locations(of: routes, forward, isAPI: true)
    case .pages(let routes): locations(of: routes, forward, isAPI: false)
    }
  }

  /// One location a path template; its methods together.
  private func locations(
    of routes: [Route], _ forward: Forward, isAPI: Bool
  ) -> [EdgeLocation] {
    var paths: [String] = []
    for route in routes where !paths.contains(route.path) { paths.append(route.path) }
    return paths.map { path in
      let same = routes.filter { $0.path == path }
      let methods = same.map(\.method)
      let limits = same.compactMap { route in route.limit.map { (route.method, $0) } }
      return EdgeLocation(
        match: path.contains("{") ? .template(path) : .exactly(path),
        upstream: forward.upstream.name,
        limit: limits.map(\.1).min { $0.perMinute < $1.perMinute },
        limits: Dictionary(limits) { first, _ in first },
        within: same.map(\.within).max() ?? .seconds(8), methods: methods,
        isWebSocket: methods.contains(.webSocket), isStatic: false, isAPI: isAPI,
        isHealth: limits.isEmpty, origin: forward.origin)
    }
  }
}

extension EdgeLocation {
  /// This one, with the methods, the time and the limits of one that it serves as well. Its own
  /// limit of a method counts where it has one.
  fileprivate func keeping(_ other: EdgeLocation) -> EdgeLocation {
    let added = other.methods.filter { !methods.contains($0) }
    let limits = limits.merging(other.limits) { own, _ in own }
    return EdgeLocation(
      match: match, upstream: upstream,
      limit: limits.values.min { ($0.perMinute, $0.name) < ($1.perMinute, $1.name) },
      limits: limits, within: max(within, other.within), methods: methods + added,
      isWebSocket: isWebSocket || other.isWebSocket, isStatic: isStatic, isAPI: isAPI,
      isHealth: isHealth && other.isHealth, origin: origin)
  }

  /// Whether it is a prefix that nginx prefers to patterns, and a path begins with it. `/` is none:
  /// it is what nothing else matches.
  package func covers(_ path: String) -> Bool {
    guard case .prefix(let prefix) = match, prefix != "/" else { return false }
    return path.hasPrefix(prefix)
  }
}

extension Forward {
  var upstream: EdgeUpstream {
    EdgeUpstream(
      name: "\(component.name)_\(port.name)", service: component.name, port: port.number)
  }

  func location(
    _ match: EdgeLocation.Match, methods: [Route.Method], isStatic: Bool = false,
    isHealth: Bool = false
  ) -> EdgeLocation {
    let limits = limit.map { limit in methods.map { ($0, limit) } } ?? []
    return EdgeLocation(
      match: match, upstream: upstream.name, limit: limit,
      limits: Dictionary(limits) { first, _ in first }, within: .seconds(8), methods: methods,
      isWebSocket: false, isStatic: isStatic, isAPI: false, isHealth: isHealth, origin: origin)
  }
}
