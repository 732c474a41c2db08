/// A tree that cannot be written in its syntax.
package struct PrintError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The node at fault.
  package let path: DocumentPath
  /// What is wrong, as one clause without a full stop.
  package let message: String

  package init(at path: DocumentPath, _ message: String) {
    self.path = path
    self.message = message
  }

  /// The same fault, seen from the node around. Printers do not keep a path on their way down:
  /// almost no tree has a fault.
  func inside(_ step: PathStep) -> PrintError {
    PrintError(at: DocumentPath([step] + path.steps), message)
  }

  package var description: String {
    path.steps.isEmpty ? message : "\(path): \(message)"
  }
}

/// Text that does not follow its syntax, or exceeds a bound of the reader.
package struct SyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the fault was noticed.
  package let position: Position
  /// What is wrong, as one clause without a full stop.
  package let message: String

  package init(at position: Position, _ message: String) {
    self.position = position
    self.message = message
  }

  package var description: String { "\(position.line):\(position.column): \(message)" }
}

/// A place in a text.
package struct Position: Hashable, Sendable, Comparable {
  /// Counted from 1; lines end at a line feed.
  package let line: Int
  /// Counted from 1, in Unicode scalars.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
