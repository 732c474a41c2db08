import SlipwayDocuments
import Testing

@Suite struct DockerfileTests {
  private static let backend: [DockerfileInstruction] = [
    .parserDirective("syntax", "docker/dockerfile:1"),
    .words(
      "FROM", "swift:6.3-noble", "AS", "build", flags: [DockerfileFlag("platform", "linux/amd64")]),
    .instruction("ARG", .words(["VERSION"])),
    .shell(
      "RUN", ["apt-get update", "&& apt-get install -y libpq5"],
      flags: [
        DockerfileFlag("mount", "type=cache,target=/apt"),
        DockerfileFlag("mount", "type=bind,source=a b"),
      ]),
    .instruction("COPY", flags: [DockerfileFlag("link")], .exec(["with space", "/app/"])),
    .comment("the image\nthat runs"),
    .words("FROM", "ubuntu:24.04"),
    .instruction(
      "ENV",
      .pairs([
        DockerfilePair("TZ", "UTC"), DockerfilePair("GREETING", "say \"$5\" \\o/"),
        DockerfilePair("PATH", "/opt/bin:$PATH", expandsVariables: true),
      ])),
    .instruction("RUN", .heredocs(words: ["python3"], [DockerfileHeredoc("print('$x')\n\n")])),
    .instruction(
      "COPY",
      .heredocs(
        words: ["/etc/"],
        [
          DockerfileHeredoc("a\n", name: "A"),
          DockerfileHeredoc("", name: "B", expandsVariables: true),
        ])),
    .shell("USER", ["10001:10001"]),
    .instruction(
      "HEALTHCHECK", flags: [DockerfileFlag("interval", "30s")],
      .nested(.exec("CMD", ["flowrex", "healthcheck"]))),
    .instruction("ONBUILD", .nested(.shell("RUN", ["true"]))),
    .exec("CMD", ["flowrex", "serve", "\"é\""]),
  ]

