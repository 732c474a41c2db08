package import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

/// What became of a wish that every position is closed.
package struct CloseSweep: Hashable, Sendable {
  package var answers: [OrderAnswer] = []
  /// Accounts that could not be reached; whoever asks again tries them again.
  package var failed: [AccountID] = []
  /// What no order of this command closes. Nothing is flat before its orders are filled and this
  /// and ``failed`` are empty.
  package var left: [StillOpen] = []

  package init(
    answers: [OrderAnswer] = [], failed: [AccountID] = [], left: [StillOpen] = []
  ) {
    self.answers = answers
    self.failed = failed
    self.left = left
  }
}

/// Part of a position that a wish to close everything does not close.
package struct StillOpen: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// These orders close it, or hold the room to: it is closed anew when they are over.
    case awaits([OrderID])
    case denied(Refusal)
  }

  package let account: AccountID
  package let instrument: Instrument
  /// In lots, without a sign.
  package let quantity: Quantity
  package let reason: Reason

  package init(
    _ quantity: Quantity, of instrument: Instrument, in account: AccountID, _ reason: Reason
  ) {
    self.account = account
    self.instrument = instrument
    self.quantity = quantity
    self.reason = reason
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
        let (answers, left) = try await close(account, command, person)
        sweep.answers += answers
        sweep.left += left
      } catch let error where Self.isOwn(error) {
        sweep.failed.append(account)
      }
    }
    return sweep
  }

  private func close(
    _ account: AccountID, _ command: ClientKey, _ person: PersonID
  ) async throws -> (answers: [OrderAnswer], left: [StillOpen]) {
    let desk = self
    return try await store.transact { rows in
      let control = try rows.control(.shared)
      var session = try AccountSession(account, rows, desk)
      var answers: [OrderAnswer] = []
      var left: [StillOpen] = []
      for instrument in Instrument.allCases {
        let standing = session.risk.standings[instrument]
        let side: Side = standing.position.quantity.isPositive ? .sell : .buy
        left += session.risk.heldFromClosing(instrument, side, of: account)
        for part in desk.slices(of: standing.closable(by: side), instrument) {
          let id = OrderID(desk.ids.next())
          let request = OrderRequest(
            OrderTerms(
              side, part, of: instrument, .market, life: .immediate, purpose: .emergencyClose),
            of: account, by: person, key: ClientKey(emergency: command, id), mode: .autonomous)
          let outcome = try desk.decide(request, as: id, &session, control)
          answers.append(OrderAnswer(outcome: outcome, isReplay: false))
          if case .denied(let code, let sentence) = outcome {
            left.append(
              StillOpen(part, of: instrument, in: account, .denied(Refusal(code, sentence))))
          }
        }
      }
      try session.save()
      return (answers, left)
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

extension RiskAccount {
  /// The part of a position that orders on the closing side hold, over ones too that may still be
  /// filled.
  fileprivate func heldFromClosing(
    _ instrument: Instrument, _ side: Side, of account: AccountID
  ) -> [StillOpen] {
    let standing = standings[instrument]
    let held = standing.position.quantity.magnitude
    guard let part = try? held.subtracting(standing.closable(by: side)), part.isPositive else {
      return []
    }
    let orders = reservations.values.filter { $0.instrument == instrument && $0.side == side }
      .map(\.order).sorted { $0.bits < $1.bits }
    return [StillOpen(part, of: instrument, in: account, .awaits(orders))]
  }
}
