/// A point in time, in whole seconds since 1970 began in UTC.
///
/// Not Foundation's date: nothing here may ask what time it is, only be told.
package struct PointInTime: Hashable, Sendable, Comparable {
  package let seconds: Int

  package init(seconds: Int) { self.seconds = seconds }

  package static func < (left: PointInTime, right: PointInTime) -> Bool {
    left.seconds < right.seconds
  }

  /// How long after `other` this is; negative if before.
  package func since(_ other: PointInTime) -> Duration { .seconds(seconds - other.seconds) }

  /// A moment as RFC 3339 writes it: `2026-11-21T10:00:00Z`, with fractions and offsets allowed.
  ///
  /// Without an offset it is not clear when it was, so that is `nil` too.
  package init?(_ text: String) {
    let pattern =
      #/
      (\d{4})-(\d{2})-(\d{2}) [Tt] (\d{2}):(\d{2}):(\d{2}) (?:\.\d{1,9})?
      (?: [Zz] | ([+-])(\d{2}):(\d{2}) )
      /#
    guard text.utf8.count <= 40, let match = text.wholeMatch(of: pattern) else { return nil }
    let fields = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int($0) }
    guard fields.count == 6 else { return nil }
    let (year, month, day) = (fields[0], fields[1], fields[2])
    guard year >= 1970, (1...12).contains(month),
      (1...Self.days(in: month, of: year)).contains(day),
      fields[3] < 24, fields[4] < 60, fields[5] < 60
    else { return nil }
    var offset = 0
    if let sign = match.7, let hours = match.8.flatMap({ Int($0) }),
      let minutes = match.9.flatMap({ Int($0) })
    {
      guard hours < 24, minutes < 60 else { return nil }
      offset = (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
    let time = fields[3] * 3600 + fields[4] * 60 + fields[5]
    seconds = Self.dayNumber(year, month, day) * 86_400 + time - offset
  }

  /// `2026-11-21T10:00:00Z`.
  package var text: String {
    let time = seconds % 86_400
    let (year, month, day) = Self.civil(seconds / 86_400)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))T\(two(time / 3600)):\(two(time / 60 % 60)):"
      + "\(two(time % 60))Z"
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar, by counting years from March, so
  /// that a leap day is the last of its year.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let real = month < 10 ? month + 3 : month - 9
    return (yearOfEra + era * 400 + (real <= 2 ? 1 : 0), real, day)
  }
}

extension Duration {
  /// A length of time as a person says it, in its largest whole unit: `3 days`, `40 minutes`.
  package var spoken: String {
    let seconds = Int(self.components.seconds)
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
    for (size, name) in units where seconds >= 2 * size || seconds >= size && seconds % size == 0 {
      let count = seconds / size
      return "\(count) \(name)\(count == 1 ? "" : "s")"
    }
    return "\(seconds) seconds"
  }
}
