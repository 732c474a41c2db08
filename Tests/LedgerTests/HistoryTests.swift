import Ledger
import LedgerTrials
import Testing

/// Random histories give, to the last digit, what fractions of whole numbers give.
/// (S04-TRD-09 … 11, goal R-12)
///
/// Here are a hundred; `scripts/long-proofs` judges ten thousand, in a build that is thirty times
/// faster.
struct HistoryTests {
  private static let count = 100

  @Test func `random histories are those of an oracle of fractions`() throws {
    var fills = 0
    var flips = 0
    for seed in 1...Self.count {
      var history = History(seed: UInt64(seed))
      for _ in 0..<12 { try history.step() }
      #expect(try history.judge() == [], "history \(seed)")
      fills += history.fills
      flips += history.flips
    }
    // The histories are of the kind that was meant: they trade, close in parts and turn round.
    #expect(fills > Self.count * 8)
    #expect(flips > Self.count / 10)
  }

  /// Who judges must be able to say no.
  @Test func `an oracle that heard something else is no oracle`() throws {
    var history = History(seed: 1)
    for _ in 0..<12 { try history.step() }
    history.mishear()
    let differences = try history.judge()
    #expect(differences.contains { $0.hasPrefix("cash is ") }, "\(differences)")
    #expect(differences.contains { $0.hasPrefix("equity is ") }, "\(differences)")
  }

  @Test func `the state is the fold of the events, and a lost event is seen`() throws {
    for seed in 1...20 {
      var history = History(seed: UInt64(seed))
      for _ in 0..<20 { try history.step() }
      let replayed = try Journal.replay(history.journal.entries)
      #expect(replayed == history.journal)
      #expect(replayed.book == history.journal.book)
      var entries = history.journal.entries
      entries.remove(at: entries.count / 2)
      let gap = Int64(history.journal.entries.count / 2) + 1
      #expect(throws: BookFault.sequence(expected: gap, found: gap + 1)) {
        try Journal.replay(entries)
      }
    }
  }
}
