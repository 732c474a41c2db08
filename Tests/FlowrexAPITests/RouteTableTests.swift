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
      throws: RoutesDiffer(unanswered: ["GET /api/v1/trades"], surplus: [])
    ) {
      try RouteTable([handler(.health)], routes: [.health, .listTrades])
    }
  }

  @Test func `a handler without a route, or with another's, ends the start`() {
    let strange = Route.get(
      "/api/v1/backdoor", auth: .anonymous, limit: nil, within: .seconds(1), "")
    let differs = RoutesDiffer(
      unanswered: [], surplus: ["GET /api/v1/backdoor", "GET /health"])
    #expect(throws: differs) {
      try RouteTable(
        [handler(.health), handler(strange), handler(.health)], routes: [.health])
    }
    #expect(
      "\(differs)" == "no route for the handler of: GET /api/v1/backdoor, GET /health")
  }

  @Test func `a path knows its methods`() throws {
    let table = try RouteTable(
      [handler(.showOrder), handler(.cancelOrder), handler(.webSocket)],
      routes: [.showOrder, .cancelOrder, .webSocket])
    #expect(table.methods(of: "/api/v1/orders/17") == ["GET", "DELETE"])
    #expect(table.methods(of: "/ws") == ["GET"])
    #expect(table.methods(of: "/api/v1/orders") == [])
    #expect(table.methods(of: "/api/v1/orders/17/events") == [])
  }
}
