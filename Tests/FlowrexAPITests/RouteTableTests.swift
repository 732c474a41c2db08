import FlowrexAPI
import FlowrexContract
import HTTPTypes
import ServiceContract
import TestSupport
import Testing

@Suite struct RouteTableTests {
  private func handler(_ route: Route) -> RouteHandler {
    RouteHandler(route, OperationDocument()) { _ in Answer(status: .ok) }
  }

  @Test func `a route that nobody answers ends the start`() {
    #expect(
      throws: RoutesDiffer(unanswered: ["GET /api/v1/trades"], surplus: [], wronglyListed: [])
    ) {
      try RouteTable(
        [handler(.health)], routes: [.health, .listTrades], notYetServed: [])
    }
  }

  @Test func `a handler without a route, or with another's, ends the start`() {
    let strange = Route.get(
      "/api/v1/backdoor", auth: .anonymous, limit: nil, within: .seconds(1), "")
    let differs = RoutesDiffer(
      unanswered: [], surplus: ["GET /api/v1/backdoor", "GET /health"], wronglyListed: [])
    #expect(throws: differs) {
      try RouteTable(
        [handler(.health), handler(strange), handler(.health)], routes: [.health],
        notYetServed: [])
    }
    #expect(
      "\(differs)" == "no route for the handler of: GET /api/v1/backdoor, GET /health")
  }

  @Test func `what is served is not listed as not yet served`() {
    #expect(throws: RoutesDiffer(unanswered: [], surplus: [], wronglyListed: ["GET /health"])) {
      try RouteTable([handler(.health)], routes: [.health], notYetServed: [.health])
    }
  }

  @Test func `a path knows its methods`() throws {
    let table = try RouteTable(
      [handler(.showOrder), handler(.cancelOrder), handler(.webSocket)],
      routes: [.showOrder, .cancelOrder, .webSocket], notYetServed: [])
    #expect(table.methods(of: "/api/v1/orders/17") == ["GET", "DELETE"])
    #expect(table.methods(of: "/ws") == ["GET"])
    #expect(table.methods(of: "/api/v1/orders") == [])
    #expect(table.methods(of: "/api/v1/orders/17/events") == [])
  }

  /// The number goes down when a use case arrives, and never up: a route of the contract that has
  /// no handler is visible here, in the code and in nobody's answer.
  @Test func `what is not yet served can only get less`() {
    #expect(Route.notYetServed.count <= 14)
    #expect(Set(Route.notYetServed).count == Route.notYetServed.count)
    #expect(Set(Route.notYetServed).isSubset(of: Program.backend.routes))
    #expect(!Route.notYetServed.contains(.login))
  }
}
