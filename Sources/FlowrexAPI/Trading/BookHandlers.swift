import FlowrexContract
import FlowrexStore
package import FlowrexTrading
import Ledger
import Risk
import ServiceContract

/// What somebody has, and what came of it: trades, portfolio, profit, positions, use of caps. All
/// of it is read as it is committed, and valued at prices that are fresh. (S04-TRD-09 … 12, C-63)
package struct BookHandlers: Sendable {
  private let desk: Desk
  /// Reads the views of positions, which may be a few seconds old.
  private let viewing: Desk
  private let traders: Traders

  package init(_ desk: Desk, viewing: Desk, _ traders: Traders) {
    self.desk = desk
    self.viewing = viewing
    self.traders = traders
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .listTrades,
        OperationDocument(
          answer: .trades, query: .page + [.symbol], others: [.invalidField]), trades),
      RouteHandler(.showTrade, OperationDocument(answer: .trade, others: [.notFound]), trade),
      RouteHandler(.portfolio, OperationDocument(answer: .portfolio), portfolio),
      RouteHandler(
        .profitAndLoss,
        OperationDocument(answer: .results, query: .page, others: [.invalidField]), results),
      RouteHandler(.risk, OperationDocument(answer: .riskUse), risk),
      RouteHandler(.listPositions, OperationDocument(answer: .positions), positions),
      RouteHandler(.positionSummary, OperationDocument(answer: .summary), summary),
      RouteHandler(
        .showPosition, OperationDocument(answer: .positionView, others: [.notFound]), position),
    ]
  }

  @Sendable private func trades(_ call: Call) async throws -> Answer {
    let instrument = try call.word("symbol", Instrument.self)
    let page = try call.page()
    let trader = try await traders.of(call)
    let fills = try await desk.fills(of: trader.account, of: instrument, page)
    return try .json(JSONTree.page(fills, JSONTree.trade))
  }

  /// Two venues may use one name: whichever was first.
  @Sendable private func trade(_ call: Call) async throws -> Answer {
    let id: FillID = try call.id()
    let trader = try await traders.of(call)
    guard let fill = try await desk.fills(named: id, of: trader.account).first else {
      throw Problem(.notFound)
    }
    return try .json(JSONTree.trade(fill))
  }

  @Sendable private func portfolio(_ call: Call) async throws -> Answer {
    try .json(JSONTree.portfolio(try await desk.portfolio(of: traders.of(call).account)))
  }

  private func held(_ call: Call) async throws -> FlowrexTrading.Portfolio {
    try await viewing.portfolio(of: traders.of(call).account)
  }

  @Sendable private func results(_ call: Call) async throws -> Answer {
    let page = try PageRequest(call.query)
    let before = try page.after.map { text in
      guard let day = TradingDay(text: text) else {
        throw Problem(.invalidField, field: "after")
      }
      return day
    }
    let trader = try await traders.of(call)
    let days = try await desk.dailyResults(
      of: trader.account, before: before, limit: page.limit)
    let isFull = days.count == page.limit
    return try .json(
      JSONTree.list(days.map(JSONTree.result), next: isFull ? days.last?.day.text : nil))
  }

  @Sendable private func risk(_ call: Call) async throws -> Answer {
    try .json(JSONTree.risk(try await desk.risk(of: traders.of(call).account)))
  }

  @Sendable private func positions(_ call: Call) async throws -> Answer {
    let portfolio = try await held(call)
    return try .json(
      JSONTree.view(
        at: portfolio.at, ["items": .list(portfolio.positions.map(JSONTree.position))]))
  }

  @Sendable private func position(_ call: Call) async throws -> Answer {
    guard let instrument = call.parameters["id"].flatMap(Instrument.init(rawValue:)) else {
      throw Problem(.notFound)
    }
    let portfolio = try await held(call)
    guard let position = portfolio.positions.first(where: { $0.instrument == instrument }) else {
      throw Problem(.notFound)
    }
    return try .json(
      JSONTree.view(at: portfolio.at, ["position": .position(position)]))
  }

  @Sendable private func summary(_ call: Call) async throws -> Answer {
    let portfolio = try await held(call)
    var fields: [String: JSONTree] = [
      "open": .number(portfolio.positions.count),
      "items": .list(
        portfolio.positions.map { position in
          var fields: [String: JSONTree] = [
            "symbol": .word(position.instrument),
            "quantity": .decimal(position.position.quantity),
          ]
          fields["unrealised_usd"] = position.profit.known.map { .decimal($0) }
          return .object(fields)
        }),
    ]
    fields["valuation"] = portfolio.valuation.known.map(JSONTree.valuation)
    fields["unvalued"] = portfolio.valuation.fault.map { .text($0.description) }
    return try .json(JSONTree.view(at: portfolio.at, fields))
  }
}

extension Result {
  var known: Success? { if case .success(let value) = self { value } else { nil } }
  var fault: Failure? { if case .failure(let fault) = self { fault } else { nil } }
}

extension JSONTree {
  /// An answer that says of which moment it is; the cache makes it older, and says so. (C-63)
  static func view(at moment: Timestamp, _ fields: [String: Self]) -> Self {
    .object(fields.merging(["as_of": .moment(moment)]) { own, _ in own })
  }

  static func portfolio(_ portfolio: FlowrexTrading.Portfolio) -> Self {
    var fields: [String: Self] = [
      "as_of": .moment(portfolio.at), "cash_usd": .decimal(portfolio.cash),
      "positions": .list(portfolio.positions.map(position)),
    ]
    fields["valuation"] = portfolio.valuation.known.map(valuation)
    fields["unvalued"] = portfolio.valuation.fault.map { .text($0.description) }
    return .object(fields)
  }

  static func valuation(_ value: Valuation) -> Self {
    [
      "equity_usd": .decimal(value.equity), "unrealised_usd": .decimal(value.unrealised),
      "exposure_usd": .decimal(value.exposure), "margin_used_usd": .decimal(value.marginUsed),
      "margin_free_usd": .decimal(value.marginFree),
    ]
  }

  static func position(_ held: HeldPosition) -> Self {
    let terms = InstrumentTerms.of(held.instrument)
    var fields: [String: Self] = [
      "symbol": .word(held.instrument), "quantity": .decimal(held.position.quantity),
      "cost": .decimal(held.position.cost), "cost_currency": .word(terms.quote),
    ]
    fields["average_price"] = held.averagePrice.map { .decimal($0) }
    fields["unrealised_usd"] = held.profit.known.map { .decimal($0) }
    fields["unvalued"] = held.profit.fault.map { .text($0.description) }
    return .object(fields)
  }

  static func result(_ result: DailyResult) -> Self {
    [
      "day": .text(result.day.text), "realised_usd": .decimal(result.realised),
      "fees_usd": .decimal(result.fees), "trades": .number(result.fills),
    ]
  }

  static func risk(_ view: RiskView) -> Self {
    var fields: [String: Self] = [
      "as_of": .moment(view.at), "trading_state": .word(view.effectiveState),
      "desk_state": .word(view.control.state), "account_state": .word(view.state),
      "is_stopped": .flag(view.control.isStopped), "peak_usd": .decimal(view.peak),
      "day_start_usd": .decimal(view.dayStart), "day": .text(view.equityDay.text),
    ]
    fields["equity_usd"] = view.equity.known.map { .decimal($0) }
    fields["usage"] = view.usage.known.map { usage in
      .list(usage.map { ["cap": .word($0.cap), "part": .decimal($0.part)] })
    }
    fields["unvalued"] = view.usage.fault.map { .text($0.description) }
    return .object(fields)
  }
}
