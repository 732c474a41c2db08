/// The duration form of Prometheus: `1y2w3d4h5m6s7ms`, each unit at most once, in this order.
///
/// Source: https://prometheus.io/docs/prometheus/latest/querying/basics/,
/// "Float literals and time durations".
enum DurationText {
  struct Unit {
    let name: String
    let milliseconds: Int
    /// Years and weeks are printed only when nothing is left over: `8d`, not `1w1d`.
    let onlyExact: Bool
  }

  static let units = [
    Unit(name: "y", milliseconds: 365 * 86_400_000, onlyExact: true),
    Unit(name: "w", milliseconds: 7 * 86_400_000, onlyExact: true),
    Unit(name: "d", milliseconds: 86_400_000, onlyExact: false),
    Unit(name: "h", milliseconds: 3_600_000, onlyExact: false),
    Unit(name: "m", milliseconds: 60_000, onlyExact: false),
    Unit(name: "s", milliseconds: 1_000, onlyExact: false),
    Unit(name: "ms", milliseconds: 1, onlyExact: false),
  ]

  /// The largest length Prometheus can hold: 2^63 - 1 nanoseconds, in milliseconds.
  static let millisecondsMax = Int64.max / 1_000_000

  static func text(milliseconds: Int) -> String {
    guard milliseconds > 0 else { return "0s" }
    var rest = milliseconds
    var text = ""
    for unit in units where rest > 0 {
      if unit.onlyExact && rest % unit.milliseconds != 0 { continue }
      let count = rest / unit.milliseconds
      if count > 0 {
        text += "\(count)\(unit.name)"
        rest -= count * unit.milliseconds
      }
    }
    return text
  }

  /// Milliseconds of a duration text; `nil` when units repeat, are out of order or overflow.
  static func milliseconds(_ text: some Collection<UInt8>) -> Int64? {
    var total: Int64 = 0
    var nextUnit = 0
    var index = text.startIndex
    while index < text.endIndex {
      guard let count = number(text, &index), let unit = unit(text, &index, from: nextUnit) else {
        return nil
      }
      let (length, overflowed) = count.multipliedReportingOverflow(
        by: Int64(units[unit].milliseconds))
      let (sum, overflowedSum) = total.addingReportingOverflow(length)
      guard !overflowed, !overflowedSum, sum <= millisecondsMax else { return nil }
      total = sum
      nextUnit = unit + 1
    }
    return nextUnit == 0 ? nil : total
  }

  private static func number<Text: Collection<UInt8>>(
    _ text: Text, _ index: inout Text.Index
  ) -> Int64? {
    let digits = text[index...].prefix { $0.isDigit }
    index = digits.endIndex
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  private static func unit<Text: Collection<UInt8>>(
    _ text: Text, _ index: inout Text.Index, from first: Int
  ) -> Int? {
    let letters = text[index...].prefix { !$0.isDigit }
    index = letters.endIndex
    let name = String(decoding: letters, as: UTF8.self)
    return units.indices.first { $0 >= first && units[$0].name == name }
  }
}
