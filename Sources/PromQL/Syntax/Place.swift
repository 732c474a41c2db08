/// One point of a PromQL text.
package struct SourcePosition: Hashable, Sendable, Comparable {
  // Every node holds two of these, so they are kept small; `Limits.textBytesMax` fits.
  private let storedOffset: UInt32
  private let storedLine: UInt32
  private let storedColumn: UInt32

  /// A point of a text; all three numbers are stated, none is derived.
  package init(offset: Int, line: Int, column: Int) {
    storedOffset = UInt32(clamping: offset)
    storedLine = UInt32(clamping: line)
    storedColumn = UInt32(clamping: column)
  }

  /// Distance from the start of the text, in UTF-8 bytes, from 0.
  package var offset: Int { Int(storedOffset) }

  /// Line, from 1. Only a line feed ends a line.
  package var line: Int { Int(storedLine) }

  /// Column in UTF-8 bytes, from 1, counted as Prometheus and promtool count it.
  package var column: Int { Int(storedColumn) }

  /// The first byte of every text.
  package static let start = SourcePosition(offset: 0, line: 1, column: 1)

  /// Orders two points of the same text.
  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    left.offset < right.offset
  }
}

/// A half-open stretch of a PromQL text.
package struct SourceRange: Hashable, Sendable {
  /// The first byte.
  package let start: SourcePosition
  /// The byte after the last.
  package let end: SourcePosition

  /// The stretch from `start` up to, not including, `end`.
  package init(_ start: SourcePosition, _ end: SourcePosition) {
    self.start = start
    self.end = end
  }

  /// The smallest stretch that covers both.
  package func joined(_ other: SourceRange) -> SourceRange {
    SourceRange(min(start, other.start), max(end, other.end))
  }
}

/// Where a node was written, when it was read from a text.
///
/// Two places are always equal: trees are compared by what they mean, not by where they stood,
/// so that a tree built by hand equals the same tree read from a file.
package struct Place: Hashable, Sendable {
  /// The stretch of text; `nil` in a tree that was built and not read.
  package var range: SourceRange?

  /// A place in a text, or none.
  package init(_ range: SourceRange? = nil) {
    self.range = range
  }

  /// The place of everything that was built and not read.
  package static let none = Place()

  /// Always true: see the type.
  package static func == (left: Place, right: Place) -> Bool { true }

  /// Adds nothing: see the type.
  package func hash(into hasher: inout Hasher) {}
}
