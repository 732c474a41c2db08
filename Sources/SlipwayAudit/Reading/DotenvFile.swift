import SlipwayDocuments

/// A file of variables.
struct DotenvFile: Sendable {
  let path: String
  let variables: [Variable]
  /// Whether it is an example that people copy, and not what a program reads.
  let isExample: Bool

  struct Variable: Sendable {
    let name: String
    let value: String
    let spot: Spot
    let isQuoted: Bool
    /// The comment behind the value on its own line, without its mark.
    let comment: String?
  }

  init(_ path: String, _ read: LocatedDotenv, _ text: String) {
    self.path = path
    let name = Paths.name(path).lowercased()
    isExample = ["example", "sample", "template", "dist"].contains { name.contains($0) }
    let lines = text.textLines
    variables = read.variables.map { variable in
      let line = variable.valueStart.line - 1
      let written = lines.indices.contains(line) ? String(lines[line]) : ""
      let value = written.cut(at: "=").after ?? ""
      let isQuoted = value.hasPrefix("\"") || value.hasPrefix("'")
      var comment: String?
      if !isQuoted, let mark = value.firstRange(of: " #") {
        comment = value[mark.upperBound...].trimmed
      }
      let literal: String =
        switch variable.value {
        case .literal(let text), .template(let text): text
        case .inherited: ""
        }
      return Variable(
        name: variable.key, value: literal, spot: Spot(path, variable.start), isQuoted: isQuoted,
        comment: comment)
    }
  }
}
