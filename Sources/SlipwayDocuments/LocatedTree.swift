/// A tree that a reader made from text: it knows the line of each of its nodes, both ways.
package protocol LocatedTree: Sendable {
  /// The nodes with their places.
  var locations: LocationIndex { get }
}

extension LocatedTree {
  /// The path of the node that a line of the text belongs to: the deepest that starts on the line
  /// (the first of equally deep ones), else the deepest that covers it. `nil` outside of the tree.
  package func path(atLine line: Int) -> DocumentPath? { locations.path(atLine: line) }

  /// Where the node starts: for an entry of a mapping, at its key. `nil` if there is no such node.
  package func position(of path: DocumentPath) -> Position? { locations.position(of: path) }
}

/// Nodes of a document in the order of its text, each with its path and its lines.
package struct LocationIndex: Hashable, Sendable {
  private struct Node: Hashable, Sendable {
    var path: DocumentPath
    var parent: Int?
    var start: Position
    var lastLine: Int
  }

  private var nodes: [Node] = []
  private var byPath: [DocumentPath: Int] = [:]
  /// For each line, the deepest node that starts on it.
  private var byLine: [Int: Int] = [:]

  /// Adds a node below another; nodes are added in the order of the text, parents first.
  ///
  /// - Returns: the number to give to `close`, and as `parent` to nodes below this one.
  mutating func add(_ path: DocumentPath, parent: Int?, start: Position) -> Int {
    let number = nodes.count
    nodes.append(Node(path: path, parent: parent, start: start, lastLine: start.line))
    byPath[path] = number
    let best = byLine[start.line].map { nodes[$0].path.steps.count } ?? -1
    if path.steps.count > best { byLine[start.line] = number }
    return number
  }

  /// Sets the last line that a node covers, once all below it is added.
  mutating func close(_ number: Int, lastLine: Int) {
    nodes[number].lastLine = max(nodes[number].lastLine, lastLine)
  }

  /// The path of the node that the line belongs to.
  func path(atLine line: Int) -> DocumentPath? {
    if let number = byLine[line] { return nodes[number].path }
    // Nodes are in the order of their text, so the last one before the line, or one around it, is
    // the deepest that reaches it.
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].start.line < line { low = middle + 1 } else { high = middle }
    }
    var candidate: Int? = low > 0 ? low - 1 : nil
    while let number = candidate {
      if nodes[number].lastLine >= line { return nodes[number].path }
      candidate = nodes[number].parent
    }
    return nil
  }

  /// Where the node starts.
  func position(of path: DocumentPath) -> Position? { byPath[path].map { nodes[$0].start } }
}
