/// Counts events since the process started.
public struct Counter<Labels: LabelSet>: Sendable {
  public let name: String
  public let help: String

  /// - Parameters:
  ///   - name: The exported name; it ends in `_total`.
  ///   - help: What one event is, and where the requirement stands.
  public init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }
}

/// Adds up a quantity since the process started: seconds of processor time, bytes sent.
public struct Total<Labels: LabelSet, U: Unit>: Sendable {
  public let name: String
  public let help: String

  public init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }
}

/// A value that goes up and down.
public struct Gauge<Labels: LabelSet, U: Unit>: Sendable {
  public let name: String
  public let help: String

  public init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }
}

/// Counts observations by size.
public struct Histogram<Labels: LabelSet, U: Unit>: Sendable {
  public let name: String
  public let help: String
  /// Upper bounds, ascending; `+Inf` is added by the exporter.
  public let buckets: [U]

  public init(_ name: String, buckets: [U], _ help: String) {
    self.name = name
    self.help = help
    self.buckets = buckets
  }
}

/// A metric as a checker, a dashboard or the service's registry sees it.
public struct MetricFamily: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable { case counter, gauge, histogram, summary }
  public let name: String
  public let kind: Kind
  public let help: String
  /// The display unit of the value (for a histogram, of one observation).
  public let unit: String
  /// The upper bounds of a histogram, as they are exported in `le`.
  public let buckets: [String]
  private let declared: DeclaredLabels
  public var labels: [LabelDeclaration] { declared.labels }

  public init(
    name: String, kind: Kind, help: String, unit: String, labels: [LabelDeclaration],
    buckets: [String] = []
  ) {
    self.init(
      name: name, kind: kind, help: help, unit: unit, declared: .stated(labels), buckets: buckets)
  }

  /// The labels of a set are found out when somebody asks: catalogues have hundreds of families,
  /// and queries ask for a few.
  fileprivate init(
    name: String, kind: Kind, help: String, unit: String, declared: DeclaredLabels,
    buckets: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.unit = unit
    self.buckets = buckets
    self.declared = declared
  }

  /// The names of the series that the family exports.
  public var seriesNames: [String] {
    switch kind {
    case .counter, .gauge: [name]
    case .histogram: [name + "_bucket", name + "_sum", name + "_count"]
    case .summary: [name, name + "_sum", name + "_count"]
    }
  }
}

/// A metric of any kind.
public protocol Metric: Sendable {
  var family: MetricFamily { get }
}

extension Counter: Metric {
  public var family: MetricFamily {
    MetricFamily(
      name: name, kind: .counter, help: help, unit: Count.display, declared: .set(Labels.self))
  }
}

extension Total: Metric {
  public var family: MetricFamily {
    MetricFamily(
      name: name, kind: .counter, help: help, unit: U.display, declared: .set(Labels.self))
  }
}

extension Gauge: Metric {
  public var family: MetricFamily {
    MetricFamily(
      name: name, kind: .gauge, help: help, unit: U.display, declared: .set(Labels.self))
  }
}

extension Histogram: Metric {
  public var family: MetricFamily {
    MetricFamily(
      name: name, kind: .histogram, help: help, unit: U.display, declared: .set(Labels.self),
      buckets: buckets.map(\.number.description))
  }
}
