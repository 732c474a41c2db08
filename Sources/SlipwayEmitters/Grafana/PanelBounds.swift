import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The bound of an alert, as a line on a panel.
struct PanelBound: Hashable {
  let value: ExactNumber
  /// Whether what is above the bound is bad, or what is below it.
  let isUpper: Bool
  let level: Severity

  /// The bound that the alert compares the panel's own expression with; if it compares something
  /// else, the only bound it has; `nil` where neither says which.
  init?(of alert: ResolvedAlert, on expression: PromQL.Expression?) {
    let comparisons = Self.comparisons(in: alert.expression)
    let own = comparisons.filter { $0.left == expression }
    guard let chosen = own.first ?? (comparisons.count == 1 ? comparisons.first : nil),
      let value = Self.number(chosen.right)
    else { return nil }
    switch chosen.operation {
    case .greater, .greaterOrEqual, .equal: isUpper = true
    case .less, .lessOrEqual: isUpper = false
    default: return nil
    }
    self.value = value
    level = alert.alert.severity
  }

  private static func comparisons(in expression: PromQL.Expression) -> [BinaryExpression] {
    guard case .binary(let binary) = expression.node else { return [] }
    if binary.operation.isSet {
      return comparisons(in: binary.left) + comparisons(in: binary.right)
    }
    return binary.operation.isComparison && binary.right.type == .scalar ? [binary] : []
  }

  private static func number(_ expression: PromQL.Expression) -> ExactNumber? {
    switch expression.node {
    case .number(let literal):
      return ExactNumber(literal.isDuration ? String(Int(literal.value)) : literal.text)
    case .unary(.minus, let operand): return number(operand).flatMap { ExactNumber("-\($0)") }
    default: return nil
    }
  }

  /// Grafana's list of steps: each colour holds from its value on.
  func steps(from origins: [Origin]) -> JSONNode {
    let bad: JSONNode = level == .critical ? "red" : "orange"
    return .list([
      .map([.entry("color", isUpper ? "green" : bad), .entry("value", .null())]),
      .map([
        .entry("color", isUpper ? bad : "green"), .entry("value", .number(value, from: origins)),
      ]),
    ])
  }
}
