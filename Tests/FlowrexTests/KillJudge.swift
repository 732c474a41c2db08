import FlowrexContract
import FlowrexTrading
import FlowrexVenue
import Ledger
import Testing

/// Compares what people were told, what is booked, and what the venue wrote down.
struct KillJudge {
  let house: KillHouse

  /// Waits until every order has ended and every event is booked; minutes are a bound for hanging.
  func awaitRest() async throws {
    // Twice: a trade that was quicker than its order's end is told a moment later.
    var looks = 0
    for _ in 0..<900 {
      let open = try await house.rows(
        """
        SELECT count(*) FROM orders WHERE state NOT IN
          ('filled', 'cancelled', 'expired', 'rejected');

        """)
      let booked = try await house.rows("SELECT count(*) FROM fills;\n")
      let isBooked = try booked.first?.first == "\(fills().count)"
      looks = open.first?.first == "0" && isBooked ? looks + 1 : 0
      if looks == 3 { return }
      try await Task.sleep(for: .milliseconds(200))
    }
    let left = try await house.rows(
      "SELECT id, state, cancel_requested, venue, epoch FROM orders ORDER BY id;\n")
    Issue.record("it did not come to rest: \(left)")
  }

  private func fills() throws -> [Fill] {
    try house.entries().compactMap { entry in
      guard case .told(let event) = entry.kind, case .filled(let fill) = event.kind else {
        return nil
      }
      return fill
    }
  }

  func judge() async throws {
    let orders = try await house.rows(
      "SELECT id, client_key, state, filled, account FROM orders;\n")
    let states = Dictionary(orders.map { ($0[0], $0[2]) }) { $1 }
    // Nothing is there twice.
    #expect(Set(orders.map { $0[1] + $0[4] }).count == orders.count)
    var taken: [OrderID: Int] = [:]
    for case .taken(let submission) in try house.entries().map(\.kind) {
      taken[submission.order, default: 0] += 1
    }
    for (order, times) in taken {
      #expect(times == 1, "\(order) was taken \(times) times")
      #expect(states[order.description] != nil, "the venue trades \(order), which nobody placed")
    }
    // Nothing acknowledged is lost: it is there under its name, and has ended. One that nobody
    // could send for a minute is refused, and then the venue never had it.
    for order in house.acknowledged {
      let row = orders.filter { $0[1] == order.key }
      #expect(row.map { $0[0] } == [order.id], "\(order.key)")
      let wasTaken = order.id.flatMap { OrderID(text: $0) }.map { taken[$0] != nil }
      let ends = wasTaken == true ? ["filled", "cancelled"] : ["rejected", "cancelled"]
      #expect(ends.contains(row.first?[2] ?? ""), "\(row)")
    }
    #expect(house.acknowledged.count > 5)
    #expect(taken.count > 3)
    // Each trade of the venue is booked once, as it was made.
    let trades = try fills()
    let booked = try await house.rows(
      "SELECT id, order_id, side, quantity, price, fee, instrument FROM fills;\n")
    #expect(booked.count == trades.count)
    #expect(
      Set(booked)
        == Set(
          trades.map {
            [
              $0.id.description, $0.order.description, $0.side.rawValue, "\($0.quantity.units)",
              "\($0.price.units)", "\($0.fee.units)", $0.instrument.rawValue,
            ]
          }))
    try await judgeBooks(orders, trades)
    let divergences = try await house.rows(
      "SELECT kind, subject, detail FROM divergences WHERE settled_at IS NULL;\n")
    #expect(divergences == [])
  }

  /// What an order and a position say is the sum of their trades.
  private func judgeBooks(_ orders: [[String]], _ trades: [Fill]) async throws {
    var filled: [String: Int64] = [:]
    for trade in trades { filled[trade.order.description, default: 0] += trade.quantity.units }
    for order in orders {
      #expect(order[3] == "\(filled[order[0]] ?? 0)", "\(order)")
    }
    let accounts = Dictionary(orders.map { ($0[0], $0[4]) }) { $1 }
    var positions: [String: Int64] = [:]
    for trade in trades {
      let account = accounts[trade.order.description] ?? ""
      positions["\(account) \(trade.instrument.rawValue)", default: 0] +=
        trade.signedQuantity.units
    }
    let kept = try await house.rows(
      "SELECT account, instrument, quantity FROM positions WHERE quantity <> 0;\n")
    #expect(
      Dictionary(kept.map { ("\($0[0]) \($0[1])", $0[2]) }) { $1 }
        == positions.filter { $0.value != 0 }.mapValues { "\($0)" })
  }
}
