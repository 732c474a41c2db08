import FlowrexAPI
import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct MomentTests {
  @Test(.covers("C-21"))
  func `moments are written as the standard says`() {
    let known: [(Int64, String)] = [
      (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
      (951_782_399_000_001, "2000-02-28T23:59:59.000001Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
      (1_700_049_600_500_000, "2023-11-15T12:00:00.500000Z"),
    ]
    for (microseconds, text) in known {
      #expect(Timestamp(microseconds: microseconds).text == text)
    }
  }

  /// Against the calendar of the system.
  @Test func `every day has the calendar's name, and is read back`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var numbers = SplitMix64(seed: 7)
    for _ in 0..<2_000 {
      let number = Int64(numbers.next() % 60_000) - 20_000
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86_400))
      let words = [parts.year ?? 0, parts.month ?? 0, parts.day ?? 0].map { part in
        part < 10 ? "0\(part)" : "\(part)"
      }
      let day = TradingDay(number: number)
      #expect(day.text == words.joined(separator: "-"))
      #expect(TradingDay(text: day.text) == day)
    }
    for text in ["", "2026-02-30", "2026-2-03", "2026-13-01", "2026-00-10", "20260101", "x"] {
      #expect(TradingDay(text: text) == nil, "\(text)")
    }
  }

  @Test func `a person has one number, whether named by it or by a word`() {
    let text = "01a20248-abb5-7c0c-b0cb-4bfd6521e9cf"
    #expect(PersonID(subject: text).description == text)
    #expect(PersonID(subject: "admin") == PersonID(subject: "admin"))
    #expect(PersonID(subject: "admin") != PersonID(subject: "admin2"))
  }
}
