import FlowrexConfiguration
import FlowrexContract
import TestSupport
import Testing

/// How much a key may say beyond its type. (S04-TRD-03, S17-INT-03)
@Suite struct BoundTests {
  private func problems(_ surroundings: Surroundings) -> [String] {
    let secrets = surroundings.secrets
    do {
      _ = try WorkerConfiguration.read(surroundings.variables) { _, name in
        secrets[name].map { Array($0.utf8) }
      }
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test(
    .covers("S04-TRD-03", "S17-SEC-14", "S18-ARCH-12"),
    arguments: [
      ("MARKET_DATA_MAX_AGE_SECONDS", "86400", "expected seconds from 0.1 to 1.5"),
      ("MARKET_DATA_MAX_AGE_SECONDS", "1.501", "expected seconds from 0.1 to 1.5"),
      ("GUARD_INTERVAL_SECONDS", "86400", "expected seconds from 0.1 to 60"),
      ("APPROVAL_EXPIRY_INTERVAL_SECONDS", "61", "expected seconds from 0.1 to 60"),
      ("RECONCILIATION_INTERVAL_SECONDS", "901", "expected seconds from 0.1 to 300"),
      ("OUTBOX_INTERVAL_SECONDS", "60", "expected seconds from 0.01 to 10"),
      ("OUTBOX_INTERVAL_SECONDS", "0.0000001", "must be at least 0.001 seconds"),
      ("CANDLE_INTERVAL_SECONDS", "0.0000001", "must be at least 0.001 seconds"),
      ("CANDLE_INTERVAL_SECONDS", "0.5", "expected seconds from 1 to 86400"),
      ("RETENTION_INTERVAL_SECONDS", "86401", "expected seconds from 1 to 86400"),
      (
        "LEADER_LOCK_SECONDS", "22.5",
        "two fifths of it must be longer than DATABASE_POOL_WAIT_SECONDS and "
          + "DATABASE_STATEMENT_TIMEOUT_SECONDS together"
      ),
    ])
  func `what loosens a limit or keeps a worker spinning is refused`(
    name: String, value: String, said: String
  ) {
    #expect(
      problems(Surroundings.production.stating(name, value)) == ["\(name): \(said)"])
  }

  @Test(arguments: [
    ("MARKET_DATA_MAX_AGE_SECONDS", "1.5"), ("GUARD_INTERVAL_SECONDS", "60"),
    ("OUTBOX_INTERVAL_SECONDS", "0.01"), ("LEADER_LOCK_SECONDS", "22.6"),
  ])
  func `one step away it is taken`(name: String, value: String) {
    #expect(problems(Surroundings.production.stating(name, value)) == [])
  }

  @Test func `a laptop that is busy may have late prices`() {
    #expect(problems(Surroundings.laptop.stating("MARKET_DATA_MAX_AGE_SECONDS", "10")) == [])
  }
}
