import SlipwayDiagnostics
import SlipwayDocuments

/// A drawing of boxes and arrows, in the language that Git hosts draw in pages.
struct Flowchart {
  enum Shape { case box, round, store }

  struct Node {
    let id: String
    /// Lines of words.
    let label: [String]
    let shape: Shape
    let origins: [Origin]

    init(_ id: String, _ label: [String], _ shape: Shape = .box, from origins: [Origin] = []) {
      self.id = id
      self.label = label
      self.shape = shape
      self.origins = origins
    }
  }

  /// Nodes in a frame with a title.
  struct Group {
    let id: String
    let title: String
    let nodes: [Node]
  }

  struct Arrow: Hashable {
    let from: String
    let to: String
    let label: String
    /// Whether it is drawn as dots: somebody looks, and nobody is served.
    var isDotted = false
  }

  var outside: [Node] = []
  var groups: [Group] = []
  var arrows: [Arrow] = []

  /// A name as an identifier. The prefix keeps words of the language, such as `end`, apart.
  static func id(_ prefix: String, _ name: String) -> String {
    let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return prefix + "_" + String(safe)
  }

  /// An arrow, unless it is there already.
  mutating func draw(_ from: String, _ to: String, _ label: String, dotted: Bool = false) {
    let arrow = Arrow(from: from, to: to, label: label, isDotted: dotted)
    if !arrows.contains(arrow) { arrows.append(arrow) }
  }

  var lines: [TextLine] {
    var lines: [TextLine] = ["flowchart LR"]
    lines += outside.map { TextLine("  " + Self.text(of: $0), from: $0.origins) }
    for group in groups where !group.nodes.isEmpty {
      lines.append(TextLine("  subgraph \(group.id)[\(Self.quoted([group.title]))]"))
      lines += group.nodes.map { TextLine("    " + Self.text(of: $0), from: $0.origins) }
      lines.append("  end")
    }
    lines += arrows.map { arrow in
      let line = arrow.isDotted ? "-.->" : "-->"
      let label = arrow.label.isEmpty ? "" : "|\(Self.quoted([arrow.label]))|"
      return TextLine("  \(arrow.from) \(line)\(label) \(arrow.to)")
    }
    return lines
  }

  private static func text(of node: Node) -> String {
    let label = quoted(node.label)
    return switch node.shape {
    case .box: "\(node.id)[\(label)]"
    case .round: "\(node.id)([\(label)])"
    case .store: "\(node.id)[(\(label))]"
    }
  }

  /// Words in quotes, with everything that the language or HTML would take for its own as a code.
  private static func quoted(_ lines: [String]) -> String {
    let codes: [Character: String] = [
      "\"": "#quot;", "#": "#35;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "`": "#96;",
      "\\": "#92;",
    ]
    let words = lines.map { line in
      line.map { $0.isNewline ? " " : codes[$0] ?? String($0) }.joined()
    }
    return "\"" + words.joined(separator: "<br/>") + "\""
  }
}
