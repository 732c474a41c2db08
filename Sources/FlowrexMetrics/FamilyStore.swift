import ServiceContract
import Synchronization

/// All series of one metric.
///
/// With closed labels the series are an array that never grows: their number is known before the
/// process starts. (C-23)
final class FamilyStore: Sendable {
  let family: MetricFamily
  private let bounds: [Double]
  private let state: Mutex<State>

  /// One series: a value, or a histogram's counts.
  private struct Series {
    let labels: String
    var isListed: Bool
    var value = 0.0
    var count = 0
    var buckets: [Int]
  }

  private struct State {
    var series: [Series] = []
    /// By the label's values, in the order of the family's labels.
    var places: [[String]: Int] = [:]
  }

  init(_ family: MetricFamily, isPossible: ([String: String]) -> Bool) {
    self.family = family
    bounds = family.buckets.compactMap { Double($0) }
    var state = State()
    for values in Self.combinations(family.labels) {
      let named = Dictionary(uniqueKeysWithValues: zip(family.labels.map(\.name), values))
      state.places[values] = state.series.count
      state.series.append(
        Series(
          labels: Self.text(family.labels, values), isListed: isPossible(named),
          buckets: Array(repeating: 0, count: bounds.count)))
    }
    self.state = Mutex(state)
  }

  func change(_ labels: [(String, String)], _ body: (inout Double) -> Void) {
    let values = ordered(labels)
    state.withLock { state in
      let place = place(of: values, in: &state)
      state.series[place].isListed = true
      body(&state.series[place].value)
    }
  }

  func observe(_ labels: [(String, String)], _ value: Double) {
    let values = ordered(labels)
    state.withLock { state in
      let place = place(of: values, in: &state)
      state.series[place].isListed = true
      state.series[place].value += value
      state.series[place].count += 1
      if let bucket = bounds.firstIndex(where: { value <= $0 }) {
        state.series[place].buckets[bucket] += 1
      }
    }
  }

  /// The values in the order of the family's labels; all of them, and no other.
  private func ordered(_ labels: [(String, String)]) -> [String] {
    precondition(labels.count == family.labels.count, "\(family.name) has other labels")
    return family.labels.map { label in
      guard let value = labels.first(where: { $0.0 == label.name })?.1 else {
        preconditionFailure("\(family.name) needs the label \(label.name)")
      }
      return value
    }
  }

  private func place(of values: [String], in state: inout State) -> Int {
    if let place = state.places[values] { return place }
    precondition(family.labels.contains { $0.values == nil }, "\(family.name) has no such value")
    // An open label: the build, once in a process.
    state.places[values] = state.series.count
    state.series.append(
      Series(
        labels: Self.text(family.labels, values), isListed: true,
        buckets: Array(repeating: 0, count: bounds.count)))
    return state.series.count - 1
  }

  /// All values of closed labels together; nothing while a label is open.
  private static func combinations(_ labels: [LabelDeclaration]) -> [[String]] {
    labels.reduce([[]]) { rows, label in
      rows.flatMap { row in (label.values ?? []).map { row + [$0] } }
    }
  }

  // MARK: Text

  func write(to text: inout String) {
    let series = state.withLock { $0.series }
    text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
    text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
    for one in series where one.isListed {
      guard family.kind == .histogram else {
        text += "\(family.name)\(Self.braced(one.labels)) \(Self.number(one.value))\n"
        continue
      }
      let before = one.labels.isEmpty ? "" : one.labels + ","
      var sum = 0
      for (bound, count) in zip(family.buckets, one.buckets) {
        sum += count
        text += "\(family.name)_bucket{\(before)le=\"\(bound)\"} \(sum)\n"
      }
      text += "\(family.name)_bucket{\(before)le=\"+Inf\"} \(one.count)\n"
      text += "\(family.name)_sum\(Self.braced(one.labels)) \(Self.number(one.value))\n"
      text += "\(family.name)_count\(Self.braced(one.labels)) \(one.count)\n"
    }
  }

  private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

  private static func text(_ labels: [LabelDeclaration], _ values: [String]) -> String {
    zip(labels, values).map { "\($0.name)=\"\(escaped($1, quotes: true))\"" }
      .joined(separator: ",")
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += #"\\"#
      case "\n": result += #"\n"#
      case "\"" where quotes: result += #"\""#
      default: result.append(character)
      }
    }
    return result
  }

  /// A whole number without a point; what is none as Swift prints it, which reads back the same.
  private static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return String(whole) }
    return value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : "\(value)"
  }
}
