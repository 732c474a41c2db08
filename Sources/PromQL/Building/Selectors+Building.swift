extension Matcher {
  /// `label="value"`.
  package static func equal(_ label: String, _ value: String) -> Matcher {
    Matcher(label, .equal, StringValue(value))
  }

  /// `label!="value"`.
  package static func notEqual(_ label: String, _ value: String) -> Matcher {
    Matcher(label, .notEqual, StringValue(value))
  }

  /// `label=~"pattern"`: the pattern covers the whole value.
  package static func matches(_ label: String, _ pattern: String) -> Matcher {
    Matcher(label, .matches, StringValue(pattern))
  }

  /// `label!~"pattern"`.
  package static func doesNotMatch(_ label: String, _ pattern: String) -> Matcher {
    Matcher(label, .doesNotMatch, StringValue(pattern))
  }

  /// One of these exact values; with a single one, `label="value"`.
  package static func anyOf(_ label: String, _ values: [String]) -> Matcher {
    if values.count == 1, let only = values.first { return equal(label, only) }
    return matches(label, values.map(Pattern.escaped).joined(separator: "|"))
  }

  /// None of these exact values; with a single one, `label!="value"`.
  package static func noneOf(_ label: String, _ values: [String]) -> Matcher {
    if values.count == 1, let only = values.first { return notEqual(label, only) }
    return doesNotMatch(label, values.map(Pattern.escaped).joined(separator: "|"))
  }
}

extension VectorSelector {
  /// The same series as they were `seconds` ago; negative looks ahead.
  package func offset(seconds: Int) -> VectorSelector {
    var copy = self
    copy.modifiers.offset = .seconds(seconds)
    return copy
  }

  /// The same series at a fixed instant.
  package func at(_ instant: Instant) -> VectorSelector {
    var copy = self
    copy.modifiers.instant = instant
    return copy
  }

  /// The same series with further conditions.
  package func filtered(_ more: [Matcher]) -> VectorSelector {
    var copy = self
    copy.matchers += more
    return copy
  }
}

extension NumberLiteral {
  /// An exact decimal: `NumberLiteral(95, scale: 2)` is `0.95`.
  ///
  /// - Parameters:
  ///   - unscaled: All digits.
  ///   - scale: How many of them stand after the point; below 0 counts as 0.
  package init(_ unscaled: UInt, scale: Int) {
    let digits = String(unscaled)
    let places = max(0, scale)
    guard places > 0 else {
      self.init(unscaled)
      return
    }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let text = "\(padded.dropLast(places)).\(padded.suffix(places))"
    self.init(text: text, value: Double(text) ?? .nan, isDuration: false)
  }
}
