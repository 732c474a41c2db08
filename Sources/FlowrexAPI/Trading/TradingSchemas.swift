import FlowrexContract
import FlowrexStore
import Ledger

/// What the published document says of orders and money.
extension JSONTree {
  /// The words of a list that is closed.
  fileprivate static func words<Word: RawRepresentable<String> & CaseIterable>(
    _ type: Word.Type
  ) -> Self {
    ["type": "string", "enum": .list(type.allCases.map { .text($0.rawValue) })]
  }

  fileprivate static let text: Self = ["type": "string"]
  fileprivate static let moment: Self = BodySchema.moment
  fileprivate static let flag: Self = ["type": "boolean"]
  fileprivate static let count: Self = ["type": "integer", "minimum": 0]
  fileprivate static let id: Self = ["type": "string", "format": "uuid"]
  fileprivate static let day: Self = ["type": "string", "format": "date"]
  /// A number as text, exact: `-12.5`.
  fileprivate static let decimal: Self = [
    "type": "string", "pattern": #"^-?[0-9]+(\.[0-9]{1,8})?$"#,
  ]
  /// The same without a sign, as orders have it.
  fileprivate static let amount: Self = [
    "type": "string", "pattern": #"^[0-9]+(\.[0-9]{1,8})?$"#,
  ]
  fileprivate static func many(_ item: Self) -> Self { ["type": "array", "items": item] }
}

extension QueryParameter {
  static let limit = QueryParameter(
    "limit",
    [
      "type": "integer", "minimum": 1, "maximum": .number(Sizes.largestPage),
      "default": .number(Sizes.page),
    ])
  /// The `next` of the page before, as it was.
  static let after = QueryParameter(
    "after", ["type": "string", "maxLength": 1_024, "pattern": "^([0-9a-f]{2})+$"])
  static let afterNumber = QueryParameter(
    "after", ["type": "string", "pattern": "^[1-9][0-9]{0,17}$"])
  static let states = QueryParameter(
    "state",
    [
      "type": "string", "description": "States of orders, separated by commas.",
      "pattern": .text(listed(OrderState.allCases.map(\.rawValue))),
    ])
  static let symbol = QueryParameter("symbol", .words(Instrument.self))

  /// - Parameter shortest: In seconds; every candle is as many times that long as is asked for.
  static func candleLength(shortest: Int) -> QueryParameter {
    QueryParameter(
      "seconds",
      [
        "type": "integer", "minimum": .number(shortest), "multipleOf": .number(shortest),
        "maximum": .number(Int(Int32.max)),
      ])
  }

  /// The pattern of one of the words, or several with commas between them.
  private static func listed(_ words: [String]) -> String {
    let word = "(" + words.joined(separator: "|") + ")"
    return "^\(word)(,\(word))*$"
  }
}

extension [QueryParameter] {
  static let page: Self = [.limit, .after]
}

extension BodySchema {
  private static func list(_ name: String, _ item: BodySchema) -> BodySchema {
    object(
      name, ["items": .many(item.tree)], optional: ["next": .text, "unreadable": .count])
  }

  /// A view of a moment.
  private static func view(
    _ name: String, _ fields: [String: JSONTree], optional: [String: JSONTree] = [:]
  ) -> BodySchema {
    object(name, fields.merging(["as_of": .moment]) { own, _ in own }, optional: optional)
  }

  static let newOrder = object(
    "NewOrder",
    [
      "client_order_id": ["type": "string", "pattern": "^[0-9A-Za-z._:-]{1,64}$"],
      "symbol": .words(Instrument.self), "side": .words(Side.self), "quantity": .amount,
      "type": ["type": "string", "enum": ["market", "limit"]],
    ], optional: ["limit_price": .amount, "life": .words(OrderLife.self)], isClosed: true)

  private static let denial = object(
    "Denial", ["code": .words(DenialCode.self), "message": .text])

  static let orderAnswer = object(
    "OrderAnswer",
    ["outcome": ["type": "string", "enum": ["accepted", "denied"]], "replayed": .flag],
    optional: ["order_id": .id, "denial": denial.tree])

  static let order = object(
    "Order",
    [
      "id": .id, "client_order_id": .text, "symbol": .words(Instrument.self),
      "side": .words(Side.self), "quantity": .decimal, "filled": .decimal,
      "type": ["type": "string", "enum": ["market", "limit"]], "life": .words(OrderLife.self),
      "purpose": .words(OrderPurpose.self), "execution_mode": .words(ExecutionMode.self),
      "state": .words(OrderState.self), "cancel_requested": .flag, "placed_at": .moment,
    ], optional: ["limit_price": .decimal])

  static let orders = list("Orders", order)

  private static let approvalPart = object(
    "Approval",
    [
      "state": ["type": "string", "enum": ["pending", "approved", "rejected", "expired"]],
      "requested_at": .moment, "expires_at": .moment,
    ], optional: ["decided_by": .id, "decided_at": .moment, "denial": denial.tree])

  static let orderWithApproval = object(
    "OrderWithApproval", ["order": order.tree], optional: ["approval": approvalPart.tree])
  static let approvalOfOrder = object(
    "ApprovalOfOrder", ["order": order.tree, "approval": approvalPart.tree])
  static let approvals = list("Approvals", orderWithApproval)
  static let approvalAnswer = object(
    "ApprovalAnswer", ["order": order.tree], optional: ["denial": denial.tree])

  static let orderEvents = list(
    "OrderEvents",
    object(
      "", ["number": .count, "at": .moment, "event": .words(OrderEventKind.self)],
      optional: ["quantity": .decimal]))

  static let trade = object(
    "Trade",
    [
      "id": .id, "order_id": .id, "symbol": .words(Instrument.self), "side": .words(Side.self),
      "quantity": .decimal, "price": .decimal, "fee_usd": .decimal, "venue": .text,
      "at": .moment,
    ])
  static let trades = list("Trades", trade)

  private static let valuation = object(
    "Valuation",
    [
      "equity_usd": .decimal, "unrealised_usd": .decimal, "exposure_usd": .decimal,
      "margin_used_usd": .decimal, "margin_free_usd": .decimal,
    ])
  private static let position = object(
    "Position",
    [
      "symbol": .words(Instrument.self), "quantity": .decimal, "cost": .decimal,
      "cost_currency": .words(Currency.self),
    ], optional: ["average_price": .decimal, "unrealised_usd": .decimal, "unvalued": .text])

  static let portfolio = view(
    "Portfolio", ["cash_usd": .decimal, "positions": .many(position.tree)],
    optional: ["valuation": valuation.tree, "unvalued": .text])
  static let positions = view("Positions", ["items": .many(position.tree)])
  static let positionView = view("PositionView", ["position": position.tree])
  static let summary = view(
    "PositionSummary",
    [
      "open": .count,
      "items": .many(
        object(
          "", ["symbol": .words(Instrument.self), "quantity": .decimal],
          optional: ["unrealised_usd": .decimal]
        ).tree),
    ], optional: ["valuation": valuation.tree, "unvalued": .text])
  static let results = list(
    "DailyResults",
    object(
      "", ["day": .day, "realised_usd": .decimal, "fees_usd": .decimal, "trades": .count]))
}
