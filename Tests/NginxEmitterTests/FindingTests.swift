import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayEmitters
import Testing

@testable import SlipwayModel

/// What nginx would refuse, or read as something else, is refused here, with the line that says it.
struct FindingTests {
  private static let origin = Origin(file: "environments/Production.swift", line: 7)

  /// An edge that is wrong in one thing, and what is said of it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let rule: String
    let message: String
    var site = "shop.example.com"
    var also: [String] = []
    var proxies = TrustedProxies.none
    var locations: [EdgeLocation] = []

    var testDescription: String { message }
  }

  private static func location(
    _ match: EdgeLocation.Match, to upstream: String = "backend_http", limit: LimitClass? = nil,
    isStatic: Bool = false
  ) -> EdgeLocation {
    EdgeLocation(
      match: match, upstream: upstream, limit: limit, limits: limit.map { [.get: $0] } ?? [:],
      within: .seconds(8), methods: [.get], isWebSocket: false, isStatic: isStatic, isAPI: true,
      isHealth: false, origin: origin)
  }

  static let faults: [Fault] = [
    Fault(
      rule: "edge/names-are-host-names", message: "the edge would answer to '~^evil'",
      site: "~^evil"),
    Fault(
      rule: "edge/names-are-host-names", message: "the edge would answer to 'a b'",
      also: ["a b"]),
    Fault(
      rule: "edge/names-are-host-names", message: "the edge would answer to 'Shop.example.com'",
      also: ["Shop.example.com"]),
    Fault(
      rule: "edge/names-are-unique",
      message: "the edge would both serve and redirect 'shop.example.com'",
      also: ["shop.example.com"]),
    Fault(
      rule: "edge/proxies-are-addresses", message: "the edge would trust '0.0.0.0/0'",
      proxies: .ranges(["0.0.0.0/0"], header: "X-Forwarded-For")),
    Fault(
      rule: "edge/proxies-are-addresses", message: "the edge would trust 'cdn.example.com'",
      proxies: .ranges(["cdn.example.com"], header: "X-Forwarded-For")),
    Fault(
      rule: "edge/proxies-are-addresses",
      message: "the edge would read the client's address from header 'X Real'",
      proxies: .ranges(["198.51.100.0/24"], header: "X Real")),
    Fault(
      rule: "edge/limits-let-something-through", message: "limit 'none' is 0 a minute, 5 at once",
      locations: [location(.exactly("/a"), limit: LimitClass("none", perMinute: 0, burst: 5))]),
    Fault(
      rule: "edge/limits-let-something-through", message: "limit 'a b' is 9 a minute, 5 at once",
      locations: [location(.exactly("/a"), limit: LimitClass("a b", perMinute: 9, burst: 5))]),
    Fault(
      rule: "edge/limits-have-one-meaning", message: "limit 'reads' means two different numbers",
      locations: [
        location(.exactly("/a"), limit: LimitClass("reads", perMinute: 9, burst: 5)),
        location(.exactly("/b"), limit: LimitClass("reads", perMinute: 8, burst: 5)),
      ]),
    Fault(
      rule: "edge/paths-are-plain", message: "the edge would serve the path '/a$b'",
      locations: [location(.exactly("/a$b"))]),
    Fault(
      rule: "edge/paths-are-plain", message: "the edge would serve the path '/a/{id'",
      locations: [location(.template("/a/{id"))]),
    Fault(
      rule: "edge/paths-are-plain", message: "the edge would serve the path 'a'",
      locations: [location(.prefix("a"))]),
    Fault(
      rule: "edge/keeps-its-own-paths", message: "the edge would forward '/metrics'",
      locations: [location(.exactly("/metrics"))]),
    Fault(
      rule: "edge/keeps-its-own-paths",
      message: "the edge would forward '/.well-known/acme-challenge/x'",
      locations: [location(.exactly("/.well-known/acme-challenge/x"))]),
    Fault(
      rule: "edge/paths-are-unique", message: "the edge would forward '/a/{number}' twice",
      locations: [location(.template("/a/{id}")), location(.template("/a/{number}"))]),
    Fault(
      rule: "edge/files-hide-nothing",
      message: "the edge would serve '/a/{name}' as a file under '/a/'",
      locations: [location(.template("/a/{name}")), location(.prefix("/a/"), isStatic: true)]),
    Fault(
      rule: "edge/upstreams-exist", message: "the edge would forward '/a' to 'nobody'",
      locations: [location(.exactly("/a"), to: "nobody")]),
  ]

  @Test(arguments: faults)
  func `a fault is named with its line, and nothing is written`(fault: Fault) throws {
    var environment = try resolve(Subject.production.environment)
    let edge = try #require(environment.edge)
    environment.edge = ResolvedEdge(
      names: PublicNames(site: fault.site, also: fault.also, api: "api.shop.example.com"),
      certificate: edge.certificate, proxies: fault.proxies, bodyMax: edge.bodyMax,
      locations: edge.locations + fault.locations, upstreams: edge.upstreams, limits: true,
      strictTransport: true, httpPort: edge.httpPort, httpsPort: edge.httpsPort,
      origin: Self.origin)
    if fault.message.contains("'reads'") {
      environment.edge = ResolvedEdge(
        names: edge.names, certificate: edge.certificate, proxies: edge.proxies,
        bodyMax: edge.bodyMax, locations: fault.locations, upstreams: edge.upstreams,
        limits: true, strictTransport: true, httpPort: 1, httpsPort: 2, origin: Self.origin)
    }
    let emission = NginxEmitter().emit(environment, using: inputs)
    #expect(emission.artefacts.isEmpty)
    #expect(emission.findings.map(\.rule) == [fault.rule])
    #expect(emission.findings.first?.message == fault.message)
    #expect(emission.findings.first?.written.first?.line == Self.origin.line)
    #expect(emission.findings.first?.environment == "prod")
  }

  @Test func `an environment without an edge has the way to its monitoring only`() throws {
    var environment = try resolve(Subject.production.environment)
    environment.edge = nil
    #expect(
      NginxEmitter().emit(environment, using: inputs).artefacts.map(\.path) == [
        "generated/prod/operations/nginx.conf"
      ])
  }
}
