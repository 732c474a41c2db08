import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import Ledger
import ServiceContract

/// Orders that wait for a person. (C-65)
package struct ApprovalHandlers: Sendable {
  private let desk: Desk
  private let traders: Traders
  private let metrics: MetricRegistry

  package init(_ desk: Desk, _ traders: Traders, metrics: MetricRegistry) {
    self.desk = desk
    self.traders = traders
    self.metrics = metrics
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .listApprovals,
        OperationDocument(answer: .approvals, query: .page, others: [.invalidField]), list),
      RouteHandler(
        .showApproval, OperationDocument(answer: .approvalOfOrder, others: [.notFound]), show),
      RouteHandler(
        .approve,
        OperationDocument(
          answer: .approvalAnswer,
          others: [.notFound, .approvalDecided, .approvalExpired, .orderStateDiffers]), approve),
      RouteHandler(
        .reject,
        OperationDocument(
          answer: .order,
          others: [.notFound, .approvalDecided, .approvalExpired, .orderStateDiffers]), reject),
    ]
  }

  @Sendable private func list(_ call: Call) async throws -> Answer {
    let page = try call.page()
    let trader = try await traders.of(call)
    let waiting = try await desk.waitingOrders(of: trader.account, page)
    return try .json(JSONTree.page(waiting, JSONTree.view))
  }

  @Sendable private func show(_ call: Call) async throws -> Answer {
    let id: OrderID = try call.id()
    let trader = try await traders.of(call)
    let view = try await desk.order(id, of: trader.account)
    guard view.approval != nil else { throw Problem(.notFound) }
    return try .json(JSONTree.view(view))
  }

  @Sendable private func approve(_ call: Call) async throws -> Answer {
    let id: OrderID = try call.id()
    try call.takesNothing()
    let trader = try await traders.of(call)
    let answer = try await desk.approve(id, of: trader.account, by: trader.person)
    if let code = answer.denial?.code {
      metrics.add(to: Flowrex.riskRejections, .of(\.code, code))
    }
    var fields: [String: JSONTree] = ["order": .order(answer.order)]
    fields["denial"] = answer.denial.map { .denial($0.code, $0.sentence) }
    return try .json(JSONTree.object(fields))
  }

  @Sendable private func reject(_ call: Call) async throws -> Answer {
    let id: OrderID = try call.id()
    try call.takesNothing()
    let trader = try await traders.of(call)
    return try .json(
      JSONTree.order(try await desk.reject(id, of: trader.account, by: trader.person)))
  }
}

/// The body of what needs none: nothing, or an object without fields.
private struct NoFields: StrictBody {
  static let fields: Set<String> = []
}

extension Call {
  func takesNothing() throws {
    if !body.isEmpty { _ = try decoded(NoFields.self) }
  }
}
