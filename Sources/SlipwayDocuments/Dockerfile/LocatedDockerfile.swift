/// An instruction, comment or parser directive that was read from a Dockerfile, with its place.
package struct LocatedInstruction: Hashable, Sendable {
  /// What stands behind the keyword and the flags.
  package indirect enum Arguments: Hashable, Sendable {
    /// Text up to the end, cut where lines continue, without blanks at the ends of the pieces.
    case shell([String])
    /// A JSON array.
    case exec([String])
    /// Words between blanks, with quotes and escapes as they are written.
    case words([String])
    /// Names with values.
    case pairs([LocatedPair])
    /// Words, and the here-documents that they announce.
    case heredocs([String], [LocatedHeredoc])
    /// Another instruction.
    case nested(LocatedInstruction)
  }

  /// The keyword in capitals; `#` for a comment, `# syntax` for a parser directive.
  package let keyword: String
  /// The flags; the value is `nil` without an equals sign.
  package let flags: [LocatedFlag]
  /// What stands behind them; for comments and parser directives, their text as one piece.
  package let arguments: Arguments
  /// Where the instruction starts.
  package let start: Position
  /// The last line that the instruction covers, with its here-documents.
  package let lastLine: Int
}

/// One `--name=value` that was read, after quotes and escapes.
package struct LocatedFlag: Hashable, Sendable {
  /// The name without dashes.
  package let name: String
  /// The value, or `nil` for a bare flag.
  package let value: String?
}

/// A name with its value in `ENV`, `LABEL` or `ARG`.
package struct LocatedPair: Hashable, Sendable {
  /// The name.
  package let name: String
  /// The value after quotes and escapes; if it holds variables, as it is written between its
  /// quotes.
  package let value: String
  /// Whether the value holds variables, so that only a build knows it.
  package let holdsVariables: Bool
}

/// A here-document that was read.
package struct LocatedHeredoc: Hashable, Sendable {
  /// The word that ends it.
  package let name: String
  /// Whether the builder expands variables in it.
  package let expandsVariables: Bool
  /// Its lines, each with its end, without the leading tabs that `<<-` cuts.
  package let text: String
}

/// A Dockerfile that was read.
package struct LocatedDockerfile: Hashable, LocatedTree {
  /// All that stands in the file, in its order.
  package let instructions: [LocatedInstruction]
  package let locations: LocationIndex

  /// A file of these instructions.
  init(_ instructions: [LocatedInstruction]) {
    self.instructions = instructions
    var steps = SiblingCounter()
    var index = LocationIndex()
    for instruction in instructions {
      let path: DocumentPath = [steps.next(instruction.keyword)]
      let number = index.add(path, parent: nil, start: instruction.start)
      index.close(number, lastLine: instruction.lastLine)
    }
    locations = index
  }

  /// The instruction at this path of one `.nth` step, or `nil` if there is none.
  package func node(at path: DocumentPath) -> LocatedInstruction? {
    guard path.steps.count == 1, case .nth(let keyword, let occurrence)? = path.steps.first else {
      return nil
    }
    return instructions.lazy.filter { $0.keyword == keyword }.dropFirst(occurrence).first
  }
}
