import FlowrexContract
import ServiceContract
import TestSupport
import Testing

/// Routes, templates, limits and times.
@Suite struct RouteTests {
  @Test func `every template of the API has a route, and every route a template`() {
    let templates = Set(Endpoint.allCases.map(\.rawValue)).subtracting(["unmatched"])
    #expect(Set(Route.backendRoutes.map(\.path)) == templates)
  }

  @Test func `every template of the console has a route, and every route a template`() {
    let templates = Set(ConsoleEndpoint.allCases.map(\.rawValue)).subtracting(["unmatched"])
    #expect(Set(Route.consoleRoutes.map(\.path)) == templates)
  }

  @Test func `every template of the venue has a route, and every route a template`() {
    let templates = Set(VenueEndpoint.allCases.map(\.rawValue))
    #expect(Set(Route.venueRoutes.map(\.path)) == templates)
  }

  @Test(.covers("S17-ENV-03")) func `the venue is asked inside only`() {
    #expect(Port.venue.reach == .inside)
    #expect(Set(Route.venueRoutes).isDisjoint(with: Route.backendRoutes + Route.consoleRoutes))
  }

  @Test func `no method and path is answered twice`() {
    for routes in [Route.backendRoutes, Route.consoleRoutes, Route.venueRoutes] {
      #expect(Set(routes.map { "\($0.method) \($0.path)" }).count == routes.count)
    }
  }

  @Test(.covers("C-10")) func `only health is never limited`() {
    let unlimited = (Route.backendRoutes + Route.consoleRoutes).filter { $0.limit == nil }
    #expect(
      Set(unlimited.map(\.path)) == [
        "/health", "/health/ready", "/health/live", "/api/v1/health", "/api/v1/ready",
        "/api/health",
      ])
  }

  @Test(.covers("C-05")) func `metrics are answered inside only`() {
    #expect(!(Route.backendRoutes + Route.consoleRoutes).contains { $0.path == "/metrics" })
    for program in Program.allCases where !program.ports.isEmpty {
      #expect(program.insideRoutes.contains(.metrics))
      #expect(program.ports.contains { $0.reach == .metrics })
    }
  }

  @Test func `administration is for administrators, under their own limit`() {
    for route in Route.backendRoutes where route.path.hasPrefix("/api/v1/admin/") {
      #expect(route.auth == .admin && route.limit == .admin, "\(route.path)")
    }
  }

  @Test func `nobody unknown reaches more than health, sign-in and the description`() {
    let open = Set(Route.backendRoutes.filter { $0.auth == .anonymous }.map(\.path))
    #expect(
      open == [
        "/health", "/health/ready", "/health/live", "/api/v1/health", "/api/v1/ready",
        "/api/v1/openapi.json", "/api/v1/auth/login", "/api/v1/auth/refresh",
      ])
  }

  @Test func `every route ends before its request does`() {
    for route in Route.backendRoutes + Route.consoleRoutes {
      #expect(route.within <= Timeouts.request, "\(route.path)")
    }
  }

  @Test(.covers("C-07")) func `the limits are those of the decision`() {
    let limits = Dictionary(uniqueKeysWithValues: LimitClass.flowrex.map { ($0.name, $0) })
    #expect(limits["standard"] == LimitClass("standard", perMinute: 60, burst: 10))
    #expect(limits["auth"]?.perMinute == 5)
    #expect(limits["orders"] == LimitClass("orders", perMinute: 60, burst: 10))
    #expect(limits["admin"]?.perMinute == 300)
    #expect(limits["websocket"] == LimitClass("websocket", perMinute: 600, burst: 5))
  }
}

/// Who waits how long for whom. (C-35)
@Suite struct TimeoutTests {
  @Test(.covers("C-35", "S04-RES-12")) func `the chain is strictly increasing`() {
    for (shorter, longer) in zip(Timeouts.chain, Timeouts.chain.dropFirst()) {
      #expect(shorter.limit < longer.limit, "\(shorter.name) outlives \(longer.name)")
    }
  }

  @Test(.covers("C-35", "S04-RES-09"))
  func `the chain has the values of the decision, but for the statement's`() {
    #expect(
      Timeouts.chain.map(\.limit) == [
        .milliseconds(50), .seconds(4), .seconds(5), .seconds(8), .seconds(10), .seconds(15),
        .seconds(20), .seconds(30),
      ])
    #expect(Timeouts.edgeConnect == .seconds(2))
  }

  @Test func `waiting for a connection and running a statement fits into a request`() {
    #expect(Timeouts.poolWait + Timeouts.statement < Timeouts.request)
  }

  @Test func `the key of each step has the step as its default`() {
    for step in Timeouts.chain {
      guard let name = step.key else { continue }
      let key = Contract.flowrex.keys.first { $0.name == name }
      #expect(key?.defaultText == step.limit.text, "\(name)")
    }
  }

  @Test(.covers("S17-VAR-37")) func `a heartbeat comes long before the edge gives up`() {
    let heartbeat = Setting.webSocketHeartbeat.default ?? .zero
    #expect(heartbeat * 2 < Timeouts.edgeWebSocket)
  }

  @Test func `a drained process has accepted for longer than an answer of the resolver lives`() {
    #expect(Timeouts.drainAccept >= Timeouts.edgeResolver + .seconds(2))
    #expect(Timeouts.drainAccept + Timeouts.request < Timeouts.drain)
  }
}
