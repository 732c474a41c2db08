package import PromQL
public import ServiceContract
public import SlipwayDiagnostics

/// A page of panels.
public struct Dashboard: Sendable {
  /// Its stable identity and the name of its file: `platform-overview`.
  public let name: String
  public let title: String
  package let panels: [Panel]
  public let origin: Origin

  public init(
    _ name: String, title: String, panels: [Panel],
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.title = title
    self.panels = panels
    origin = Origin(file: file, line: line)
  }
}

/// One drawing on a dashboard, or a heading between drawings.
public struct Panel: Sendable {
  package enum Kind: String, Sendable { case heading, graph, number, gauge }
  package let kind: Kind
  package let title: String
  package let expression: PromQL.Expression?
  package let unit: String
  /// How a series is called in the legend: `{{endpoint}}`.
  package let legend: String
  /// An alert whose threshold is drawn as a line.
  package let marks: Alert?
  package let origin: Origin

  /// Starts a row.
  public static func heading(
    _ title: String, file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      kind: .heading, title: title, expression: nil, unit: "", legend: "", marks: nil,
      origin: Origin(file: file, line: line))
  }

  /// A value over time.
  public static func graph<U: Unit>(
    _ title: String, _ query: Query<U>, marks: Alert? = nil,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      kind: .graph, title: title, expression: query.expression, unit: U.display,
      legend: query.legend, marks: marks, origin: Origin(file: file, line: line))
  }

  /// The value now, as a number.
  public static func number<U: Unit>(
    _ title: String, _ query: Query<U>, marks: Alert? = nil,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      kind: .number, title: title, expression: query.expression, unit: U.display,
      legend: query.legend, marks: marks, origin: Origin(file: file, line: line))
  }

  /// The value now, between its bounds.
  public static func gauge(
    _ title: String, _ query: Query<Ratio>, marks: Alert? = nil,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      kind: .gauge, title: title, expression: query.expression, unit: Ratio.display,
      legend: query.legend, marks: marks, origin: Origin(file: file, line: line))
  }
}
