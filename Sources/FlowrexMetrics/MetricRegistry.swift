package import FlowrexContract
package import ServiceContract

/// Every metric of one program, each series at zero from the start. (S17-CL-OBS-03, S04-OBS-01)
///
/// Nothing else can be recorded: a metric that the program does not export, or a label that is not
/// given, ends the process in the first test that does it.
package final class MetricRegistry: Sendable {
  private let families: [FamilyStore]
  private let places: [String: Int]

  /// - Parameters:
  ///   - families: What the program exports, in the order in which it is printed.
  ///   - possible: For families named here, which label values can occur together; the other
  ///     series are listed once they did.
  package init(
    _ families: [MetricFamily],
    possible: [String: @Sendable (_ values: [String: String]) -> Bool] = [:]
  ) {
    self.families = families.map { FamilyStore($0, isPossible: possible[$0.name] ?? { _ in true }) }
    var places: [String: Int] = [:]
    for (index, family) in families.enumerated() { places[family.name] = index }
    self.places = places
  }

  /// The registry of a program, as the contract has it.
  package convenience init(_ program: Program) {
    self.init(program.metrics, possible: RequestSeries.possible(program.routes))
  }

  package var names: [String] { families.map(\.family.name) }

  /// Prometheus' text format 0.0.4. (S17-MET-09)
  package func text() -> String {
    var text = ""
    for family in families { family.write(to: &text) }
    return text
  }

  /// Whether the program exports a metric.
  package func has(_ family: MetricFamily) -> Bool { places[family.name] != nil }

  func store(_ name: String) -> FamilyStore {
    guard let place = places[name] else {
      preconditionFailure("\(name) is no metric of this program")
    }
    return families[place]
  }
}

/// One label of a recording: `.of(\.reason, .locked)`.
package struct LabelChoice<Labels: LabelSet>: Sendable {
  let name: String
  let value: String

  /// A label by key path, so that one that the metric does not have does not compile.
  package static func of<Value: LabelValue>(
    _ label: KeyPath<Labels, Label<Value>>, _ value: Value
  ) -> Self {
    Self(name: Labels()[keyPath: label].name, value: value.rawValue)
  }

  /// A label whose values have no list.
  package static func of(_ label: KeyPath<Labels, OpenLabel>, _ value: String) -> Self {
    Self(name: Labels()[keyPath: label].name, value: value)
  }
}

extension MetricRegistry {
  /// Counts events.
  package func add<Labels>(
    _ count: Int = 1, to counter: Counter<Labels>, _ labels: LabelChoice<Labels>...
  ) {
    store(counter.name).change(labels.map { ($0.name, $0.value) }) { $0 += Double(count) }
  }

  /// Sets a quantity that something else adds up, such as the kernel.
  package func set<Labels, Measure: Unit>(
    _ total: Total<Labels, Measure>, to value: Measure, _ labels: LabelChoice<Labels>...
  ) {
    let number = value.number.approximate
    store(total.name).change(labels.map { ($0.name, $0.value) }) { $0 = number }
  }

  package func set<Labels, Measure: Unit>(
    _ gauge: Gauge<Labels, Measure>, to value: Measure, _ labels: LabelChoice<Labels>...
  ) {
    let number = value.number.approximate
    store(gauge.name).change(labels.map { ($0.name, $0.value) }) { $0 = number }
  }

  package func add<Labels>(
    _ count: Int, to gauge: Gauge<Labels, Count>, _ labels: LabelChoice<Labels>...
  ) {
    store(gauge.name).change(labels.map { ($0.name, $0.value) }) { $0 += Double(count) }
  }

  package func observe<Labels, Measure: Unit>(
    _ histogram: Histogram<Labels, Measure>, _ value: Measure, _ labels: LabelChoice<Labels>...
  ) {
    let number = value.number.approximate
    store(histogram.name).observe(labels.map { ($0.name, $0.value) }, number)
  }
}
