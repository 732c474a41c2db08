import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import Ledger
import ServiceContract

/// Orders of whoever asks. Each decision is the desk's; here it is only put into words.
/// (S04-TRD-05, S04-RES-07)
package struct OrderHandlers: Sendable {
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
        .placeOrder,
        OperationDocument(
          body: .newOrder, answer: .orderAnswer, others: [.keyInFlight, .keyUsedForAnother]),
        place),
      RouteHandler(
        .listOrders,
        OperationDocument(
          answer: .orders, query: .page + [.states, .symbol], others: [.invalidField]), list),
      RouteHandler(
        .showOrder, OperationDocument(answer: .orderWithApproval, others: [.notFound]), show),
      RouteHandler(
        .cancelOrder,
        OperationDocument(answer: .order, others: [.notFound, .orderStateDiffers]), cancel),
      RouteHandler(
        .orderEvents,
        OperationDocument(
          answer: .orderEvents, query: [.limit, .afterNumber],
          others: [.notFound, .invalidField]), events),
    ]
  }

  struct NewOrder: StrictBody {
    static let fields: Set<String> = [
      "client_order_id", "symbol", "side", "quantity", "type", "limit_price", "life",
    ]
    let client_order_id: String
    let symbol: String
    let side: String
    let quantity: String
    let type: String
    let limit_price: String?
    let life: String?

    /// The client's words as the desk has them; numbers are text, so that none is rounded on its
    /// way.
    func order() throws -> (ClientOrder, ClientKey) {
      guard let key = ClientKey(client_order_id) else { throw wrong("client_order_id") }
      guard let instrument = Instrument(rawValue: symbol) else { throw wrong("symbol") }
      guard let side = Side(rawValue: side) else { throw wrong("side") }
      guard let quantity = try? Quantity(text: quantity) else { throw wrong("quantity") }
      guard let life = OrderLife(rawValue: life ?? OrderLife.untilCancelled.rawValue) else {
        throw wrong("life")
      }
      let order = ClientOrder(side, quantity, of: instrument, try pricing(), life: life)
      let terms = OrderTerms(side, quantity, of: instrument, order.pricing, life: life)
      if let fault = terms.faults(against: .of(instrument)).first {
        throw wrong(fault.isAboutQuantity ? "quantity" : "limit_price", "\(fault)")
      }
      return (order, key)
    }

    private func pricing() throws -> Pricing {
      switch (type, limit_price) {
      case ("market", nil): return .market
      case ("limit", let text?):
        guard let price = try? Price(text: text) else { throw wrong("limit_price") }
        return .limit(price)
      case ("market", _): throw wrong("limit_price", "a market order has no limit price")
      case ("limit", _): throw wrong("limit_price", "a limit order has a limit price")
      default: throw wrong("type")
      }
    }

    private func wrong(_ field: String, _ detail: String? = nil) -> Problem {
      Problem(.invalidField, field: field, detail: detail)
    }
  }

  @Sendable private func place(_ call: Call) async throws -> Answer {
    let began = ContinuousClock.now
    let (order, key) = try call.decoded(NewOrder.self).order()
    let trader = try await traders.of(call)
    let answer: OrderAnswer
    do {
      answer = try await desk.place(
        order, of: trader.account, by: trader.person, key: key)
    } catch let fault as TradingFault {
      if case .keyUsedForAnother = fault { metrics.add(to: Flowrex.idempotencyConflicts) }
      throw fault
    }
    if answer.isReplay {
      metrics.add(to: Flowrex.idempotentReplays)
    } else if let code = answer.denial {
      metrics.add(to: Flowrex.riskRejections, .of(\.code, code))
    } else {
      metrics.observe(Flowrex.orderLatency, .now - began)
    }
    return try .json(JSONTree.answer(answer))
  }

  @Sendable private func list(_ call: Call) async throws -> Answer {
    let filter = try OrderFilter(
      states: call.words("state", OrderState.self),
      instrument: call.word("symbol", Instrument.self))
    let page = try call.page()
    let trader = try await traders.of(call)
    let orders = try await desk.orders(of: trader.account, where: filter, page)
    return try .json(JSONTree.page(orders, JSONTree.order))
  }

  @Sendable private func show(_ call: Call) async throws -> Answer {
    let id: OrderID = try call.id()
    let trader = try await traders.of(call)
    return try .json(JSONTree.view(try await desk.order(id, of: trader.account)))
  }

  @Sendable private func cancel(_ call: Call) async throws -> Answer {
    let id: OrderID = try call.id()
    let trader = try await traders.of(call)
    return try .json(JSONTree.order(try await desk.cancel(id, of: trader.account)))
  }

  @Sendable private func events(_ call: Call) async throws -> Answer {
    let id: OrderID = try call.id()
    let page = try PageRequest(call.query)
    let after = try page.after.map { text in
      guard let number = Int(text), number > 0 else {
        throw Problem(.invalidField, field: "after")
      }
      return number
    }
    let trader = try await traders.of(call)
    let events = try await desk.events(
      of: id, of: trader.account, after: after ?? 0, limit: page.limit)
    let isFull = events.count == page.limit
    return try .json(
      JSONTree.list(
        events.map(JSONTree.event), next: isFull ? events.last.map { "\($0.number)" } : nil))
  }
}
