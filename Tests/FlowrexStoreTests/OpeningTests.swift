import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// Who opens an account while another is opening it gets the same answer as a moment later.
struct OpeningTests {
  private func countWaiting(_ database: Database) async throws -> Int {
    try await database.host.migrating { session in
      try session.transaction { connection in
        let rows = try connection.run(
          """
          SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'
          """)
        return rows.count
      }
    }
  }

  @Test(.covers("S18-HS-10"), arguments: [PersonID(1), PersonID(2)])
  func `two openings of an account at once are one`(owner: PersonID) async throws {
    try await Backend.postgresql.withEmptyDatabase { database in
      let (store, id) = (database.store, AccountID(0xC))
      _ = try await Migrator(try Schema.current(), on: database.host).up(at: HandClock.start)
      let floor = try await Floor(store)
      let (begun, end) = (Gate(), Gate())
      let first = Task {
        try await store.transact { rows in
          try rows.insert(AccountRecord(id, of: PersonID(1), RiskAccount().stored))
          begun.open()
          end.wait()
        }
      }
      await begun.opened()
      let second = Task { try await floor.desk.openAccount(id, of: owner) }
      // It has seen no account, and stands where the other one writes it.
      while try await countWaiting(database) == 0 {
        try await Task.sleep(for: .milliseconds(10))
      }
      end.open()
      try await first.value
      if owner == PersonID(1) {
        try await second.value
      } else {
        await #expect(throws: TradingFault.accountTaken(id)) { try await second.value }
      }
    }
  }
}
