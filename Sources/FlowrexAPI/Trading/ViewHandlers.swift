import FlowrexAuth
import FlowrexContract
package import FlowrexMarket
import FlowrexStore
package import FlowrexTrading
package import Ledger
import Risk
import ServiceContract

/// Whether our books agree with the venue's, and what guards see. (S03-ARCH-01, 05, 07)
package struct ViewHandlers: Sendable {
  private let desk: Desk
  private let traders: Traders
  private let market: LiveMarket
  private let now: @Sendable () -> Timestamp

  package init(
    _ desk: Desk, _ traders: Traders, _ market: LiveMarket,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.now = now
    self.desk = desk
    self.traders = traders
    self.market = market
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .reconciliationStatus, OperationDocument(answer: .reconciliation), reconciliation),
      RouteHandler(
        .reconciliationLogs,
        OperationDocument(answer: .reconciliationRuns, query: .page, others: [.invalidField]),
        runs),
      RouteHandler(
        .reconciliationDivergences,
        OperationDocument(answer: .divergences, query: .page, others: [.invalidField]),
        divergences),
      RouteHandler(.guardDrawdown, OperationDocument(answer: .drawdownGuard), drawdown),
      RouteHandler(.guardMarket, OperationDocument(answer: .marketStatus), guardMarket),
    ]
  }

  /// `unknown` until a worker has compared for the first time.
  @Sendable private func reconciliation(_ call: Call) async throws -> Answer {
    _ = try call.caller()
    let (last, open) = try await desk.reconciliationStatus()
    let state = open > 0 ? "differs" : last == nil ? "unknown" : "agrees"
    var fields: [String: JSONTree] = ["status": .text(state), "open": .number(open)]
    fields["last_run"] = last.map(JSONTree.run)
    return try .json(JSONTree.view(at: now(), fields))
  }

  @Sendable private func runs(_ call: Call) async throws -> Answer {
    try .json(JSONTree.page(try await desk.reconciliations(call.page()), JSONTree.run))
  }

  @Sendable private func divergences(_ call: Call) async throws -> Answer {
    let isAdmin = try call.caller().role == .admin
    let page = try await desk.divergences(call.page())
    return try .json(JSONTree.page(page) { JSONTree.divergence($0, isWhole: isAdmin) })
  }

  @Sendable private func drawdown(_ call: Call) async throws -> Answer {
    let view = try await desk.risk(of: traders.of(call).account)
    let guards: [RiskCapName] = [.dailyLoss, .drawdown]
    var fields: [String: JSONTree] = [
      "account_state": .word(view.state), "peak_usd": .decimal(view.peak),
      "day_start_usd": .decimal(view.dayStart),
      "daily_loss_limit_usd": .decimal(desk.caps.dailyLoss),
      "drawdown_limit": .decimal(desk.caps.drawdown),
    ]
    fields["equity_usd"] = view.equity.known.map { .decimal($0) }
    fields["usage"] = view.usage.known.map { usage in
      .list(
        usage.filter { guards.contains($0.cap) }
          .map { ["cap": .word($0.cap), "part": .decimal($0.part)] })
    }
    fields["unvalued"] = view.usage.fault.map { .text($0.description) }
    return try .json(JSONTree.view(at: view.at, fields))
  }

  @Sendable private func guardMarket(_ call: Call) async throws -> Answer {
    _ = try call.caller()
    return try .json(JSONTree.status(market.status()))
  }
}

extension JSONTree {
  static func run(_ run: ReconciliationRun) -> Self {
    [
      "id": .id(OrderID(run.id)), "at": .moment(run.at), "checked": .number(run.checked),
      "settled": .number(run.settled), "open": .number(run.open),
    ]
  }

  /// What it is about names orders and accounts of others: that is for administrators.
  static func divergence(_ divergence: Divergence, isWhole: Bool) -> Self {
    var fields: [String: Self] = [
      "kind": .word(divergence.kind), "found_at": .moment(divergence.foundAt),
    ]
    if isWhole {
      fields["subject"] = .text(divergence.subject)
      fields["detail"] = .text(divergence.detail)
    }
    return .object(fields)
  }
}
