import FlowrexContract
import FlowrexStore
package import Ledger
package import Risk

/// What became of a wish that everything ends.
package struct CancelSweep: Hashable, Sendable {
  /// Orders whose end was asked for.
  package var asked = 0
  /// Orders that could not be reached; whoever asks again tries them again.
  package var failed: [OrderID] = []

  package init(asked: Int = 0, failed: [OrderID] = []) {
    self.asked = asked
    self.failed = failed
  }
}

extension Desk {
  /// How many orders or accounts are read at once.
  private static let page = 100

  package func control() async throws -> TradingControl {
    try await store.transact { try $0.control(.shared) }
  }

  /// Changes what orders may do. It waits for decisions that are being made, and is seen by every
  /// one after it: with the commit of the emergency stop nothing more is accepted or sent. The
  /// stop may be said twice, so it is tried again when nobody knows whether it stands.
  /// (S18-EMG-02, 06)
  package func command(
    _ command: TradingControl.Command, by actor: TradingControl.Actor
  ) async throws -> TradingControl {
    let end = clock.now().adding(times.stopWithin)
    var attempt = 1
    while true {
      do {
        return try await say(command, by: actor)
      } catch let fault as StoreFault
        where command == .engage && fault.isTransient && clock.now() < end && !Task.isCancelled
      {
        await clock.sleep(min(times.pause(after: attempt), times.longestStopPause))
        attempt += 1
      }
    }
  }

  private func say(
    _ command: TradingControl.Command, by actor: TradingControl.Actor
  ) async throws -> TradingControl {
    let clock = clock
    return try await store.transact(.urgent) { rows in
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
  package func cancelOpenOrders() async throws -> CancelSweep {
    let open = OrderState.allCases.filter { !$0.isFinal }
    var last: OrderID?
    var sweep = CancelSweep()
    while true {
      let after = last
      let ids = try await store.transact {
        try $0.orderIDs(in: open, after: after, limit: Self.page)
      }
      for id in ids {
        do {
          if try await cancelTrade(id) { sweep.asked += 1 }
        } catch let error where Self.isOwn(error) {
          sweep.failed.append(id)
        }
      }
      guard ids.count == Self.page else { return sweep }
      last = ids.last
    }
  }

  /// - Returns: false for an order that closes in an emergency: its end is nobody's wish.
  func cancelTrade(_ id: OrderID) async throws -> Bool {
    let desk = self
    return try await store.transact { rows in
      guard let account = try rows.order(id)?.account else { return false }
      var session = try AccountSession(account, rows, desk)
      var record = try session.order(id)
      guard record.order.terms.purpose == .trade else { return false }
      try session.cancel(&record)
      try session.save()
      return true
    }
  }

  /// Runs `body` for every account, so many in one look.
  func forEachAccount(_ body: (AccountID) async throws -> Void) async throws {
    var last: AccountID?
    while true {
      let after = last
      let ids = try await store.transact { try $0.accounts(after: after, limit: Self.page) }
      for id in ids { try await body(id) }
      guard ids.count == Self.page else { return }
      last = ids.last
    }
  }
}