  @Test func `a file has one form`() throws {
    #expect(
      try Document.dockerfile(Self.backend).print(header: Header(source: "s", command: "c")) == #"""
        # syntax=docker/dockerfile:1
        # Generated from s by `c`. Edit the Swift, not this.
        FROM --platform=linux/amd64 swift:6.3-noble AS build
        ARG VERSION
        RUN --mount=type=cache,target=/apt --mount="type=bind,source=a b" apt-get update \
          && apt-get install -y libpq5
        COPY --link ["with space", "/app/"]

        # the image
        # that runs
        FROM ubuntu:24.04
        ENV TZ=UTC \
            GREETING="say \"\$5\" \\o/" \
            PATH="/opt/bin:$PATH"
        RUN python3 <<'EOF'
        print('$x')

        EOF
        COPY <<'A' <<B /etc/
        a
        A
        B
        USER 10001:10001
        HEALTHCHECK --interval=30s CMD ["flowrex", "healthcheck"]
        ONBUILD RUN true
        CMD ["flowrex", "serve", "\"é\""]

        """#)
  }

  @Test func `a printed file reads back with its lines`() throws {
    let text = try Document.dockerfile(Self.backend).print()
    let file = try DockerfileReader.read(text)
    let expected = DockerfileCanonical.of(Self.backend)
    #expect(DockerfileCanonical.of(file.instructions) == expected)
    #expect(file.path(atLine: 5)?.description == "RUN")
    #expect(file.path(atLine: 7) == nil)
    #expect(file.path(atLine: 12)?.description == "ENV")
    #expect(file.path(atLine: 15)?.description == "RUN[1]")
    #expect(file.node(at: [.nth("COPY", 1)])?.lastLine == 21)
  }

  @Test(
    arguments: [
      (.shell("RUN", []), "'RUN' has nothing to run"),
      (
        .shell("RUN", ["a ", "b"]),
        "a piece is empty, begins or ends with a blank, or holds a control"
      ),
      (
        .shell("RUN", ["a\nb"]), "a piece is empty, begins or ends with a blank, or holds a control"
      ),
      (.shell("RUN", ["a \\"]), "a piece ends with the escape"),
      (
        .shell("RUN", ["a", "# b"]), "the builder would drop a continued line that begins with '#'"
      ),
      (.shell("RUN", ["--x"]), "the builder would read a flag"),
      (.shell("RUN", ["[\"a\"]"]), "the builder would read the text as a JSON array"),
      (.shell("RUN", ["cat <<EOF"]), "the builder would read a here-document"),
      (.shell("RUN", ["cat\u{85}<<EOF"]), "the builder would read a here-document"),
      (.shell("RUN", ["cat << EOF"]), "the builder would read a here-document"),
      (.shell("COPY", ["a", "b"]), "'COPY' does not take arguments of this form"),
      (.shell("RUNS", ["a"]), "the builder does not know the keyword 'RUNS'"),
      (.words("FROM", "a b"), "a word is empty or holds a blank or a control character"),
      (.words("COPY", "a", "b\\"), "a word would be read as a flag or as a continuation"),
      (.words("ARG", "A=b"), "'ARG' would read these words as another form"),
      (.words("HEALTHCHECK", "CMD"), "'HEALTHCHECK' would read these words as another form"),
      (.words("COPY", "<<A", "/x"), "'COPY' would read these words as another form"),
      (
        .words("FROM", "x", flags: [DockerfileFlag("platform", "é")]),
        "the value of '--platform' holds a control or a character outside ASCII"
      ),
      (
        .words("FROM", "x", flags: [DockerfileFlag("a=b")]),
        "a flag has no name, or one with other characters than letters"
      ),
      (.pairs("ENV", [:]), "no names with values are given"),
      (
        .pairs("ENV", ["A B": "x"]),
        "a name has other characters than a variable, or a value holds a control"
      ),
      (
        .pairs("ENV", ["A": "x\ny"]),
        "a name has other characters than a variable, or a value holds a control"
      ),
      (.exec("CMD", ["\u{0}"]), "a NUL character cannot be written"),
      (
        .instruction("RUN", .heredocs(words: [], [DockerfileHeredoc("EOF\n")])),
        "a line of the here-document would end it"
      ),
      (
        .instruction("RUN", .heredocs(words: [], [DockerfileHeredoc("x")])),
        "a here-document holds NUL, or does not end its last line"
      ),
      (
        .instruction("ONBUILD", .nested(.words("FROM", "x"))),
        "'ONBUILD' cannot hold this instruction"
      ),
      (
        .instruction("HEALTHCHECK", .nested(.shell("RUN", ["x"]))),
        "'HEALTHCHECK' cannot hold this instruction"
      ),
    ] as [(DockerfileInstruction, String)])
  func `what the builder would read as something else is refused`(
    instruction: DockerfileInstruction, message: String
  ) {
    let error = #expect(throws: PrintError.self) { try Document.dockerfile([instruction]).print() }
    #expect(error?.message == message)
  }

  @Test func `parser directives come first and once`() throws {
    func refused(_ instructions: [DockerfileInstruction], _ message: String) {
      let error = #expect(throws: PrintError.self) { try Document.dockerfile(instructions).print() }
      #expect(error?.message == message)
    }
    let syntax = DockerfileInstruction.parserDirective("syntax", "x")
    refused([.comment("a"), syntax], "a parser directive must precede comments and instructions")
    refused([syntax, syntax], "the parser directive stands twice")
    refused([.parserDirective("sintax", "x")], "this is no parser directive")
    refused([.parserDirective("escape", "x")], "only a backslash or a backtick can be the escape")
    refused([.comment("escape=`")], "the builder would take the comment for a parser directive")
    #expect(
      try Document.dockerfile([.comment("a"), .comment("escape=`")]).print() == "# a\n# escape=`\n")
  }

  @Test func `another escape is used throughout`() throws {
    let instructions: [DockerfileInstruction] = [
      .parserDirective("escape", "`"), .shell("RUN", ["dir C:\\", "a"]),
      .pairs("ENV", ["A": "` \\ $"]),
    ]
    let text = try Document.dockerfile(instructions).print()
    #expect(text == "# escape=`\nRUN dir C:\\ `\n  a\nENV A=\"`` \\ `$\"\n")
    #expect(
      DockerfileCanonical.of(try DockerfileReader.read(text).instructions)
        == DockerfileCanonical.of(instructions))
  }

  @Test func `the forms that people write are read as the builder reads them`() throws {
    let file = try DockerfileReader.read(
      bytes: [0xEF, 0xBB, 0xBF]
        + Array(
          #"""
          #syntax = docker/dockerfile:1
          # escape = \
          # plain
          # syntax=late comment
            from a as b
          RUN --mount='type=x y' echo a \
            # dropped

            && echo [ "b" ] \
          LABEL old form 'x'
          LABEL a="x y"z b='$c' d=$e "f"=g
          ARG X Y=1
          CMD [ "a", "b\n" ]
          RUN <<-"A b" cat
          """#.utf8) + Array("\n\tx\n\tA b\r\nEXPOSE 80\t443/udp\r\n".utf8))
    func at(_ keyword: String, _ occurrence: Int = 0) throws -> LocatedInstruction {
      try #require(file.node(at: [.nth(keyword, occurrence)]))
    }
    #expect(try at("# syntax").arguments == .shell(["docker/dockerfile:1"]))
    #expect(try at("# escape").arguments == .shell(["\\"]))
    #expect(try at("#", 1).arguments == .shell(["syntax=late comment"]))
    #expect(try at("FROM").arguments == .words(["a", "as", "b"]))
    #expect(try at("FROM").start == Position(line: 5, column: 3))
    #expect(try at("RUN").flags.map(\.value) == ["type=x y"])
    #expect(
      try at("RUN").arguments == .shell(["echo a", "&& echo [ \"b\" ]", "LABEL old form 'x'"]))
    #expect(try at("RUN").lastLine == 10)
    #expect(try at("CMD").arguments == .exec(["a", "b\n"]))
    #expect(try at("EXPOSE").arguments == .words(["80", "443/udp"]))
    guard case .pairs(let pairs) = try at("LABEL").arguments,
      case .words(let names) = try at("ARG").arguments,
      case .heredocs(let words, let documents) = try at("RUN", 1).arguments
    else {
      Issue.record("other forms")
      return
    }
    #expect(pairs.map(\.name) == ["a", "b", "d", "\"f\""])
    #expect(pairs.map(\.value) == ["x yz", "$c", "$e", "g"])
    #expect(pairs.map(\.holdsVariables) == [false, false, true, false])
    #expect(names == ["X", "Y=1"])
    #expect(words == ["cat"])
    #expect(documents.map(\.name) == ["A b"])
    #expect(documents.map(\.text) == ["x\n"])
    #expect(documents.map(\.expandsVariables) == [false])
  }

  @Test(arguments: [
    ("FOO x", "1:1: the builder does not know the keyword \"FOO\""),
    ("\n RUN\n", "2:2: 'RUN' has no arguments"),
    ("RUN <<EOF\nx\n", "1:1: the here-document 'EOF' does not end"),
    ("CMD [1]", "1:1: the elements of an exec form must be strings"),
    ("ENV a=b c", "1:1: a value of 'ENV' has no name"),
    ("ENV a", "1:1: 'ENV' needs a name and a value"),
    ("# escape=x", "1:1: only '\\' or '`' can be the escape"),
    ("# check=a\n# check=b", "2:1: the parser directive 'check' stands twice"),
    ("ONBUILD ONBUILD RUN x", "1:1: 'ONBUILD' cannot hold 'ONBUILD'"),
    ("HEALTHCHECK RUN x", "1:1: 'HEALTHCHECK' cannot hold 'RUN'"),
  ])
  func `a fault is named with its place`(text: String, message: String) {
    let error = #expect(throws: SyntaxError.self) { try DockerfileReader.read(text) }
    #expect(error?.description == message)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `printed instructions read back as the same instructions`(seed: UInt64) throws {
    var random = Seeded(seed)
    var printed = 0
    while printed < 5_000 {
      let instructions = DockerfileModels.random(&random)
      // The builder cannot say everything, so a refusal is an answer; a wrong file is none.
      guard let text = try? Document.dockerfile(instructions).print() else { continue }
      printed += 1
      let read = try DockerfileReader.read(text).instructions
      guard DockerfileCanonical.of(read) == DockerfileCanonical.of(instructions) else {
        Issue.record("seed \(seed): \(instructions) was printed as \(text)")
        return
      }
    }
  }
}
