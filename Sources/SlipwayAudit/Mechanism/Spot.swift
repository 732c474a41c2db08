package import SlipwayDocuments

/// A place in a file under audit.
package struct Spot: Hashable, Sendable, Comparable {
  /// The path inside the deployment, without a leading slash.
  package let path: String
  /// Counted from 1.
  package let line: Int
  /// Counted from 1.
  package let column: Int

  package init(_ path: String, _ line: Int, _ column: Int = 1) {
    self.path = path
    self.line = line
    self.column = column
  }

  package init(_ path: String, _ position: Position) {
    self.init(path, position.line, position.column)
  }

  package static func < (left: Spot, right: Spot) -> Bool {
    (left.path, left.line, left.column) < (right.path, right.line, right.column)
  }
}

/// Words that stand somewhere.
package struct Text: Hashable, Sendable {
  package let value: String
  package let spot: Spot

  package init(_ value: String, _ spot: Spot) {
    self.value = value
    self.spot = spot
  }
}

/// Something that a reading met and does not know. It is told, never dropped in silence.
package struct Note: Hashable, Sendable, Comparable {
  package let spot: Spot
  /// What was met, as a clause: `'develop' of service 'web'`.
  package let message: String

  package init(_ message: String, _ spot: Spot) {
    self.message = message
    self.spot = spot
  }

  package static func < (left: Note, right: Note) -> Bool {
    (left.spot, left.message) < (right.spot, right.message)
  }
}
