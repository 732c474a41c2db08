package import Ledger

extension Timestamp {
  /// RFC 3339, in UTC, to the microsecond: what a client gives back is the same moment. (C-21)
  package var text: String {
    let length = Span.day.microseconds
    let number = day.number
    let rest = microseconds - number * length
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return "\(day.text)T\(clock.joined(separator: ":")).\(padded(fraction, 6))Z"
  }
}

extension TradingDay {
  /// `2026-11-22`.
  package var text: String {
    // Years that begin in March: the day that leap years add is their last. (Hinnant,
    // "chrono-compatible low-level date algorithms")
    let (era, day) = Self.floored(number + 719_468, 146_097)
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * month + 2) / 5 + 1
    let civil = month < 10 ? month + 3 : month - 9
    let full = year + era * 400 + (civil <= 2 ? 1 : 0)
    return "\(padded(full, 4))-\(padded(civil, 2))-\(padded(date, 2))"
  }

  /// - Returns: `nil` for what ``text`` never is.
  package init?(text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2] else { return nil }
    let numbers = parts.compactMap { part in
      part.allSatisfy { ("0"..."9").contains($0) } ? Int64(part) : nil
    }
    guard numbers.count == 3 else { return nil }
    let (month, date) = (numbers[1], numbers[2])
    let year = numbers[0] - (month <= 2 ? 1 : 0)
    let (era, ofEra) = Self.floored(year, 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date - 1
    let dayOfEra = ofEra * 365 + ofEra / 4 - ofEra / 100 + dayOfYear
    self.init(number: era * 146_097 + dayOfEra - 719_468)
    // The 30th of February has another name.
    guard self.text == text else { return nil }
  }

  private static func floored(_ number: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let (whole, rest) = number.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (whole - 1, rest + divisor) : (whole, rest)
  }
}

private func padded(_ number: Int64, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
