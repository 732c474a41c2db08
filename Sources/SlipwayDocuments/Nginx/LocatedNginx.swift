/// A directive or comment that was read from an nginx configuration, with its place.
package struct LocatedNginxNode: Hashable, Sendable {
  /// What a node holds.
  package enum Content: Hashable, Sendable {
    /// A directive that ends at a semicolon.
    case simple
    /// A directive with a block of others.
    case block([LocatedNginxNode])
    /// A directive whose braces hold Lua, kept as it is.
    case raw(String)
    /// A line of comment, without its mark and the blank behind it.
    case comment(String)
  }

  /// What the node holds.
  package let content: Content
  /// The words of the directive, its name first, after quotes and escapes; empty for a comment.
  package let words: [LocatedNginxWord]
  /// Where the node starts.
  package let start: Position
  /// The last line that the node covers.
  package let lastLine: Int

  /// The name of the directive; `#` for a comment.
  package var name: String { words.first?.text ?? "#" }

  /// The arguments of the directive.
  package var arguments: [String] { words.dropFirst().map(\.text) }

  /// The directives in the block; empty for other nodes.
  package var children: [LocatedNginxNode] {
    if case .block(let children) = content { children } else { [] }
  }
}

/// One word of a directive.
package struct LocatedNginxWord: Hashable, Sendable {
  /// The word after quotes and escapes, as nginx sees it.
  package let text: String
  /// Where it starts, at its quote if it has one.
  package let start: Position
}

/// An nginx configuration that was read.
package struct LocatedNginx: Hashable, LocatedTree {
  /// The outermost directives and comments.
  package let nodes: [LocatedNginxNode]

  /// A configuration of these nodes.
  init(_ nodes: [LocatedNginxNode]) { self.nodes = nodes }

  /// Made anew each time: rules, which read every file, ask for directives and not for lines.
  /// Whoever asks for many lines keeps it.
  package var locations: LocationIndex {
    var index = LocationIndex()
    LocatedNginx.visit(nodes, at: [], parent: nil, &index)
    return index
  }

  /// The node at this path of `.nth` steps, or `nil` if there is none.
  package func node(at path: DocumentPath) -> LocatedNginxNode? {
    var level = nodes
    var found: LocatedNginxNode?
    for step in path.steps {
      guard case .nth(let name, let occurrence) = step else { return nil }
      found = level.lazy.filter { $0.name == name }.dropFirst(occurrence).first
      guard let found else { return nil }
      level = found.children
    }
    return found
  }

  private static func visit(
    _ nodes: [LocatedNginxNode], at path: DocumentPath, parent: Int?, _ index: inout LocationIndex
  ) {
    var steps = SiblingCounter()
    for node in nodes {
      let here = path.appending(steps.next(node.name))
      let number = index.add(here, parent: parent, start: node.start)
      visit(node.children, at: here, parent: number, &index)
      index.close(number, lastLine: node.lastLine)
    }
  }
}
