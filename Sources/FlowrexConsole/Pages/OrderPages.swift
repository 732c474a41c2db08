import FlowrexContract
import Foundation
import HTTPTypes
import ServiceContract

/// Orders: listed, shown, placed, cancelled. (S04-TRD-05)
struct OrderPages: Sendable {
  let desk: SessionDesk

  var all: [PageHandler] {
    [
      PageHandler(.pageOrders, list), PageHandler(.pageOrder, show),
      PageHandler(.formOrder, place), PageHandler(.formCancel, cancel),
    ]
  }

  @Sendable private func list(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    try await list(call, view, OrderDraft(key: desk.drawn()), nil)
  }

  /// - Parameter notice: Why the form is shown again.
  private func list(
    _ call: PageCall, _ view: View, _ draft: OrderDraft, _ notice: Notice?,
    _ status: HTTPResponse.Status? = nil
  ) async throws -> PageAnswer {
    let api = try call.api()
    let after = call.route.method == .get ? call.asked("after") : nil
    let query = after.map { [("after", $0)] } ?? []
    async let orders: Result<Listed, APIFault> = api.part(.listOrders, query: query)
    async let traded: Result<Listed, APIFault> = api.part(.instruments)
    let (listed, instruments) = try await (orders, traded)
    let symbols = (try? instruments.get())?.items.compactMap { $0["symbol"].string } ?? []
    return .page(
      view.page(
        "Orders", isLive: notice == nil && after == nil,
        live: [
          call.asked("done").flatMap(Self.done)?.node ?? .nothing,
          view.section(nil, listed) { page in
            .group([
              view.table("Orders", Columns.orders, page.items),
              view.more({ Link(.orders, query: [("after", $0)]) }, page.next),
            ])
          },
        ],
        still: [
          .tag(
            .section, .tag(.h2, [.id("new")], "New order"), notice?.node ?? .nothing,
            view.orderForm(draft, symbols))
        ]), status: status ?? listed.status)
  }

  /// The words after a form that was carried out; any other text shows nothing.
  private static func done(_ code: String) -> Notice? {
    switch code {
    case "placed": Notice(.good, "The order was placed.")
    case "cancelling": Notice(.note, "The order's end was asked for. A fill may still come first.")
    default: nil
    }
  }

  @Sendable private func show(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let api = try call.api()
    let after = call.asked("after").map { [("after", $0)] } ?? []
    async let found: JSONValue = api.get(.showOrder, [call.id])
    async let told: Result<JSONValue, APIFault> = api.part(.orderEvents, [call.id], query: after)
    let (shown, events) = try await (found, told)
    let order = shown["order"]
    return .page(
      view.page(
        "Order \(order["id"].shown.prefix(12))", isLive: true,
        live: [
          call.asked("done").flatMap(Self.done)?.node ?? .nothing,
          view.facts(order, first: Names.order),
          shown["approval"].isNull
            ? .nothing
            : .tag(
              .section, .tag(.h2, "Approval"), view.facts(shown["approval"], first: ["state"])),
          view.section("Events", events) { page in
            .group([
              view.list(page, Columns.events),
              view.more({ Link(.order, call.id, query: [("after", $0)]) }, page["next"].string),
            ])
          },
        ],
        still: [
          order.isOver
            ? .nothing
            : view.form(
              Link(.cancelOrder, call.id), [],
              .tag(.button, [.class("danger")], "Cancel order"))
        ]))
  }

  @Sendable private func place(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let draft = OrderDraft(call.form)
    if let wrong = draft.fault {
      return try await list(call, view, draft, Notice(.bad, wrong), .unprocessableContent)
    }
    do {
      let reply = try await call.api().call(
        .placeOrder, json: draft.json.body)
      let answer: JSONValue = try reply.decoded()
      if let notice = Notice(denial: answer["denial"], "The order was refused.") {
        // Refused is answered: the next attempt is another order.
        return try await list(
          call, view, draft.renamed(desk.drawn()), notice, .unprocessableContent)
      }
      guard let id = answer["order_id"].string else { throw APIFault.unreadable }
      return .see(Link(.order, id, query: [("done", "placed")]))
    } catch let fault as APIFault where !fault.isUnauthenticated {
      // The same key again: what was done already is not done twice. (S04-RES-07)
      return try await list(call, view, draft, Notice(fault), fault.status)
    }
  }

