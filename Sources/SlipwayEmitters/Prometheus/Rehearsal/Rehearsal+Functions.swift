import PromQL

// Functions: labels of all, values of those that typed queries use.
// Source: promql/functions.go.
extension Rehearsal {
  func value(_ call: Call, at minute: Int) throws(CannotTell) -> Value {
    switch call.function {
    case .time: return .scalar(Double(minute) * 60)
    case .pi: return .scalar(.pi)
    case .vector:
      return .vector([
        RehearsedSample(labels: [:], value: try scalar(try call.argument(0), at: minute))
      ])
    case .scalar:
      let samples = try vector(try call.argument(0), at: minute)
      return .scalar(samples.count == 1 ? samples.first?.value : .nan)
    case .absent: return .vector(try absent(try call.argument(0), at: minute))
    case .histogramQuantile: return .vector(try quantiles(call, at: minute))
    case .labelReplace, .labelJoin, .histogramQuantiles, .info, .absentOverTime:
      throw CannotTell()
    default:
      if call.function.signature.parameters.contains(.matrix) {
        return .vector(try overTime(call, at: minute))
      }
      return .vector(try mapped(call, at: minute))
    }
  }

  private func absent(
    _ operand: Expression, at minute: Int
  ) throws(CannotTell) -> [RehearsedSample] {
    guard try vector(operand, at: minute).isEmpty else { return [] }
    var labels: LabelMap = [:]
    if case .selector(let selector) = operand.node {
      for matcher in selector.matchers where matcher.label != Matcher.metricName {
        let same = selector.matchers.filter { $0.label == matcher.label }
        guard same.count == 1, matcher.operation == .equal else { continue }
        labels[matcher.label] = matcher.value.text
      }
    }
    return [RehearsedSample(labels: labels, value: 1)]
  }

  /// Functions of each sample; calendar functions without an operand ask the clock.
  private func mapped(_ call: Call, at minute: Int) throws(CannotTell) -> [RehearsedSample] {
    guard let operand = call.arguments.first else {
      return [RehearsedSample(labels: [:], value: nil)]
    }
    guard operand.type == .vector else { throw CannotTell() }
    var bounds: [Double?] = []
    for argument in call.arguments.dropFirst() where argument.type == .scalar {
      bounds.append(try scalar(argument, at: minute))
    }
    return try vector(operand, at: minute).map { sample in
      let keepsName = [.sort, .sortDesc, .sortByLabel, .sortByLabelDesc].contains(call.function)
      let value = keepsName ? sample.value : call.function.mapped(sample.value, bounds)
      let result = RehearsedSample(labels: sample.labels, value: value)
      return keepsName ? result : result.withoutName
    }
  }

  private func overTime(_ call: Call, at minute: Int) throws(CannotTell) -> [RehearsedSample] {
    guard let operand = call.arguments.first(where: { $0.type == .matrix }) else {
      throw CannotTell()
    }
    var number: Double?
    if let other = call.arguments.first(where: { $0.type == .scalar }) {
      number = try scalar(other, at: minute)
    }
    let keepsName = [.lastOverTime, .firstOverTime].contains(call.function)
    return try ranges(of: operand, at: minute).compactMap { range in
      guard range.count >= call.function.samplesMin else { return nil }
      let sample = RehearsedSample(
        labels: range.series.labels, value: call.function.folded(range, number))
      return keepsName ? sample : sample.withoutName
    }
  }

  private func quantiles(_ call: Call, at minute: Int) throws(CannotTell) -> [RehearsedSample] {
    let part = try scalar(try call.argument(0), at: minute)
    var order: [LabelMap] = []
    var groups: [LabelMap: [Bucket]] = [:]
    for sample in try vector(try call.argument(1), at: minute) {
      guard let text = sample.labels["le"], let bound = Double(text) else { continue }
      let key = sample.labels.dropping(["le", LabelName(Matcher.metricName)])
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(Bucket(bound: bound, count: sample.value))
    }
    return order.map { key in
      let buckets = (groups[key] ?? []).sorted { $0.bound < $1.bound }
      return RehearsedSample(labels: key, value: Bucket.quantile(part, of: buckets))
    }
  }
}

