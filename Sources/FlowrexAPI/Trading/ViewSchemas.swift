import FlowrexContract
import FlowrexStore
import Ledger

/// What the published document says of views, the market and administration.
extension BodySchema {
  private static let flag: JSONTree = ["type": "boolean"]
  private static let count: JSONTree = ["type": "integer", "minimum": 0]
  private static let id: JSONTree = ["type": "string", "format": "uuid"]
  private static let decimal: JSONTree = [
    "type": "string", "pattern": #"^-?[0-9]+(\.[0-9]{1,8})?$"#,
  ]

  private static func words<Word: RawRepresentable<String> & CaseIterable>(
    _ type: Word.Type
  ) -> JSONTree {
    ["type": "string", "enum": .list(type.allCases.map { .text($0.rawValue) })]
  }

  private static func many(_ item: BodySchema) -> JSONTree {
    ["type": "array", "items": item.tree]
  }

  private static func list(_ name: String, _ item: BodySchema) -> BodySchema {
    object(name, ["items": many(item)], optional: ["next": text, "unreadable": count])
  }

  private static func view(
    _ name: String, _ fields: [String: JSONTree], optional: [String: JSONTree] = [:]
  ) -> BodySchema {
    object(name, fields.merging(["as_of": moment]) { own, _ in own }, optional: optional)
  }

  private static let use = object("", ["cap": words(RiskCapName.self), "part": decimal])

  static let riskUse = view(
    "RiskUse",
    [
      "trading_state": words(TradingState.self), "desk_state": words(TradingState.self),
      "account_state": words(TradingState.self), "is_stopped": flag, "peak_usd": decimal,
      "day_start_usd": decimal, "day": ["type": "string", "format": "date"],
    ], optional: ["equity_usd": decimal, "usage": many(use), "unvalued": text])

  static let drawdownGuard = view(
    "DrawdownGuard",
    [
      "account_state": words(TradingState.self), "peak_usd": decimal, "day_start_usd": decimal,
      "daily_loss_limit_usd": decimal, "drawdown_limit": decimal,
    ], optional: ["equity_usd": decimal, "usage": many(use), "unvalued": text])

  private static let run = object(
    "ReconciliationRun",
    ["id": id, "at": moment, "checked": count, "settled": count, "open": count])
  static let reconciliation = view(
    "ReconciliationStatus",
    ["status": ["type": "string", "enum": ["agrees", "differs", "unknown"]], "open": count],
    optional: ["last_run": run.tree])
  static let reconciliationRuns = list("ReconciliationRuns", run)
  static let divergences = list(
    "Divergences",
    object(
      "", ["kind": words(DivergenceKind.self), "found_at": moment],
      optional: ["subject": text, "detail": text]))

  static let marketStatus = view(
    "MarketStatus",
    [
      "is_open": flag, "is_fresh": flag,
      "items": many(
        object(
          "",
          [
            "symbol": words(Instrument.self), "is_open": flag, "is_fresh": flag,
            "age_seconds": decimal,
          ], optional: ["source": words(MarketDataSource.self), "latency_seconds": decimal])),
    ])

  private static let quotePart = object(
    "Quote",
    [
      "symbol": words(Instrument.self), "bid": decimal, "ask": decimal, "quoted_at": moment,
      "age_seconds": decimal, "is_fresh": flag,
    ])
  static let quotes = view("Quotes", ["items": many(quotePart)])
  static let quoteView = view("QuoteView", ["quote": quotePart.tree])
  static let candles = object(
    "Candles",
    [
      "items": many(
        object(
          "",
          [
            "from": moment, "open": decimal, "high": decimal, "low": decimal, "close": decimal,
            "quotes": count,
          ]))
    ])

  static let emergency = object(
    "Emergency", ["is_stopped": flag, "trading_state": words(TradingState.self)],
    optional: [
      "stopped_at": moment, "stopped_by": text, "release_proposed_by": id,
      "release_proposed_at": moment,
    ])
  static let emergencySweep = object(
    "EmergencySweep",
    [
      "emergency": emergency.tree, "asked_to_end": count,
      "not_reached": ["type": "array", "items": id],
    ])
  static let closeSweep = object(
    "CloseSweep",
    [
      "command": text, "orders": ["type": "array", "items": id],
      "denied": many(object("", ["code": words(DenialCode.self), "message": text])),
      "not_reached": ["type": "array", "items": id],
    ])
  static let maintenance = object(
    "Maintenance", ["is_on": flag], optional: ["by": id, "at": moment])
  static let maintenanceWish = object("MaintenanceWish", ["is_on": flag], isClosed: true)

  static let haltedAccounts = list(
    "HaltedAccounts",
    object(
      "",
      [
        "account_id": id, "owner": id, "state": words(TradingState.self),
        "day_start_usd": decimal, "peak_usd": decimal,
      ]))
  private static let reason: JSONTree = ["type": "string", "minLength": 1, "maxLength": 500]
  static let resumption = object(
    "Resumption", ["reason": reason], optional: ["measure_anew": flag], isClosed: true)
  static let resumed = object(
    "Resumed",
    ["account_id": id, "was": words(TradingState.self), "state": words(TradingState.self)])
  static let settlement = object(
    "Settlement",
    [
      "kind": words(DivergenceKind.self), "reason": reason,
      "subject": ["type": "string", "minLength": 1, "maxLength": 200],
    ], optional: ["as_absent": flag], isClosed: true)
  static let settled = object(
    "Settled", ["kind": words(DivergenceKind.self), "subject": text, "replayed": flag])
  static let rulings = list(
    "Rulings",
    object(
      "",
      [
        "id": id, "at": moment, "by": id, "kind": words(RulingKind.self), "subject": text,
        "reason": text,
      ]))
}