  @Sendable private func cancel(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    _ = try await call.api().call(.cancelOrder, [call.id])
    return .see(Link(.order, call.id, query: [("done", "cancelling")]))
  }
}

/// What somebody typed into the form of a new order, whether or not it makes sense.
struct OrderDraft: Sendable {
  /// Names the order, so that a form that is sent twice is one order. (S04-RES-07)
  var key: String
  var instrument = ""
  var side = "buy"
  var quantity = ""
  var type = "market"
  var price = ""

  init(key: String) { self.key = key }

  init(_ form: FormFields) {
    key = form["key"]
    instrument = form["instrument"]
    side = form["side"]
    quantity = form["quantity"]
    type = form["type"]
    price = form["price"]
  }

  /// The same order under another name: what was refused is asked anew.
  func renamed(_ key: String) -> OrderDraft {
    var draft = self
    draft.key = key
    return draft
  }

  /// What the API need not be asked about.
  var fault: String? {
    guard key.utf8.count == 32, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return "The form cannot be read. Open the page again."
    }
    guard !instrument.isEmpty else { return "Choose an instrument." }
    guard Side(rawValue: side) != nil else { return "Choose to buy or to sell." }
    guard Self.isDecimal(quantity) else { return "The quantity is a number, in lots: 0.10" }
    guard ["market", "limit"].contains(type) else { return "Choose market or limit." }
    if type == "limit", !Self.isDecimal(price) { return "A limit order needs a price." }
    if type == "market", !price.isEmpty { return "A market order has no price." }
    return nil
  }

  /// Digits and one point: the API reckons, this only asks for what can be a number.
  static func isDecimal(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && text.utf8.count <= 24
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
      }
  }

  var json: JSONValue {
    var fields: [String: JSONValue] = [
      "client_order_id": .text(key), "symbol": .text(instrument), "side": .text(side),
      "quantity": .text(quantity), "type": .text(type),
    ]
    if type == "limit" { fields["limit_price"] = .text(price) }
    return .object(fields)
  }
}

extension JSONValue {
  /// An order that nothing more happens to.
  fileprivate var isOver: Bool {
    switch OrderState(rawValue: self["state"].shown) {
    case .filled, .cancelled, .rejected, .expired: true
    case .awaitingApproval, .accepted, .submitted, .working, .partiallyFilled, .unknown, nil:
      false
    }
  }

}

extension Notice {
  /// A refusal by risk, which is an answer and no fault; `nil` when there is none.
  init?(denial: JSONValue, _ text: String) {
    guard !denial.isNull else { return nil }
    self.init(.bad, text, code: denial["code"].shown, detail: denial["message"].string)
  }
}

extension View {
  fileprivate func orderForm(_ draft: OrderDraft, _ symbols: [String]) -> Node {
    form(
      Link(.orders), [.class("card fields")],
      hidden("key", draft.key),
      field("instrument", "Instrument", instrumentInput(draft, symbols)),
      field("side", "Side", choice("side", ["buy", "sell"], draft.side)),
      field(
        "quantity", "Quantity (lots)",
        .tag(
          .input,
          [
            .id("quantity"), .name("quantity"), .value(draft.quantity), .inputMode("decimal"),
            .maxLength(24), .autocomplete("off"), .required,
          ])),
      field("type", "Type", choice("type", ["market", "limit"], draft.type)),
      field(
        "price", "Price (limit only)",
        .tag(
          .input,
          [
            .id("price"), .name("price"), .value(draft.price), .inputMode("decimal"),
            .maxLength(24), .autocomplete("off"),
          ])),
      .tag(.button, [.class("main")], "Place order"))
  }

  private func instrumentInput(_ draft: OrderDraft, _ symbols: [String]) -> Node {
    guard symbols.isEmpty else { return choice("instrument", symbols, draft.instrument) }
    return .tag(
      .input,
      [
        .id("instrument"), .name("instrument"), .value(draft.instrument), .maxLength(12),
        .autocomplete("off"), .required,
      ])
  }

  func field(_ id: String, _ label: String, _ input: Node) -> Node {
    .tag(.div, [.class("field")], .tag(.label, [.for(id)], .text(label)), input)
  }

  private func choice(_ name: String, _ values: [String], _ chosen: String) -> Node {
    .element(
      .select, [.id(name), .name(name), .required],
      values.map { value in
        .tag(
          .option, [.value(value)] + (value == chosen ? [.selected] : []),
          .text(Shown.words(value)))
      })
  }
}