extension Call {
  fileprivate func argument(_ index: Int) throws(CannotTell) -> Expression {
    guard arguments.indices.contains(index) else { throw CannotTell() }
    return arguments[index]
  }
}

extension Function {
  /// How many samples a range must have for a result.
  fileprivate var samplesMin: Int {
    switch self {
    case .rate, .increase, .delta, .deriv, .irate, .idelta, .predictLinear: 2
    default: 1
    }
  }

  fileprivate func mapped(_ value: Double?, _ bounds: [Double?]) -> Double? {
    guard let value, !bounds.contains(nil) else { return nil }
    let known = bounds.compactMap { $0 }
    switch (self, known.count) {
    case (.abs, 0): return value.magnitude
    case (.ceil, 0): return value.rounded(.up)
    case (.floor, 0): return value.rounded(.down)
    case (.sgn, 0): return value == 0 ? 0 : value.sign == .minus ? -1 : 1
    case (.sqrt, 0): return value.squareRoot()
    case (.clampMin, 1): return Swift.max(value, known[0])
    case (.clampMax, 1): return Swift.min(value, known[0])
    case (.clamp, 2): return Swift.min(Swift.max(value, known[0]), known[1])
    default: return nil
    }
  }

  /// The value of a range of samples that lie on a line.
  fileprivate func folded(_ range: RehearsedRange, _ number: Double?) -> Double? {
    let (first, last) = range.values
    switch self {
    case .rate: return range.extrapolated(isCounter: true, perSecond: true)
    case .increase: return range.extrapolated(isCounter: true)
    case .delta: return range.extrapolated(isCounter: false)
    case .deriv: return range.series.step / 60
    case .irate: return range.series.step < 0 ? nil : range.series.step / 60
    case .idelta: return range.series.step
    case .predictLinear:
      return number.map { last + range.series.step / 60 * $0 }
    case .maxOverTime: return max(first, last)
    case .minOverTime: return min(first, last)
    case .avgOverTime: return (first + last) / 2
    case .sumOverTime: return (first + last) / 2 * Double(range.count)
    case .countOverTime: return Double(range.count)
    case .lastOverTime: return last
    case .firstOverTime: return first
    case .presentOverTime: return 1
    case .changes: return range.series.step == 0 ? 0 : Double(range.count - 1)
    default: return nil
    }
  }
}

extension RehearsedRange {
  /// What Prometheus makes of the samples for the whole range.
  /// Source: extrapolatedRate of promql/functions.go.
  fileprivate func extrapolated(isCounter: Bool, perSecond: Bool = false) -> Double? {
    // A falling counter has restarted at each sample.
    if isCounter, series.step < 0 { return nil }
    let result = values.last - values.first
    let sampled = Double(last - first) * 60
    let average = sampled / Double(count - 1)
    var before = (Double(first) - from) * 60
    let after = (to - Double(last)) * 60
    if isCounter, result > 0, values.first >= 0 {
      before = min(before, sampled * values.first / result)
    }
    let threshold = average * 1.1
    let length =
      sampled + (before < threshold ? before : average / 2)
      + (after < threshold ? after : average / 2)
    // In this order, so that even the last digit is the same.
    let factor = length / sampled
    return result * (perSecond ? factor / ((to - from) * 60) : factor)
  }
}

/// One bucket of a classic histogram.
private struct Bucket {
  let bound: Double
  let count: Double?

  /// Source: bucketQuantile of promql/quantile.go.
  static func quantile(_ part: Double?, of buckets: [Bucket]) -> Double? {
    let counts = buckets.compactMap(\.count)
    guard let part, counts.count == buckets.count, buckets.last?.bound == .infinity,
      buckets.count >= 2, let all = counts.last
    else { return nil }
    guard all > 0 else { return .nan }
    let rank = part * all
    let index = counts.dropLast().firstIndex { $0 >= rank } ?? counts.count - 1
    if index == counts.count - 1 { return buckets[index - 1].bound }
    if index == 0, buckets[0].bound <= 0 { return buckets[0].bound }
    let below = index == 0 ? 0 : counts[index - 1]
    let start = index == 0 ? 0 : buckets[index - 1].bound
    let width = buckets[index].bound - start
    return start + width * (rank - below) / (counts[index] - below)
  }
}
