import FlowrexContract
import FlowrexStore
import FlowrexTrading
import Ledger

/// What people do in worlds of one kind only.
extension Simulation {
  func startWhatIsParticular() {
    switch kind {
    case .usual, .falling: break
    case .hurried: start { await $0.hurry() }
    case .midnight:
      // No clock of a process is further away from the world's.
      let evening = kind.midnight.since(world.now()).microseconds - 300_000
      world.after(Span(microseconds: evening)) { [auditor] in auditor.noteEvening() }
    }
  }

  /// Buys, asks for the end of what is left of it, and when it has ended buys as much as one may.
  private func hurry() async {
    for number in 1...20 where world.isRough {
      await world.sleep(world.milliseconds(100...1_000))
      let first = await buy("hurried-\(number)-first", Quantity(50, .two))
      if let first {
        await world.sleep(world.milliseconds(300...1_500))
        await insist("cancel \(first)") { desk in
          _ = try await desk.cancel(first, of: WorldKind.hurriedAccount)
        }
        guard await hasEnded(first) else { continue }
      }
      let second = await buy("hurried-\(number)-second", Quantity(54, .two))
      await world.sleep(world.milliseconds(2_000...4_000))
      if let second {
        await insist("cancel \(second)") { desk in
          _ = try await desk.cancel(second, of: WorldKind.hurriedAccount)
        }
        guard await hasEnded(second) else { continue }
      }
      let held = auditor.held(.eurUSD, of: WorldKind.hurriedAccount)
      if held > .zero { _ = await order("hurried-\(number)-last", .sell, held) }
    }
  }

  private func buy(_ key: String, _ quantity: Quantity) async -> OrderID? {
    await order(key, .buy, quantity)
  }

  private func order(_ key: String, _ side: Side, _ quantity: Quantity) async -> OrderID? {
    guard let name = ClientKey(key) else { return nil }
    let request = OrderRequest(
      ClientOrder(side, quantity, of: .eurUSD, .market), of: WorldKind.hurriedAccount,
      by: Self.owner, key: name, mode: .autonomous)
    let answer = await insist(key) { try await $0.place(request) }
    world.note("\(key): \(answer.map { "\($0.outcome)" } ?? "nothing")")
    if let order = answer?.order { auditor.clientWasTold(key, order) }
    return answer?.order
  }

  private func hasEnded(_ order: OrderID) async -> Bool {
    for _ in 0..<200 where world.isRough {
      let view = await insist("read") { desk in
        try await desk.order(order, of: WorldKind.hurriedAccount)
      }
      if view?.record.order.state.isFinal == true { return true }
      await world.sleep(.milliseconds(50))
    }
    return false
  }
}
