package import FlowrexConfiguration
import FlowrexContract
import Ledger
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

  /// What may be ordered, and how: numbers are text, so that none is rounded on its way.
  private struct Traded: Encodable {
    let symbol: String
    let base: String
    let quote: String
    /// Every price is a multiple of it.
    let tick: String
    /// Units of the base in one lot; quantities are in lots.
    let contract_size: Int
    let lot_step: String
    let smallest: String
    let largest: String
    /// Equity that must stand behind an open value.
    let margin: String

    init(_ terms: InstrumentTerms) {
      symbol = terms.instrument.rawValue
      base = terms.base.rawValue
      quote = terms.quote.rawValue
      tick = "\(terms.tick)"
      contract_size = terms.contractSize
      lot_step = "\(terms.lotStep)"
      smallest = "\(terms.smallest)"
      largest = "\(terms.largest)"
      margin = "\(terms.margin)"
    }
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
    try .json(Items(items: settings.trading.instruments.map { Traded(.of($0)) }))
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
