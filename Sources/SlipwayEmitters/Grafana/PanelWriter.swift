import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// One panel, with everything that Grafana would otherwise guess. (G02 … G05)
struct PanelWriter {
  let panel: Panel
  let id: Int
  let place: PanelPlace
  let marked: ResolvedAlert?
  let environment: ResolvedEnvironment

  static let dataSource: JSONNode = .map([
    .entry("type", "prometheus"), .entry("uid", .string(GrafanaEmitter.dataSource)),
  ])

  var node: JSONNode {
    .map(
      [
        .entry("id", .integer(id, from: [panel.origin])),
        .entry("type", .string(panel.kind.grafanaType, from: [panel.origin])),
        .entry("title", .string(panel.title, from: [panel.origin])),
        .entry("gridPos", gridPosition),
      ] + body, from: [panel.origin])
  }

  private var gridPosition: JSONNode {
    .map([
      .entry("h", .integer(place.height)), .entry("w", .integer(place.width)),
      .entry("x", .integer(place.x)), .entry("y", .integer(place.y)),
    ])
  }

  private var body: [JSONEntry?] {
    guard let expression = panel.expression else {
      // An open row: the panels behind it are its own by their places.
      return [.entry("collapsed", false), .entry("panels", .list([]))]
    }
    return [
      .entry("datasource", Self.dataSource),
      .entry("targets", .list([target(expression)])),
      .entry(
        "fieldConfig",
        .map([.entry("defaults", defaults), .entry("overrides", .list([]))])),
      .entry("options", options),
      marked.map { .entry("links", .list([link(to: $0)])) },
    ]
  }

  private func target(_ expression: PromQL.Expression) -> JSONNode {
    let isGraph = panel.kind == .graph
    return .map(
      [
        .entry("refId", "A"),
        .entry("datasource", Self.dataSource),
        .entry("editorMode", "code"),
        .entry("expr", .string(expression.blockText, from: [panel.origin])),
        .entry("legendFormat", .string(legend(expression), from: [panel.origin])),
        .entry("range", .bool(isGraph)),
        .entry("instant", .bool(!isGraph)),
      ], from: [panel.origin])
  }

  /// The labels that tell series apart; a single series is called what the panel is called.
  private func legend(_ expression: PromQL.Expression) -> String {
    if !panel.legend.isEmpty { return panel.legend }
    return SurvivingLabels(expression).isSingle ? panel.title : "__auto"
  }

  private func link(to alert: ResolvedAlert) -> JSONNode {
    let runbook = alert.alert.runbook
    return .map(
      [
        .entry("title", .string("Runbook: \(runbook.name)")),
        .entry("url", .string(environment.address(of: runbook), from: [runbook.origin])),
        .entry("targetBlank", true),
      ], from: [panel.origin.at("marks")])
  }
}

// MARK: - Looks

extension PanelWriter {
  private var bound: PanelBound? {
    marked.flatMap { PanelBound(of: $0, on: panel.expression) }
  }

  private var defaults: JSONNode {
    .map([
      .entry("unit", .string(panel.unit.grafanaUnit, from: [panel.origin])),
      panel.kind == .gauge ? .entry("min", 0) : nil,
      panel.kind == .gauge ? .entry("max", 1) : nil,
      .entry(
        "color",
        .map([.entry("mode", panel.kind == .graph ? "palette-classic" : "thresholds")])),
      .entry(
        "thresholds",
        .map([
          .entry("mode", "absolute"),
          .entry("steps", bound?.steps(from: origins) ?? Self.noSteps),
        ])),
      panel.kind == .graph ? .entry("custom", custom) : nil,
    ])
  }

  private var origins: [Origin] {
    [panel.origin.at("marks")] + (marked.map { [$0.alert.origin.at("when")] } ?? [])
  }

  private static let noSteps: JSONNode = .list([
    .map([.entry("color", "green"), .entry("value", .null())])
  ])

  private var custom: JSONNode {
    .map([
      .entry("drawStyle", "line"), .entry("lineWidth", 1), .entry("fillOpacity", 10),
      .entry("showPoints", "never"), .entry("spanNulls", false),
      .entry(
        "thresholdsStyle", .map([.entry("mode", bound == nil ? "off" : "dashed")])),
    ])
  }

  private var options: JSONNode {
    let reduce = JSONNode.map([
      .entry("calcs", .list(["lastNotNull"])), .entry("fields", ""), .entry("values", false),
    ])
    switch panel.kind {
    case .heading: return .map([JSONEntry?]())
    case .graph:
      return .map([
        .entry(
          "legend",
          .map([
            .entry("displayMode", "list"), .entry("placement", "bottom"),
            .entry("showLegend", true), .entry("calcs", .list([])),
          ])),
        .entry("tooltip", .map([.entry("mode", "multi"), .entry("sort", "desc")])),
      ])
    case .number:
      return .map([
        .entry("reduceOptions", reduce), .entry("colorMode", "value"),
        .entry("graphMode", "none"), .entry("justifyMode", "auto"),
        .entry("orientation", "auto"), .entry("textMode", "auto"),
      ])
    case .gauge:
      return .map([
        .entry("reduceOptions", reduce), .entry("showThresholdLabels", false),
        .entry("showThresholdMarkers", true), .entry("orientation", "auto"),
      ])
    }
  }
}

extension String {
  /// Grafana's id of a unit; where it has none, what stands behind the number.
  fileprivate var grafanaUnit: String { self == Cores.display ? "suffix:\(self)" : self }
}
