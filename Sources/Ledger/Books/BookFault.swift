package import FlowrexContract

/// Why an account did not take an event.
package enum BookFault: Error, Hashable, Sendable {
  case amountNotPositive(Amount)
  case cashInsufficient(Amount, Amount)
  case orderKnown(OrderID)
  case orderUnknown(OrderID)
  case orderNotFresh(OrderID, OrderState)
  case terms(OrderID, OrderTermsFault)
  case order(OrderFault)
  case fillKnown(FillID)
  case fillOfAnother(FillID, OrderID)
  case fillUnpriced(FillID)
  case fillWithoutPrice(OrderID)
  case unbalanced(Currency, Amount)
  case sequence(expected: Int64, found: Int64)
  case arithmetic(ArithmeticFault)

  static func catching<Value>(
    _ calculation: () throws(ArithmeticFault) -> Value
  ) throws(BookFault) -> Value {
    do { return try calculation() } catch { throw .arithmetic(error) }
  }
}

extension BookFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .amountNotPositive(let amount): "\(amount.text(in: .account)) is not above zero"
    case .cashInsufficient(let amount, let cash):
      "\(amount.text(in: .account)) cannot be withdrawn: there are \(cash.text(in: .account))"
    case .orderKnown(let id): "order \(id) was placed already"
    case .orderUnknown(let id): "order \(id) was never placed"
    case .orderNotFresh(let id, let state):
      "order \(id) was placed as '\(state.rawValue)', which is not where an order begins"
    case .terms(let id, let fault): "order \(id) cannot be placed: \(fault)"
    case .order(let fault): fault.description
    case .fillKnown(let id): "fill \(id) was booked already"
    case .fillOfAnother(let id, let order):
      "fill \(id) has not the instrument and side of order \(order)"
    case .fillUnpriced(let id): "fill \(id) has no price or conversion above zero that fits"
    case .fillWithoutPrice(let id): "order \(id) can be filled only by a fill with its price"
    case .unbalanced(let currency, let amount):
      "a booking does not add up: \(amount.text(in: currency)) are left over"
    case .sequence(let expected, let found):
      "entry \(found) of the journal stands where \(expected) should"
    case .arithmetic(let fault): fault.description
    }
  }
}
