import FlowrexContract
import FlowrexStore
import Foundation
import Ledger
import Risk

/// What a client is told. Orders, fills and positions are whole and as they are when they are
/// sent, so that one which comes twice does no harm; decimals are text. (C-66)
struct ServerMessage: Encodable, Sendable {
  let type: String
  /// The account whose number this is.
  var account: String?
  /// The place in the account's stream.
  var seq: Int64?
  /// For `hello`: seconds between two pings, and when the token ends, in seconds since 1970.
  var heartbeatSeconds: Int64?
  var tokenExpiresAt: Int64?
  /// For `snapshot`: why, if the client had asked for what is not kept any more.
  var reset: Bool?
  var order: OrderView?
  var event: EventView?
  var fill: FillView?
  var position: PositionView?
  var orders: [OrderView]?
  var positions: [PositionView]?
  /// For `snapshot`: there are more open orders than it has; ask the API for all of them.
  var isCut: Bool?
  var quote: QuoteView?
  /// For `error`.
  var code: String?

  init(_ type: String) { self.type = type }

  var text: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Texts, whole numbers, lists of them: their encoding cannot fail.
    return (try? encoder.encode(self)).map(Array.init) ?? []
  }
}

struct OrderView: Encodable, Sendable {
  let id: String
  let clientOrderId: String
  let symbol: String
  let side: String
  let quantity: String
  let filled: String
  let type: String
  let limitPrice: String?
  let life: String
  let purpose: String
  let executionMode: String
  let state: String
  let cancelRequested: Bool
  let placedAt: String

  init(_ record: OrderRecord) {
    let (order, terms) = (record.order, record.order.terms)
    id = order.id.description
    clientOrderId = record.key.text
    symbol = terms.instrument.rawValue
    side = terms.side.rawValue
    quantity = terms.quantity.text()
    filled = order.filled.text()
    switch terms.pricing {
    case .market:
      type = "market"
      limitPrice = nil
    case .limit(let price):
      type = "limit"
      limitPrice = price.text()
    }
    life = terms.life.rawValue
    purpose = terms.purpose.rawValue
    executionMode = order.mode.rawValue
    state = order.state.rawValue
    cancelRequested = order.cancelRequested
    placedAt = order.placedAt.wireText
  }
}

struct EventView: Encodable, Sendable {
  /// 0 is the beginning.
  let number: Int
  let event: String
  let at: String
  let quantity: String?

  init(_ record: OrderEventRecord) {
    number = record.number
    event = record.event.kind.rawValue
    at = record.at.wireText
    quantity = if case .filled(let quantity) = record.event { quantity.text() } else { nil }
  }

  init(placedAt at: Timestamp) {
    number = 0
    event = "placed"
    self.at = at.wireText
    quantity = nil
  }
}

struct FillView: Encodable, Sendable {
  let id: String
  let venue: String
  let orderId: String
  let symbol: String
  let side: String
  let quantity: String
  let price: String
  let feeUsd: String
  let at: String

  init(_ record: FillRecord) {
    let fill = record.fill
    id = fill.id.description
    venue = record.broker
    orderId = fill.order.description
    symbol = fill.instrument.rawValue
    side = fill.side.rawValue
    quantity = fill.quantity.text()
    price = fill.price.text()
    feeUsd = fill.fee.text()
    at = record.at.wireText
  }
}

struct PositionView: Encodable, Sendable {
  let symbol: String
  let quantity: String
  let cost: String

  init(_ instrument: Instrument, _ position: Position) {
    symbol = instrument.rawValue
    quantity = position.quantity.text()
    cost = position.cost.text()
  }
}

struct QuoteView: Encodable, Sendable {
  let symbol: String
  let bid: String
  let ask: String
  let at: String

  init(_ quote: StreamQuote) {
    symbol = quote.instrument.rawValue
    bid = quote.bid.text()
    ask = quote.ask.text()
    at = quote.at.wireText
  }
}
