/// The words of the language, lower case. They are recognised in any case.
enum Keyword: String, CaseIterable {
  case and, or, unless, atan2
  case sum, avg, count, min, max, group, stddev, stdvar, topk, bottomk, quantile, limitk
  case countValues = "count_values"
  case limitRatio = "limit_ratio"
  case offset, smoothed, anchored, by, without, on, ignoring, bool
  case groupLeft = "group_left"
  case groupRight = "group_right"
  case fill
  case fillLeft = "fill_left"
  case fillRight = "fill_right"
  case start, end, step, range
  case maxOf = "max_of"
  case minOf = "min_of"

  /// True when a selector may start with this word as a metric's name.
  var isMetricName: Bool {
    switch self {
    case .atan2, .bool, .groupLeft, .groupRight, .ignoring, .on: false
    default: true
    }
  }

  /// True when the word may stand without quotes in `by (…)` and its like.
  var isGroupingLabel: Bool { self != .without }

  /// True when the word in front of `(` is a function.
  var isFunction: Bool {
    switch self {
    case .start, .end, .step, .range, .maxOf, .minOf: true
    default: false
    }
  }

  /// The aggregation of this name.
  var aggregator: Aggregator? { Aggregator(rawValue: rawValue) }

  /// The operator of this name.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .and: .and
    case .or: .or
    case .unless: .unless
    case .atan2: .atan2
    default: nil
    }
  }
}

/// Which names stand bare and which need quotes.
enum Names {
  /// True when `name` can be written in front of braces and read back as a metric's name.
  static func isBareMetric(_ name: String) -> Bool {
    guard isLegacyMetric(name) else { return false }
    let word = name.lowercased()
    if word == "inf" || word == "nan" { return false }
    return Keyword(rawValue: word)?.isMetricName ?? true
  }

  /// True when `name` is a metric name of every Prometheus: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  static func isLegacyMetric(_ name: String) -> Bool {
    let colon = UInt8(ascii: ":")
    guard let first = name.utf8.first, first.isLetter || first == colon else { return false }
    return name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == colon }
  }

  /// True when `name` is a label name of every Prometheus, so that braces take it bare.
  static func isBareLabel(_ name: String) -> Bool {
    guard let first = name.utf8.first, first.isLetter else { return false }
    return name.utf8.allSatisfy { $0.isLetter || $0.isDigit }
  }

  /// True when `name` can stand bare in `by (…)`, where keywords are still keywords.
  static func isBareGroupingLabel(_ name: String) -> Bool {
    guard isBareLabel(name) else { return false }
    let word = name.lowercased()
    if word == "inf" || word == "nan" { return false }
    return Keyword(rawValue: word)?.isGroupingLabel ?? true
  }
}

extension UInt8 {
  /// An ASCII letter or `_`.
  var isLetter: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// An ASCII digit.
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

  /// The value of a hexadecimal digit.
  var hexValue: UInt32? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
