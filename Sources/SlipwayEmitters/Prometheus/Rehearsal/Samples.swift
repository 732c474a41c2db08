import PromQL
import SlipwayModel

/// The labels of a series; asked by name, never walked on the way to output.
typealias LabelMap = [String: String]

/// A value at one instant of a rehearsal.
struct RehearsedSample: Hashable {
  var labels: LabelMap
  /// `nil` when it cannot be told; a comparison then keeps the sample.
  var value: Double?

  var withoutName: RehearsedSample {
    var copy = self
    copy.labels[Matcher.metricName] = nil
    return copy
  }
}

/// An input series of a rule's unit test: one sample a minute on a straight line.
struct RehearsedSeries: Hashable {
  let labels: LabelMap
  let start: Double
  let step: Double
  let last: Int

  /// `nil` for a series without samples, and for what is no series.
  init?(_ series: ResolvedSeries) {
    guard let expression = try? Parser.parse(series.series),
      case .selector(let selector) = expression.node,
      let shape = Shape(series.values)
    else { return nil }
    var labels: LabelMap = [:]
    if let metric = selector.metricName { labels[Matcher.metricName] = metric }
    for matcher in selector.matchers {
      guard matcher.operation == .equal, let text = matcher.value.text else { return nil }
      if !text.isEmpty { labels[matcher.label] = text }
    }
    self.labels = labels
    (start, step, last) = (shape.start, shape.step, shape.last)
  }

  func value(at minute: Int) -> Double { start + step * Double(minute) }

  /// `0+10x60`: start, step and number of steps.
  private struct Shape {
    let start: Double
    let step: Double
    let last: Int

    init?(_ text: String) {
      let halves = text.split(separator: "x")
      guard halves.count == 2, let last = Int(halves[1]), let line = halves.first,
        let sign = line.dropFirst().lastIndex(where: { $0 == "+" || $0 == "-" }),
        let start = Double(line[..<sign]), let step = Double(line[sign...])
      else { return nil }
      self.start = start
      self.step = step
      self.last = last
    }
  }
}

/// The samples of one series in a range.
struct RehearsedRange {
  let series: RehearsedSeries
  /// The first and the last minute with a sample.
  let first: Int
  let last: Int
  /// Where the range begins and ends, in minutes.
  let from: Double
  let to: Double

  var count: Int { last - first + 1 }
  var values: (first: Double, last: Double) {
    (series.value(at: first), series.value(at: last))
  }
}

/// An expression that this rehearsal does not understand.
struct CannotTell: Error {}

extension Matcher {
  /// Whether a series with these labels passes.
  func accepts(_ labels: LabelMap) throws(CannotTell) -> Bool {
    let actual = labels[label] ?? ""
    guard let wanted = value.text else { throw CannotTell() }
    switch operation {
    case .equal: return actual == wanted
    case .notEqual: return actual != wanted
    case .matches: return try matches(actual, wanted)
    case .doesNotMatch: return try !matches(actual, wanted)
    }
  }

  private func matches(_ text: String, _ pattern: String) throws(CannotTell) -> Bool {
    let syntax = "\\.+*?()[]{}^$"
    if !pattern.contains(where: { syntax.contains($0) }) {
      return pattern.split(separator: "|", omittingEmptySubsequences: false).contains { $0 == text }
    }
    // RE2's syntax is, but for rare classes, a part of what this library reads.
    guard let regex = try? Regex(pattern), let found = try? regex.wholeMatch(in: text) else {
      if (try? Regex(pattern)) == nil { throw CannotTell() }
      return false
    }
    return !found.isEmpty || text.isEmpty
  }
}
