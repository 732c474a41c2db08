package import PromQL
public import ServiceContract

/// The series of one metric, or those of them that have certain labels.
public struct Selection<Labels: LabelSet, Shape: Sendable>: Sendable {
  package let metric: String
  package let matchers: [Matcher]

  init(metric: String, matchers: [Matcher] = []) {
    self.metric = metric
    self.matchers = matchers
  }

  /// Only the series in which this label has this value.
  public func `where`<V: LabelValue>(_ label: KeyPath<Labels, Label<V>>, is value: V) -> Self {
    matching(Labels()[keyPath: label].name, .equal, value.rawValue)
  }

  /// Only the series in which this label has another value.
  public func `where`<V: LabelValue>(_ label: KeyPath<Labels, Label<V>>, isNot value: V) -> Self {
    matching(Labels()[keyPath: label].name, .notEqual, value.rawValue)
  }

  /// Only the series in which this label, whose values nobody can list, has this value.
  public func `where`(_ label: KeyPath<Labels, OpenLabel>, is value: String) -> Self {
    matching(Labels()[keyPath: label].name, .equal, value)
  }

  /// Only the series in which this open label has another value.
  public func `where`(_ label: KeyPath<Labels, OpenLabel>, isNot value: String) -> Self {
    matching(Labels()[keyPath: label].name, .notEqual, value)
  }

  /// Only the series that were scraped from this component's containers.
  public func of(_ component: Component) -> Self { scraped(from: component.name) }

  /// Only the series that were scraped by this job.
  public func scraped(from job: String) -> Self { matching("job", .equal, job) }

  private func matching(_ label: String, _ operation: MatchOperation, _ value: String) -> Self {
    Selection(metric: metric, matchers: matchers + [Matcher(label, operation, StringValue(value))])
  }

  func selector(suffix: String = "") -> VectorSelector {
    VectorSelector(metric: metric + suffix, matchers: matchers)
  }

  /// `metric{label="value"}` as the input of a rule's unit test. A matcher that excludes a value
  /// is no part of a series.
  func seriesText(suffix: String = "", extra: [(String, String)] = []) -> String {
    let pairs =
      matchers.filter { $0.operation == .equal }.map { ($0.label, $0.value.text ?? "") } + extra
    let selector = VectorSelector(
      metric: metric + suffix,
      matchers: pairs.map { Matcher($0.0, .equal, StringValue($0.1)) })
    return PromQL.Expression.selector(selector).description
  }
}

/// Marks a selection of a counter.
public enum CounterShape: Sendable {}
/// Marks a selection of a sum of a quantity.
public enum TotalShape<U: Unit>: Sendable {}
/// Marks a selection of a gauge.
public enum GaugeShape<U: Unit>: Sendable {}
/// Marks a selection of a histogram.
public enum HistogramShape<U: Unit>: Sendable {}

public typealias Events<Labels: LabelSet> = Selection<Labels, CounterShape>

/// A metric whose series can be selected.
public protocol Selectable {
  associatedtype Labels: LabelSet
  associatedtype Shape: Sendable
  var name: String { get }
}

extension Selectable {
  /// All series of the metric.
  public var all: Selection<Labels, Shape> { Selection(metric: name) }

  public func `where`<V: LabelValue>(
    _ label: KeyPath<Labels, Label<V>>, is value: V
  ) -> Selection<Labels, Shape> {
    all.where(label, is: value)
  }
  public func `where`<V: LabelValue>(
    _ label: KeyPath<Labels, Label<V>>, isNot value: V
  ) -> Selection<Labels, Shape> {
    all.where(label, isNot: value)
  }
  public func `where`(
    _ label: KeyPath<Labels, OpenLabel>, is value: String
  ) -> Selection<Labels, Shape> {
    all.where(label, is: value)
  }
  public func `where`(
    _ label: KeyPath<Labels, OpenLabel>, isNot value: String
  ) -> Selection<Labels, Shape> {
    all.where(label, isNot: value)
  }
  public func of(_ component: Component) -> Selection<Labels, Shape> { all.of(component) }
  public func scraped(from job: String) -> Selection<Labels, Shape> { all.scraped(from: job) }
}

extension Counter: Selectable { public typealias Shape = CounterShape }
extension Total: Selectable { public typealias Shape = TotalShape<U> }
extension Gauge: Selectable { public typealias Shape = GaugeShape<U> }
extension Histogram: Selectable { public typealias Shape = HistogramShape<U> }
