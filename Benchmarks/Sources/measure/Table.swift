/// One figure of the table.
struct Row {
  let what: String
  let value: String
  let limit: String
  /// `nil` where there is no limit.
  let holds: Bool?
  let how: String

  /// A figure that may be so large and no larger.
  init(_ what: String, _ value: Double, atMost limit: Double?, _ unit: Unit, how: String) {
    self.what = what
    self.value = unit.text(value)
    self.limit = limit.map { "≤ " + unit.text($0) } ?? ""
    holds = limit.map { value <= $0 }
    self.how = how
  }

  /// A figure that has to be so large.
  init(_ what: String, _ value: Double, atLeast limit: Double, _ unit: Unit, how: String) {
    self.what = what
    self.value = unit.text(value)
    self.limit = "≥ " + unit.text(limit)
    holds = value >= limit
    self.how = how
  }

  /// A statement that holds or does not.
  init(_ what: String, value: String, holds: Bool?, how: String) {
    self.what = what
    self.value = value
    limit = ""
    self.holds = holds
    self.how = how
  }

  var verdict: String { holds.map { $0 ? "holds" : "MISSED" } ?? "" }
}

/// What a figure counts.
enum Unit {
  case milliseconds, seconds, mebibytes, times, instructions, perSecond, percent

  func text(_ value: Double) -> String {
    switch self {
    case .milliseconds: "\(Self.rounded(value * 1000, 1)) ms"
    case .seconds: "\(Self.rounded(value, 2)) s"
    case .mebibytes: "\(Self.rounded(value, 1)) MiB"
    case .perSecond: "\(Self.rounded(value, 1))/s"
    case .percent: "\(Self.rounded(value, 1)) %"
    case .times: "\(Self.rounded(value, 2)) ×"
    case .instructions: "\(Self.rounded(value / 1e6, 1)) M"
    }
  }

  private static func rounded(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let number = (value * scale).rounded() / scale
    return number == number.rounded() ? String(Int(number)) : String(number)
  }
}

/// The table, with columns as wide as their widest cell.
func table(_ rows: [Row]) -> String {
  let cells =
    [["what", "measured", "limit", "verdict", "how"]]
    + rows.map { [$0.what, $0.value, $0.limit, $0.verdict, $0.how] }
  let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
  let lines = cells.map { line in
    zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      .joined(separator: "  ")
  }
  let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
  return ([lines[0], rule] + lines.dropFirst()).map { line in
    String(line.reversed().drop { $0 == " " }.reversed())
  }.joined(separator: "\n")
}
