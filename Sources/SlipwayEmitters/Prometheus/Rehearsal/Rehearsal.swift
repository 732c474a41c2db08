import PromQL
import SlipwayModel

/// Evaluates an expression on the series of a case, as Prometheus will, to know which instances of
/// an alert fire and with which labels.
///
/// It knows label sets of the whole stable language and the values of what typed queries are made
/// of. A value that it cannot tell is unknown, and a comparison of it keeps the sample; an
/// expression whose labels it cannot tell throws.
struct Rehearsal {
  let series: [RehearsedSeries]

  init(_ series: [ResolvedSeries]) {
    self.series = series.compactMap(RehearsedSeries.init)
  }

  /// The value of an expression at a minute of the test's clock.
  enum Value {
    case scalar(Double?)
    case vector([RehearsedSample])
  }

  func vector(_ expression: Expression, at minute: Int) throws(CannotTell) -> [RehearsedSample] {
    switch try value(expression, at: minute) {
    case .vector(let samples): return samples
    case .scalar(let value): return [RehearsedSample(labels: [:], value: value)]
    }
  }

  func scalar(_ expression: Expression, at minute: Int) throws(CannotTell) -> Double? {
    guard case .scalar(let value) = try value(expression, at: minute) else { throw CannotTell() }
    return value
  }

  private func value(_ expression: Expression, at minute: Int) throws(CannotTell) -> Value {
    switch expression.node {
    case .number(let literal): return .scalar(literal.value)
    case .string, .matrix, .subquery: throw CannotTell()
    case .selector(let selector): return .vector(try samples(of: selector, at: minute))
    case .unary(let sign, let operand): return try signed(sign, value(operand, at: minute))
    case .binary(let binary): return try value(binary, at: minute)
    case .aggregation(let aggregation):
      return .vector(try aggregated(aggregation, at: minute))
    case .call(let call): return try value(call, at: minute)
    }
  }

  private func signed(_ sign: UnaryOperator, _ value: Value) -> Value {
    guard sign == .minus else { return value }
    switch value {
    case .scalar(let number): return .scalar(number.map { -$0 })
    case .vector(let samples):
      return .vector(
        samples.map {
          RehearsedSample(labels: $0.withoutName.labels, value: $0.value.map { -$0 })
        })
    }
  }
}

// MARK: - Selectors

extension Rehearsal {
  /// How long a sample stays valid without a newer one, in minutes.
  private static let lookback = 5.0

  private func samples(
    of selector: VectorSelector, at minute: Int
  ) throws(CannotTell) -> [RehearsedSample] {
    let instant = try shifted(minute, by: selector.modifiers)
    var found: [RehearsedSample] = []
    for series in try selected(by: selector) {
      let newest = min(Int(instant.rounded(.down)), series.last)
      guard newest >= 0, instant - Double(newest) < Self.lookback else { continue }
      found.append(RehearsedSample(labels: series.labels, value: series.value(at: newest)))
    }
    return found
  }

  func ranges(
    of expression: Expression, at minute: Int
  ) throws(CannotTell) -> [RehearsedRange] {
    guard case .matrix(let matrix) = expression.node, let seconds = matrix.range.seconds else {
      throw CannotTell()
    }
    let end = try shifted(minute, by: matrix.selector.modifiers)
    let start = end - seconds / 60
    return try selected(by: matrix.selector).compactMap { series in
      let first = max(0, Int(start.rounded(.up)))
      let last = min(Int(end.rounded(.down)), series.last)
      guard first <= last else { return nil }
      return RehearsedRange(series: series, first: first, last: last, from: start, to: end)
    }
  }

  private func selected(by selector: VectorSelector) throws(CannotTell) -> [RehearsedSeries] {
    var found: [RehearsedSeries] = []
    for candidate in series {
      if let name = selector.name, candidate.labels[Matcher.metricName] != name { continue }
      var passes = true
      for matcher in selector.matchers where try !matcher.accepts(candidate.labels) {
        passes = false
        break
      }
      if passes { found.append(candidate) }
    }
    return found
  }

  private func shifted(_ minute: Int, by modifiers: TimeModifiers) throws(CannotTell) -> Double {
    guard modifiers.instant == nil else { throw CannotTell() }
    guard let offset = modifiers.offset else { return Double(minute) }
    guard let seconds = offset.seconds else { throw CannotTell() }
    return Double(minute) - seconds / 60
  }
}

// MARK: - Aggregations

extension Rehearsal {
  private func aggregated(
    _ aggregation: Aggregation, at minute: Int
  ) throws(CannotTell) -> [RehearsedSample] {
    let samples = try vector(aggregation.operand, at: minute)
    var order: [LabelMap] = []
    var groups: [LabelMap: [RehearsedSample]] = [:]
    for sample in samples {
      let key = aggregation.key(of: sample.labels)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(sample)
    }
    var result: [RehearsedSample] = []
    for key in order {
      let members = groups[key] ?? []
      switch aggregation.aggregator {
      case .topk, .bottomk:
        result += try ranked(members, aggregation, at: minute)
      case .countValues, .limitk, .limitRatio: throw CannotTell()
      default:
        result.append(
          RehearsedSample(
            labels: key, value: aggregation.aggregator.fold(members.map(\.value))))
      }
    }
    return result
  }

  private func ranked(
    _ members: [RehearsedSample], _ aggregation: Aggregation, at minute: Int
  ) throws(CannotTell) -> [RehearsedSample] {
    guard let parameter = aggregation.parameter,
      let count = try scalar(parameter, at: minute), count.isFinite
    else { throw CannotTell() }
    let known = members.compactMap { member in member.value.map { (member, $0) } }
    guard known.count == members.count else { throw CannotTell() }
    let isTop = aggregation.aggregator == .topk
    let sorted = known.sorted { isTop ? $0.1 > $1.1 : $0.1 < $1.1 }
    return sorted.prefix(max(0, Int(count))).map(\.0)
  }
}

extension Aggregation {
  /// The labels of the group that a sample falls into.
  fileprivate func key(of labels: LabelMap) -> LabelMap {
    switch grouping {
    case nil: return [:]
    case .by(let names): return labels.keeping(names)
    case .without(let names):
      return labels.dropping(names + [LabelName(Matcher.metricName)])
    }
  }
}

extension Aggregator {
  /// Folds the values of a group; `nil` when one is unknown, except where only their number counts.
  fileprivate func fold(_ values: [Double?]) -> Double? {
    if self == .count { return Double(values.count) }
    if self == .group { return 1 }
    let known = values.compactMap { $0 }
    guard known.count == values.count, let first = known.first else { return nil }
    switch self {
    case .sum: return known.reduce(0, +)
    case .avg: return known.reduce(0, +) / Double(known.count)
    case .min: return known.reduce(first, Swift.min)
    case .max: return known.reduce(first, Swift.max)
    default: return nil
    }
  }
}

extension LabelMap {
  func keeping(_ names: [LabelName]) -> LabelMap {
    var kept: LabelMap = [:]
    for name in names { kept[name.text] = self[name.text] }
    return kept
  }

  func dropping(_ names: [LabelName]) -> LabelMap {
    var kept = self
    for name in names { kept[name.text] = nil }
    return kept
  }
}
