/// A place that proves requirements: a test or suite with `.covers(…)`, or a rule with its source.
package struct Citation: Hashable, Sendable {
  /// What the place is called, as people read it.
  package let name: String
  /// Path under the root.
  package let file: String
  package let line: Int
  package let ids: [String]

  package init(name: String, file: String, line: Int, ids: [String]) {
    self.name = name
    self.file = file
    self.line = line
    self.ids = ids
  }
}

/// What a source file cites, and what is wrong with the way it does.
package struct Citations: Sendable {
  package var found: [Citation] = []
  package var problems: [Problem] = []

  package init() {}

  package mutating func append(_ other: Citations) {
    found += other.found
    problems += other.problems
  }
}

/// Something that makes the table untrue, with its place.
package struct Problem: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let file: String
  /// 0 where the whole file is meant.
  package let line: Int
  package let message: String

  package var description: String { "\(file)\(line > 0 ? ":\(line)" : ""): \(message)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.file, left.line, left.message) < (right.file, right.line, right.message)
  }
}
