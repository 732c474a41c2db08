import FlowrexContract
import FlowrexStore
import FlowrexTrading
import Ledger

/// What the order path says, as clients read it. Every number of money, price or quantity is
/// decimal text: no reader's floating point changes it. (S04-TRD-09)
extension JSONTree {
  static func decimal<Kind>(_ number: Fixed<Kind>) -> Self { .text(number.description) }
  static func id<Kind>(_ id: Identifier<Kind>) -> Self { .text(id.description) }
  static func moment(_ moment: Timestamp) -> Self { .text(moment.text) }
  static func word<Word: RawRepresentable<String>>(_ word: Word) -> Self { .text(word.rawValue) }

  static func list(_ items: [Self], next: String?) -> Self {
    var fields: [String: Self] = ["items": .list(items)]
    fields["next"] = next.map { .text($0) }
    return .object(fields)
  }

  /// What cannot be read is not hidden: the list says how many there are.
  static func page<Item>(_ page: ListPage<Item>, _ item: (Item) -> Self) -> Self {
    var fields: [String: Self] = ["items": .list(page.items.map(item))]
    fields["next"] = page.next.map { .text($0.text) }
    if !page.unreadable.isEmpty { fields["unreadable"] = .number(page.unreadable.count) }
    return .object(fields)
  }

  static func denial(_ code: DenialCode, _ sentence: String) -> Self {
    ["code": .word(code), "message": .text(sentence)]
  }

  static func answer(_ answer: OrderAnswer) -> Self {
    switch answer.outcome {
    case .accepted(let order):
      ["outcome": "accepted", "order_id": .id(order), "replayed": .flag(answer.isReplay)]
    case .denied(let code, let sentence):
      [
        "outcome": "denied", "denial": denial(code, sentence),
        "replayed": .flag(answer.isReplay),
      ]
    }
  }

  static func order(_ record: OrderRecord) -> Self {
    let (order, terms) = (record.order, record.order.terms)
    var fields: [String: Self] = [
      "id": .id(order.id), "client_order_id": .text(record.key.text),
      "symbol": .word(terms.instrument), "side": .word(terms.side),
      "quantity": .decimal(terms.quantity), "life": .word(terms.life),
      "purpose": .word(terms.purpose), "execution_mode": .word(order.mode),
      "state": .word(order.state), "filled": .decimal(order.filled),
      "cancel_requested": .flag(order.cancelRequested), "placed_at": .moment(order.placedAt),
    ]
    switch terms.pricing {
    case .market: fields["type"] = "market"
    case .limit(let price):
      fields["type"] = "limit"
      fields["limit_price"] = .decimal(price)
    }
    return .object(fields)
  }

  static func approval(_ record: ApprovalRecord) -> Self {
    let approval = record.approval
    var fields: [String: Self] = [
      "requested_at": .moment(approval.requestedAt), "expires_at": .moment(approval.expiresAt),
    ]
    switch approval.state {
    case .pending: fields["state"] = "pending"
    case .decided(let decision, let person, let at):
      fields["state"] = .word(decision)
      fields["decided_by"] = person.map { .id($0) }
      fields["decided_at"] = .moment(at)
    }
    fields["denial"] = record.refusal.map { denial($0.code, $0.sentence) }
    return .object(fields)
  }

  /// An order with what a person has to say about it.
  static func view(_ view: OrderView) -> Self {
    var fields: [String: Self] = ["order": order(view.record)]
    fields["approval"] = view.approval.map(approval)
    return .object(fields)
  }

  static func event(_ record: OrderEventRecord) -> Self {
    var fields: [String: Self] = [
      "number": .number(record.number), "at": .moment(record.at),
      "event": .word(record.event.kind),
    ]
    if case .filled(let quantity) = record.event { fields["quantity"] = .decimal(quantity) }
    return .object(fields)
  }

  static func trade(_ record: FillRecord) -> Self {
    let fill = record.fill
    return [
      "id": .id(fill.id), "order_id": .id(fill.order), "symbol": .word(fill.instrument),
      "side": .word(fill.side), "quantity": .decimal(fill.quantity), "price": .decimal(fill.price),
      "fee_usd": .decimal(fill.fee), "venue": .text(record.broker), "at": .moment(record.at),
    ]
  }
}
