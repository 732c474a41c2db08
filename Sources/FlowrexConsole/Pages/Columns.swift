import FlowrexContract

/// Which fields of an item a list shows, and in which order.
enum Columns {
  static let positions = [
    Column("Instrument", "instrument"), Column("Side", "side"),
    Column("Quantity", "quantity", .number),
    Column("Average price", "average_price", .number), Column("Price", "price", .number),
    Column("Exposure", "exposure", .number), Column("Unrealised", "unrealised", .number),
    Column("Realised", "realised", .number),
  ]

  static let orders = [
    Column("Order", "id") { Link(.order, $0["id"].shown) },
    Column("Placed", "placed_at", .moment), Column("Instrument", "instrument"),
    Column("Side", "side"), Column("Quantity", "quantity", .number),
    Column("Filled", "filled", .number), Column("Price", "price", .number),
    Column("State", "state", .state),
  ]

  static let events = [
    Column("No.", "number", .number), Column("When", "at", .moment),
    Column("Event", "event", .state), Column("Detail", "detail"),
  ]

  static let approvals = [
    Column("Order", "order_id") { Link(.order, $0["order_id"].shown) },
    Column("Instrument", "instrument"), Column("Side", "side"),
    Column("Quantity", "quantity", .number), Column("Price", "price", .number),
    Column("Asked", "asked_at", .moment), Column("Expires", "expires_at", .moment),
  ]

  static let caps = [
    Column("Cap", "name"), Column("Allowed here", "effective", .number),
    Column("Hard limit", "cap", .number), Column("What it bounds", "help"),
  ]
}

/// Fields that stand first, where an object is shown whole.
enum Names {
  static let portfolio = ["as_of", "equity", "cash", "unrealised", "realised", "exposure"]
  static let risk = ["state", "mode", "kill_switch", "trading_state"]
  static let order = [
    "state", "instrument", "side", "quantity", "filled", "remaining", "type", "price",
    "average_price", "life", "mode", "placed_at", "cancel_requested",
  ]
}
