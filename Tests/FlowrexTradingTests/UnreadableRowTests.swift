import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// A row that cannot be read ends no round that reads the list it stands in. (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct UnreadableRowTests {
  private func withFloor(_ body: (Floor, Snare) async throws -> Void) async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await body(try await Floor(store), snare)
  }

  /// From here on a column of these rows holds nonsense.
  private func spoil(
    _ snare: Snare, _ table: String, _ column: Int, where isMeant: @escaping (SQLRow) -> Bool
  ) {
    snare.rewrite = { sql, row in
      guard sql.contains("FROM \(table)"), row.values.count > column, isMeant(row) else {
        return row
      }
      var values = row.values
      values[column] = .text("nonsense")
      return SQLRow(values)
    }
  }

  @Test func `a message that cannot be read is noted, and the others are said`() async throws {
    try await withFloor { floor, snare in
      let broken = try #require(try await floor.desk.place(floor.request("broken")).order)
      floor.clock.advance(.milliseconds(1))
      let sound = try #require(try await floor.desk.place(floor.request("sound")).order)
      spoil(snare, "outbox", 2) { $0.values.first == .text(broken.description) }
      // One at a time: what cannot be read is first, and must not stay so.
      for _ in 1...2 { try await floor.desk.deliver(limit: 1) }
      #expect(try await floor.order(sound)?.order.state == .working)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "message 'submit' of order \(broken) cannot be read: "
            + "the column 'outbox 3' holds 'nonsense'"
        ])
      snare.rewrite = { $1 }
      floor.clock.advance(.seconds(30))
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(broken)?.order.state == .working)
    }
  }

  @Test func `a note that cannot be read hides no other`() async throws {
    try await withFloor { floor, snare in
      let now = floor.clock.now()
      try await floor.store.transact { rows in
        for subject in ["a", "b"] {
          try rows.note(Divergence(.stateDiffers, of: subject, "it differs", foundAt: now))
        }
      }
      spoil(snare, "divergences", 0) { $0.values[1] == .text("a") }
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "a note of the kind 'nonsense' cannot be read: it differs", "it differs",
        ])
    }
  }

  @Test func `an unbooked event that cannot be read hides no other`() async throws {
    try await withFloor { floor, snare in
      for number in [UInt128(77), 78] {
        let stranger = Submission(
          OrderID(number), of: Floor.account, OrderTerms(.buy, 1, of: .eurUSD, .market),
          goodUntil: floor.clock.now(), epoch: 1)
        _ = try await floor.venue.submit(stranger)
      }
      #expect(try await floor.desk.listen(limit: 9) == 4)
      spoil(snare, "unbooked_events", 4) { $0.values[2] == .integer(1) }
      let left = try await floor.desk.unbookedEvents(limit: 9)
      #expect(left.map(\.place.sequence) == [2, 3, 4])
    }
  }
}
