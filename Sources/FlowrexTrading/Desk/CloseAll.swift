import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

/// What became of a wish that every position is closed.
package struct CloseSweep: Hashable, Sendable {
  package var answers: [OrderAnswer] = []
  /// Accounts that could not be reached; whoever asks again tries them again.
  package var failed: [AccountID] = []

  package init(answers: [OrderAnswer] = [], failed: [AccountID] = []) {
    self.answers = answers
    self.failed = failed
  }
}

extension Desk {
  /// Sends orders against everything that is open and not about to be closed already: they only
  /// reduce, and go while everything else is stopped. It may be said until all is flat; what was
  /// denied a moment ago is asked anew. Open orders end first, or they would hold the room to
  /// reduce. (S18-EMG-03)
  ///
  /// - Parameter command: the name of this command, under which its orders are found.
  package func closeAll(
    _ command: ClientKey, by person: PersonID
  ) async throws -> CloseSweep {
    var sweep = CloseSweep()
    try await forEachAccount { account in
      do {
        sweep.answers += try await close(account, command, person)
      } catch let error where Self.isOwn(error) {
        sweep.failed.append(account)
      }
    }
    return sweep
  }

  private func close(
    _ account: AccountID, _ command: ClientKey, _ person: PersonID
  ) async throws -> [OrderAnswer] {
    let desk = self
    return try await store.transact { rows in
      let control = try rows.control(.shared)
      var session = try AccountSession(account, rows, desk)
      var answers: [OrderAnswer] = []
      for instrument in Instrument.allCases {
        let standing = session.risk.standings[instrument]
        let side: Side = standing.position.quantity.isPositive ? .sell : .buy
        for part in desk.slices(of: standing.closable(by: side), instrument) {
          let id = OrderID(desk.ids.next())
          let request = OrderRequest(
            OrderTerms(
              side, part, of: instrument, .market, life: .immediate, purpose: .emergencyClose),
            of: account, by: person, key: ClientKey(emergency: command, id), mode: .autonomous)
          answers.append(
            OrderAnswer(
              outcome: try desk.decide(request, as: id, &session, control), isReplay: false))
        }
      }
      try session.save()
      return answers
    }
  }

  /// Parts that one order may have: no larger than the venue's largest, and worth no more than
  /// the cap of an order.
  private func slices(of quantity: Quantity, _ instrument: Instrument) -> [Quantity] {
    guard quantity.isPositive else { return [] }
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
