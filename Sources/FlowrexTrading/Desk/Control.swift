import FlowrexContract
package import FlowrexStore
package import Ledger
package import Risk

extension Desk {
  package func control() async throws -> TradingControl {
    try await store.transact { try $0.control(.shared) }
  }

  /// Changes what orders may do. It waits for decisions that are being made, and is seen by every
  /// one after it: with the commit of the emergency stop nothing more is accepted or sent.
  /// (S18-EMG-02, 06)
  package func command(
    _ command: TradingControl.Command, by actor: TradingControl.Actor
  ) async throws -> TradingControl {
    let clock = clock
    return try await store.transact { rows in
      var control = try rows.control(.exclusive)
      do throws(ControlFault) {
        try control.receive(command, from: actor, at: clock.now())
      } catch {
        throw TradingFault.control(error)
      }
      try rows.save(control)
      return control
    }
  }

  /// Asks for the end of every order that is not over, of all accounts. (S18-EMG-02)
  ///
  /// - Returns: how many were asked for.
  package func cancelOpenOrders(batch: Int = 100) async throws -> Int {
    let open = OrderState.allCases.filter { !$0.isFinal }
    var last: OrderID?
    var count = 0
    while true {
      let after = last
      let records = try await store.transact {
        try $0.orders(in: open, after: after, limit: batch)
      }
      for record in records where record.order.terms.purpose == .trade {
        _ = try await cancel(record.order.id, of: record.account)
        count += 1
      }
      guard let end = records.last, records.count == batch else { return count }
      last = end.order.id
    }
  }

  /// Sends orders against every open position: they only reduce, and go while everything else is
  /// stopped. Open orders end first, or they would hold the room to reduce. The same command
  /// closes once, however often it is given. (S18-EMG-03)
  ///
  /// - Parameter command: the name of this command, at most 40 characters of it count.
  package func closeAll(
    _ command: ClientKey, by person: PersonID
  ) async throws -> [OrderAnswer] {
    var answers: [OrderAnswer] = []
    for account in try await store.transact({ try $0.accounts() }) {
      let record = try await store.transact { try $0.account(account) }
      guard let positions = record?.stored.positions else { continue }
      for instrument in Instrument.allCases where !positions[instrument].isFlat {
        let quantity = positions[instrument].quantity
        for (number, part) in slices(of: quantity.magnitude, instrument).enumerated() {
          let name = "\(command.text.prefix(40)):\(instrument.rawValue):\(number)"
          guard let key = ClientKey(name) else { continue }
          let terms = OrderTerms(
            quantity.isPositive ? .sell : .buy, part, of: instrument, .market,
            life: .immediate, purpose: .emergencyClose)
          do {
            answers.append(
              try await place(
                OrderRequest(terms, of: account, by: person, key: key, mode: .autonomous)))
          } catch TradingFault.keyUsedForAnother {
            // This command has closed a part already, and the position is another one now.
            continue
          }
        }
      }
    }
    return answers
  }

  /// Parts that one order may have: no larger than the venue's largest, and worth no more than
  /// the cap of an order.
  private func slices(of quantity: Quantity, _ instrument: Instrument) -> [Quantity] {
    let terms = InstrumentTerms.of(instrument)
    var largest = terms.largest
    if let lot = try? market.market().exposure(of: 1, terms), lot.isPositive,
      let lots = try? Quantity(1).share(policy.caps.orderValue, of: lot, .down),
      let whole = try? lots.rounded(to: terms.lotStep, .down), whole >= terms.smallest
    {
      largest = min(largest, whole)
    }
    var parts: [Quantity] = []
    var rest = quantity
    while rest > largest, let next = try? rest.subtracting(largest) {
      parts.append(largest)
      rest = next
    }
    return parts + [rest]
  }
}
