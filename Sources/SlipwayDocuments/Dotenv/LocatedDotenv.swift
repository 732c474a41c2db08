/// A variable that was read from an `env_file`, with its place.
package struct LocatedVariable: Hashable, Sendable {
  /// What follows the name.
  package enum Value: Hashable, Sendable {
    /// The value itself.
    case literal(String)
    /// A value that holds `$name` or `${name…}`, with escapes resolved and variables not.
    case template(String)
    /// No equals sign: the value of the same variable around Compose.
    case inherited
  }

  /// The name.
  package let key: String
  /// What follows the name.
  package let value: Value
  /// Where the name starts.
  package let start: Position
  /// Where the value starts, at its quote if it has one.
  package let valueStart: Position
  /// The last line of the value.
  package let lastLine: Int

  /// The value if it needs nothing but this file.
  package var literal: String? {
    if case .literal(let text) = value { text } else { nil }
  }
}

/// A comment line that was read.
package struct LocatedComment: Hashable, Sendable {
  /// The text without its mark and the blank behind it.
  package let text: String
  /// Where the mark stands.
  package let start: Position
}

/// An `env_file` that was read.
package struct LocatedDotenv: Hashable, LocatedTree {
  /// The variables in the order of the file. A repeated one counts with its last value.
  package let variables: [LocatedVariable]
  /// The comments that stand on lines of their own.
  package let comments: [LocatedComment]
  package let locations: LocationIndex

  /// A file of these variables and comments.
  init(_ variables: [LocatedVariable], _ comments: [LocatedComment]) {
    self.variables = variables
    self.comments = comments
    var all: [(path: DocumentPath, start: Position, lastLine: Int)] = []
    all += variables.map { ([.key($0.key)], $0.start, $0.lastLine) }
    all += comments.enumerated().map {
      ([.nth("#", $0.offset)], $0.element.start, $0.element.start.line)
    }
    var index = LocationIndex()
    for node in all.sorted(by: { $0.start < $1.start }) {
      let number = index.add(node.path, parent: nil, start: node.start)
      index.close(number, lastLine: node.lastLine)
    }
    locations = index
  }

  /// The last variable of this name, which is the one that counts.
  package subscript(key: String) -> LocatedVariable? {
    variables.last { $0.key.utf8.elementsEqual(key.utf8) }
  }
}
