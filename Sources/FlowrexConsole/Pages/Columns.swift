import FlowrexContract

/// Which fields of an item a list shows, and in which order.
enum Columns {
  static let positions = [
    Column("Instrument", "symbol"), Column("Quantity (lots)", "quantity", .number),
    Column("Average price", "average_price", .number), Column("Cost", "cost", .number),
    Column("In", "cost_currency"), Column("Unrealised USD", "unrealised_usd", .number),
  ]

  static let totals = [
    Column("Instrument", "symbol"), Column("Quantity (lots)", "quantity", .number),
    Column("Unrealised USD", "unrealised_usd", .number),
  ]

  static let orders = [
    Column("Order", "id", .id) { Link(.order, $0["id"].shown) },
    Column("Placed", "placed_at", .moment), Column("Instrument", "symbol"),
    Column("Side", "side"), Column("Quantity (lots)", "quantity", .number),
    Column("Filled", "filled", .number), Column("Type", "type"),
    Column("Limit", "limit_price", .number), Column("State", "state", .state),
  ]

  static let events = [
    Column("No.", "number", .number), Column("When", "at", .moment),
    Column("Event", "event", .state), Column("Quantity (lots)", "quantity", .number),
  ]

  static let approvals = [
    Column("Order", "order.id", .id) { Link(.order, $0.value(at: "order.id").shown) },
    Column("Instrument", "order.symbol"), Column("Side", "order.side"),
    Column("Quantity (lots)", "order.quantity", .number),
    Column("Limit", "order.limit_price", .number),
    Column("Asked", "approval.requested_at", .moment),
    Column("Expires", "approval.expires_at", .moment),
  ]

  static let caps = [
    Column("Cap", "name"), Column("Allowed here", "effective", .number),
    Column("Hard limit", "cap", .number), Column("What it bounds", "help"),
  ]

  /// How much of a cap is used.
  static let usage = [Column("Cap", "cap", .words), Column("Used", "part", .share)]

  static let results = [
    Column("Day", "day"), Column("Realised USD", "realised_usd", .number),
    Column("Fees USD", "fees_usd", .number), Column("Trades", "trades", .number),
  ]

  static let runs = [
    Column("When", "at", .moment), Column("Compared", "checked", .number),
    Column("Settled", "settled", .number), Column("Open", "open", .number),
  ]

  static let divergences = [
    Column("Found", "found_at", .moment), Column("Kind", "kind", .state),
    Column("About", "subject"), Column("Detail", "detail"),
  ]

  static let market = [
    Column("Instrument", "symbol"), Column("Open", "is_open"), Column("Fresh", "is_fresh"),
    Column("Age (s)", "age_seconds", .number), Column("Source", "source", .words),
    Column("Latency (s)", "latency_seconds", .number),
  ]
}

/// Fields that stand first, where an object is shown whole.
enum Names {
  static let portfolio = ["as_of", "cash_usd"]
  static let valuation = [
    "equity_usd", "unrealised_usd", "exposure_usd", "margin_used_usd", "margin_free_usd",
  ]
  static let risk = ["trading_state", "is_stopped", "account_state", "desk_state", "equity_usd"]
  static let order = [
    "state", "symbol", "side", "quantity", "filled", "type", "limit_price", "life",
    "execution_mode", "placed_at", "cancel_requested",
  ]
  static let emergency = ["is_stopped", "trading_state", "stopped_at", "stopped_by"]
}
