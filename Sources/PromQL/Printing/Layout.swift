/// Breaks long expressions over lines, as `promtool promql format` does in spirit.
struct Layout {
  let columns: Int

  /// `expression`, its first line indented as well.
  func text(_ expression: Expression, level: Int) -> String {
    let line = indent(level) + Printer.text(expression)
    guard line.count > columns else { return line }
    switch expression.node {
    case .number, .string, .selector, .matrix: return line
    case .aggregation(let aggregation):
      let head = written { $0.writeHead(aggregation) }
      return wrapped(head, aggregation.arguments, level: level)
    case .call(let call):
      if call.arguments.isEmpty { return line }
      return wrapped(call.function.name, call.arguments, level: level)
    case .binary(let binary):
      return [
        child(binary.left, at: .left(of: binary.operation), level: level + 1),
        indent(level) + written { $0.writeOperator(binary) },
        child(binary.right, at: .right(of: binary.operation), level: level + 1),
      ].joined(separator: "\n")
    case .unary(let operation, let operand):
      let body = child(operand, at: .unaryOperand, level: level).dropFirst(2 * level)
      return indent(level) + operation.rawValue + body
    case .subquery(let subquery):
      return child(subquery.operand, at: .subqueryOperand, level: level)
        + written { $0.writeSuffix(subquery) }
    }
  }

  /// `head(`, each argument on its own lines, `)`.
  private func wrapped(_ head: String, _ arguments: [Expression], level: Int) -> String {
    let lines = arguments.map { text($0, level: level + 1) }.joined(separator: ",\n")
    return "\(indent(level))\(head)(\n\(lines)\n\(indent(level)))"
  }

  private func child(_ expression: Expression, at position: Position, level: Int) -> String {
    guard position.needsParentheses(expression) else { return text(expression, level: level) }
    let line = "\(indent(level))(\(Printer.text(expression)))"
    return line.count <= columns ? line : wrapped("", [expression], level: level)
  }

  private func indent(_ level: Int) -> String { String(repeating: "  ", count: level) }

  private func written(_ write: (inout Printer) -> Void) -> String {
    var printer = Printer()
    write(&printer)
    return printer.text
  }
}
