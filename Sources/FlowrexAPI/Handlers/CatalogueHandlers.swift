package import FlowrexConfiguration
import FlowrexContract
import ServiceContract

/// What follows from contract and configuration alone: instruments and caps. (C-66, S18-HS-10)
package struct CatalogueHandlers: Sendable {
  private let settings: BackendSettings

  package init(_ settings: BackendSettings) { self.settings = settings }

  package var all: [RouteHandler] {
    [
      RouteHandler(.instruments, OperationDocument(answer: .instruments), instruments),
      RouteHandler(.riskCaps, OperationDocument(answer: .caps), caps),
    ]
  }

  private struct Items<Item: Encodable>: Encodable {
    let items: [Item]
  }

  private struct Traded: Encodable {
    let symbol: String
  }

  private struct Cap: Encodable {
    let name: String
    /// The hard cap, with its unit.
    let cap: String
    /// What this environment allows, in the same unit.
    let effective: String
    let help: String
  }

  @Sendable private func instruments(_ call: Call) throws -> Answer {
    try .json(Items(items: settings.trading.instruments.map { Traded(symbol: $0.rawValue) }))
  }

  @Sendable private func caps(_ call: Call) throws -> Answer {
    let risk = settings.risk
    let values: [String: String] = [
      Setting.maxOrderValue.name: risk.orderValue.text,
      Setting.maxSymbolExposure.name: risk.symbolExposure.text,
      Setting.maxOpenExposure.name: risk.openExposure.text,
      Setting.maxDailyTurnover.name: risk.dailyTurnover.text,
      Setting.maxDailyLoss.name: risk.dailyLoss.text,
      Setting.maxDrawdown.name: risk.drawdown.text,
      Setting.maxPriceDeviation.name: risk.priceDeviation.text,
      Setting.maxLeverage.name: risk.leverage.text,
      Setting.maxOrdersPerMinute.name: risk.ordersPerMinute.text,
      Setting.maxOpenOrders.name: risk.openOrders.text,
    ]
    let items = try Contract.flowrex.caps.map { cap -> Cap in
      guard let key = cap.tightenedBy, let effective = values[key] else {
        throw Problem(.internalFault)
      }
      return Cap(name: cap.name, cap: cap.limit, effective: effective, help: cap.help)
    }
    return try .json(Items(items: items))
  }
}
