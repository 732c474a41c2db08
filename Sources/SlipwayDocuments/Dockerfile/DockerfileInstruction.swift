package import SlipwayDiagnostics

/// An instruction, comment or parser directive of a Dockerfile that is about to be printed.
///
/// ```swift
/// [
///   .parserDirective("syntax", "docker/dockerfile:1"),
///   .words("FROM", "swift:6.3-slim", "AS", "build"),
///   .shell("RUN", ["apt-get update", "&& apt-get install -y libpq5"],
///     flags: [DockerfileFlag("mount", "type=cache,target=/var/cache/apt")]),
///   .exec("CMD", ["shop", "serve"], from: [origin]),
/// ]
/// ```
package struct DockerfileInstruction: Hashable, Sendable {
  /// What stands on the line.
  package indirect enum Content: Hashable, Sendable {
    /// `# syntax=docker/dockerfile:1`, which must precede all else.
    case parserDirective(name: String, value: String)
    /// Lines of comment, cut at line feeds.
    case comment(String)
    /// An instruction of this keyword.
    case instruction(keyword: String, flags: [DockerfileFlag], arguments: DockerfileArguments)
  }

  /// What stands on the line.
  package var content: Content
  /// Where it was written: a sorted set, empty for what the generator itself decided.
  package private(set) var origins: [Origin]

  /// An instruction with this content; `origins` are sorted and made unique.
  package init(_ content: Content, from origins: [Origin] = []) {
    self.content = content
    self.origins = origins.normalised
  }

  /// Whether this is a parser directive.
  var isParserDirective: Bool {
    if case .parserDirective = content { true } else { false }
  }
}

/// One `--name=value` of an instruction.
package struct DockerfileFlag: Hashable, Sendable {
  /// The name without dashes: `mount`.
  package var name: String
  /// The value, or `nil` for a bare flag such as `--link`.
  package var value: String?

  /// A flag with this value, or none.
  package init(_ name: String, _ value: String? = nil) {
    self.name = name
    self.value = value
  }
}

/// What follows the keyword and the flags; each form belongs to certain keywords.
package indirect enum DockerfileArguments: Hashable, Sendable {
  /// Text up to the end of the line, on as many lines as there are pieces: `RUN`, `CMD` and
  /// `ENTRYPOINT` in shell form, `USER`, `WORKDIR`, `STOPSIGNAL`. Continued lines are joined by the
  /// builder; each piece begins and ends with a character that is not blank.
  case shell([String])
  /// A JSON array, run without a shell: `CMD ["shop", "serve"]`.
  case exec([String])
  /// Words between blanks: `FROM`, `COPY`, `ADD`, `ARG`, `EXPOSE`, `VOLUME`.
  case words([String])
  /// Names with values: `ENV`, `LABEL`.
  case pairs([DockerfilePair])
  /// The words of the instruction, then here-documents in the order of their names: `RUN`, `COPY`,
  /// `ADD`.
  case heredocs(words: [String], [DockerfileHeredoc])
  /// Another instruction: `HEALTHCHECK … CMD …`, `ONBUILD RUN …`.
  case nested(DockerfileInstruction)
}

/// A name with its value in `ENV` or `LABEL`.
package struct DockerfilePair: Hashable, Sendable {
  /// The name.
  package var name: String
  /// The value as the image shall have it.
  package var value: String
  /// Whether `$name` in the value is a variable of the build; otherwise a dollar sign is one.
  package var expandsVariables: Bool

  /// A pair; its value is taken literally unless told otherwise.
  package init(_ name: String, _ value: String, expandsVariables: Bool = false) {
    self.name = name
    self.value = value
    self.expandsVariables = expandsVariables
  }
}

/// A here-document.
package struct DockerfileHeredoc: Hashable, Sendable {
  /// The word that ends it, in letters, digits and underscores: `EOF`.
  package var name: String
  /// Whether the builder expands variables in `COPY` and `ADD`; otherwise the name is quoted.
  package var expandsVariables: Bool
  /// The lines; empty, or ended by a line feed.
  package var text: String

  /// A here-document; its text is taken literally unless told otherwise.
  package init(_ text: String, name: String = "EOF", expandsVariables: Bool = false) {
    self.name = name
    self.expandsVariables = expandsVariables
    self.text = text
  }
}

extension DockerfileInstruction {
  /// An instruction of this keyword, flags and arguments.
  package static func instruction(
    _ keyword: String, flags: [DockerfileFlag] = [], _ arguments: DockerfileArguments,
    from origins: [Origin] = []
  ) -> DockerfileInstruction {
    DockerfileInstruction(
      .instruction(keyword: keyword, flags: flags, arguments: arguments), from: origins)
  }

  /// A parser directive.
  package static func parserDirective(
    _ name: String, _ value: String, from origins: [Origin] = []
  ) -> DockerfileInstruction {
    DockerfileInstruction(.parserDirective(name: name, value: value), from: origins)
  }

  /// Lines of comment.
  package static func comment(_ text: String, from origins: [Origin] = []) -> Self {
    DockerfileInstruction(.comment(text), from: origins)
  }

  /// An instruction in shell form, one piece a line.
  package static func shell(
    _ keyword: String, _ pieces: [String], flags: [DockerfileFlag] = [],
    from origins: [Origin] = []
  ) -> DockerfileInstruction {
    .instruction(keyword, flags: flags, .shell(pieces), from: origins)
  }

  /// An instruction in exec form.
  package static func exec(
    _ keyword: String, _ words: [String], flags: [DockerfileFlag] = [],
    from origins: [Origin] = []
  ) -> DockerfileInstruction {
    .instruction(keyword, flags: flags, .exec(words), from: origins)
  }

  /// An instruction of words.
  package static func words(
    _ keyword: String, _ words: String..., flags: [DockerfileFlag] = [],
    from origins: [Origin] = []
  ) -> DockerfileInstruction {
    .instruction(keyword, flags: flags, .words(words), from: origins)
  }

  /// An instruction of names with values, literal ones.
  package static func pairs(
    _ keyword: String, _ pairs: KeyValuePairs<String, String>, from origins: [Origin] = []
  ) -> DockerfileInstruction {
    .instruction(
      keyword, .pairs(pairs.map { DockerfilePair($0.key, $0.value) }), from: origins)
  }
}
