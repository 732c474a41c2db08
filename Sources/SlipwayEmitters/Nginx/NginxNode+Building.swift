import SlipwayDiagnostics
import SlipwayDocuments

extension NginxNode {
  /// `set $name value;`
  static func set(_ name: String, _ value: String, from origins: [Origin] = []) -> NginxNode {
    .directive("set", "$" + name, value, from: origins)
  }

  /// `if (…) { return status; }`: the only safe thing to do inside an `if`, besides `set`.
  static func refuse(
    _ status: Int, if condition: [String], from origins: [Origin] = []
  ) -> NginxNode {
    when(condition, [.directive("return", String(status))], from: origins)
  }

  /// `if (…) { … }`; nginx reads the parentheses as part of the words.
  static func when(
    _ condition: [String], _ children: [NginxNode], from origins: [Origin] = []
  ) -> NginxNode {
    var words = condition
    words[0] = "(" + words[0]
    words[words.count - 1] += ")"
    return NginxNode(.block(NginxDirective("if", words), children), from: origins)
  }

  /// `map source $name { … }`, its default first.
  static func map(
    _ source: String, to name: String, default value: String, _ entries: [(String, String)],
    volatile: Bool = false, from origins: [Origin] = []
  ) -> NginxNode {
    var children: [NginxNode] = volatile ? [.directive("volatile")] : []
    children.append(.directive("default", value))
    children += entries.map { .directive($0.0, $0.1) }
    return NginxNode(
      .block(NginxDirective("map", [source, "$" + name]), children), from: origins)
  }

  static func location(
    _ words: [String], _ children: [NginxNode], from origins: [Origin] = []
  ) -> NginxNode {
    NginxNode(.block(NginxDirective("location", words), children), from: origins)
  }

  static func server(_ children: [NginxNode], from origins: [Origin] = []) -> NginxNode {
    .block("server", children: children, from: origins)
  }

  /// The same tree, in which every node without an origin has that of the node around it, so that
  /// each line can be explained.
  func filled(from outer: [Origin]) -> NginxNode {
    var copy = origins.isEmpty ? adding(from: outer) : self
    if case .block(let directive, let children) = content {
      copy.content = .block(directive, children.map { $0.filled(from: copy.origins) })
    }
    return copy
  }
}
