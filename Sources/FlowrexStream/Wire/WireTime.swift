import Ledger

extension Timestamp {
  /// RFC 3339, in UTC, to the microsecond. (C-21)
  var wireText: String {
    let (seconds, fraction) = microseconds.floored(by: 1_000_000)
    let (days, second) = seconds.floored(by: 86_400)
    let (year, month, day) = Self.civil(days)
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { $0.padded(2) }
    return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))T"
      + clock.joined(separator: ":") + ".\(fraction.padded(6))Z"
  }

  /// The date of a day counted from 1 January 1970, in the proleptic Gregorian calendar: years
  /// begin in March, so that the odd day is the last. (Howard Hinnant, "chrono-compatible
  /// low-level date algorithms")
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, day) = (days + 719_468).floored(by: 146_097)
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (
      year + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}

extension Int64 {
  fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  fileprivate func padded(_ count: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, count - text.utf8.count)) + text
  }
}
