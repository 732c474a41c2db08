import SlipwayDocuments

/// Random files: every form, with hostile text where text may stand.
enum DockerfileModels {
  static func random(_ random: inout Seeded) -> [DockerfileInstruction] {
    (0..<(1 + random.below(3))).map { _ in instruction(&random) }
  }

  private static func instruction(_ random: inout Seeded) -> DockerfileInstruction {
    let flags = (0..<(random.chance(30) ? 2 : 0)).map { _ in
      DockerfileFlag("mount", random.chance(20) ? nil : ascii(&random))
    }
    switch random.below(9) {
    case 0: return .comment(random.pick(["why", "a\n\nb", "RUN x", "\\"]))
    case 1:
      let pieces = (0..<(1 + random.below(3))).map { _ in "x" + Hostile.line(&random) + "y" }
      return .shell(random.pick(["RUN", "CMD", "ENTRYPOINT"]), pieces, flags: flags)
    case 2: return .exec("CMD", (0..<random.below(4)).map { _ in Hostile.string(&random) })
    case 3:
      return .instruction(
        random.pick(["ENV", "LABEL", "ARG"]),
        .pairs((0..<(1 + random.below(3))).map { DockerfilePair("K\($0)", Hostile.line(&random)) }))
    case 4:
      return .instruction(
        random.pick(["COPY", "ADD", "EXPOSE", "FROM", "VOLUME"]), flags: flags,
        .words((0..<(1 + random.below(3))).map { _ in "x" + word(&random) + "y" }))
    case 5:
      let text = Hostile.string(&random).replacing("\u{0}", with: "") + "\n"
      return .instruction(
        "RUN",
        .heredocs(
          words: random.pick([[], ["sh", "-x"]]),
          [
            DockerfileHeredoc(
              text, name: random.pick(["EOF", "a1"]), expandsVariables: random.chance(50))
          ]))
    case 6:
      return .instruction("ONBUILD", .nested(.shell("RUN", ["x" + Hostile.line(&random) + "y"])))
    case 7:
      return .instruction(
        "HEALTHCHECK", flags: [DockerfileFlag("interval", "5s")],
        .nested(.exec("CMD", [Hostile.string(&random)])))
    default: return .shell(random.pick(["USER", "WORKDIR"]), ["/x" + Hostile.line(&random) + "y"])
    }
  }

  private static func word(_ random: inout Seeded) -> String {
    String(
      String.UnicodeScalarView(
        Hostile.line(&random).unicodeScalars.filter { !$0.properties.isWhitespace }))
  }

  private static func ascii(_ random: inout Seeded) -> String {
    String(String.UnicodeScalarView(Hostile.line(&random).unicodeScalars.filter(\.isASCII)))
  }
}

/// Both trees in one form to compare.
enum DockerfileCanonical {
  static func of(_ instructions: [DockerfileInstruction]) -> [UInt8] {
    Canonical.list(instructions.flatMap(of))
  }

  static func of(_ instructions: [LocatedInstruction]) -> [UInt8] {
    Canonical.list(instructions.map(of))
  }

  private static func words(_ words: [String]) -> [UInt8] {
    Canonical.list(words.map(Canonical.string))
  }

  private static func form(
    _ keyword: String, _ flags: [[UInt8]], _ form: String, _ rest: [UInt8]
  ) -> [UInt8] {
    Canonical.list([Canonical.string(keyword), Canonical.list(flags), Canonical.string(form), rest])
  }

  private static func flag(_ name: String, _ value: String?) -> [UInt8] {
    Canonical.string(name) + (value.map(Canonical.string) ?? Canonical.null)
  }

  private static func of(_ instruction: DockerfileInstruction) -> [[UInt8]] {
    switch instruction.content {
    case .parserDirective(let name, let value):
      return [form("# " + name, [], "shell", words([value]))]
    case .comment(let text):
      return text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { form("#", [], "shell", words([String($0)])) }
    case .instruction(let keyword, let flags, let arguments):
      let flags = flags.map { flag($0.name, $0.value) }
      switch arguments {
      case .shell(let pieces): return [form(keyword, flags, "shell", words(pieces))]
      case .exec(let list): return [form(keyword, flags, "exec", words(list))]
      case .words(let list): return [form(keyword, flags, "words", words(list))]
      case .pairs(let pairs):
        let all = pairs.flatMap { [$0.name, $0.value] }
        return [form(keyword, flags, "pairs", words(all))]
      case .heredocs(let list, let documents):
        let all = documents.flatMap { [$0.name, "\($0.expandsVariables)", $0.text] }
        return [form(keyword, flags, "heredocs", words(list) + words(all))]
      case .nested(let inner):
        return [form(keyword, flags, "nested", of([inner]))]
      }
    }
  }

  private static func of(_ instruction: LocatedInstruction) -> [UInt8] {
    let keyword = instruction.keyword
    let flags = instruction.flags.map { flag($0.name, $0.value) }
    switch instruction.arguments {
    case .shell(let pieces): return form(keyword, flags, "shell", words(pieces))
    case .exec(let list): return form(keyword, flags, "exec", words(list))
    case .words(let list): return form(keyword, flags, "words", words(list))
    case .pairs(let pairs):
      return form(keyword, flags, "pairs", words(pairs.flatMap { [$0.name, $0.value] }))
    case .heredocs(let list, let documents):
      let all = documents.flatMap { [$0.name, "\($0.expandsVariables)", $0.text] }
      return form(keyword, flags, "heredocs", words(list) + words(all))
    case .nested(let inner): return form(keyword, flags, "nested", of([inner]))
    }
  }
}
