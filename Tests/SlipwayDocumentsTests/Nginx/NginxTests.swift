import SlipwayDocuments
import Testing

@Suite struct NginxTests {
  private func word(_ text: String) throws -> String {
    let line = try Document.nginx([.directive("k", text)]).print()
    return String(line.dropFirst(2).dropLast(2))
  }

  @Test(arguments: [
    "80", "$host", "${host}x", "https://$host$request_uri", "~*", "\\.php$", "^/(api|ws)/", "a#b",
    "10.0.0.0/8", "=404", "($request_method", "POST)", "max-age=1,", "é", "*.example.com",
  ])
  func `a word that nginx reads as it is stands bare`(_ text: String) throws {
    #expect(try word(text) == text)
  }

  @Test(arguments: [
    ("", "\"\""), ("a b", "\"a b\""), ("${a}", "\"${a}\""), ("a;b", "\"a;b\""), ("a}", "\"a}\""),
    ("{", "\"{\""), ("}", "\"}\""),
    ("#x", "\"#x\""), ("a{2}", "\"a{2}\""), ("${a}{", "\"${a}{\""), ("it's", "\"it's\""),
    ("{\"a\": \"$b\"}", "'{\"a\": \"$b\"}'"), ("\"'", "\"\\\"'\""), ("a\\", "\"a\\\\\""),
    ("\\n", "\"\\\\n\""), ("\\\\.", "\"\\\\\\\\.\""), ("\n\t\r", "\"\\n\\t\\r\""),
    ("a\u{A0}b", "\"a\u{A0}b\""), ("\\{", "\"\\\\{\""),
  ])
  func `every other word is quoted`(text: String, written: String) throws {
    #expect(try word(text) == written)
    #expect(
      try NginxReader.read("k \(written);").nodes.first?.arguments.map(\.exact) == [text.exact])
  }

  @Test func `blocks are indented and set apart, long directives broken`() throws {
    let nodes: [NginxNode] = [
      .directive("user", "nginx"),
      .block("events", children: []),
      .block(
        "http",
        children: [
          .directive(
            "log_format", "main", "escape=json", "{\"time\":\"$time_iso8601\",",
            "\"status\":$status,\"request\":\"$request\",\"agent\":\"$http_user_agent\"}"),
          .comment("redirects\nto TLS"),
          .block("server", children: [.directive("listen", "80"), .directive("internal")]),
          .block(
            "server",
            children: [
              .raw("content_by_lua_block", text: "\n  ngx.say(\"}\") -- }\n")
            ]),
        ]),
    ]
    #expect(
      try Document.nginx(nodes).print(header: Header(source: "s", command: "c")) == """
        # Generated from s by `c`. Edit the Swift, not this.
        user nginx;

        events {}

        http {
          log_format main
              escape=json
              '{"time":"$time_iso8601",'
              '"status":$status,"request":"$request","agent":"$http_user_agent"}';

          # redirects
          # to TLS
          server {
            listen 80;
            internal;
          }

          server {
            content_by_lua_block {
          ngx.say("}") -- }
        }
          }
        }

        """)
  }

  @Test func `what nginx cannot read is refused with its path`() {
    func refused(_ nodes: [NginxNode], _ text: String) {
      let error = #expect(throws: PrintError.self) { try Document.nginx(nodes).print() }
      #expect(error?.description == text)
    }
    refused(
      [
        .block(
          "http",
          children: [
            .block("server", children: []),
            .block("server", children: [.directive("a", "\u{0}")]),
          ])
      ],
      "http.server[1].a: a NUL character cannot be written")
    refused([.directive("")], "\"\": a directive has no name")
    refused(
      [.directive("a", String(repeating: "x", count: 4_096))],
      "a: nginx cannot read a word of 4096 bytes")
    refused([.raw("server", text: "x")], "server: nginx reads directives, not text, in this block")
    refused(
      [.raw("access_by_lua_block", text: "}")],
      "access_by_lua_block: the braces of the text do not balance")
    refused([.comment("a\rb")], "a comment holds a control character")
    var deep: [NginxNode] = []
    for _ in 0..<200 { deep = [.block("a", children: deep)] }
    let error = #expect(throws: PrintError.self) { try Document.nginx(deep).print() }
    #expect(error?.message == "nested deeper than 128 levels")
  }

  private static let sample = """
    # top
    http {
      server {
        listen 443 ssl; listen [::]:443 ssl; # two
        if ($request_method = "POST") { return 405; }
        add_header X "a; b
    c" always;
        rewrite_by_lua_block {
          local a = "{" -- {
          local b = [==[ } ]==]
        }
      }
      map $a $b { default ''; ~^\\d{2}$ x; }
    }

    """

  @Test func `words, comments and places are read`() throws {
    let file = try NginxReader.read(Self.sample.replacing("{2}", with: "+"))
    let server: DocumentPath = [.nth("http", 0), .nth("server", 0)]
    let node = try #require(file.node(at: server))
    #expect(
      node.children.map(\.name)
        == ["listen", "listen", "#", "if", "add_header", "rewrite_by_lua_block"])
    #expect(node.children[1].words.map(\.start.column) == [21, 28, 37])
    #expect(node.children[2].content == .comment("two"))
    #expect(node.children[3].arguments == ["($request_method", "=", "POST", ")"])
    #expect(node.children[4].arguments == ["X", "a; b\nc", "always"])
    #expect(node.children[4].lastLine == 7)
    guard case .raw(let lua) = node.children[5].content else {
      Issue.record("no Lua")
      return
    }
    #expect(lua.hasPrefix("\n      local a") && lua.hasSuffix(" } ]==]\n    "))
    #expect(file.node(at: [.nth("http", 0), .nth("map", 0)])?.children.first?.arguments == [""])
    #expect(file.path(atLine: 1)?.description == "#")
    #expect(file.path(atLine: 4)?.description == "http.server.listen")
    #expect(file.path(atLine: 5)?.description == "http.server.if.return")
    #expect(file.path(atLine: 7)?.description == "http.server.add_header")
    #expect(file.path(atLine: 10)?.description == "http.server.rewrite_by_lua_block")
    #expect(file.path(atLine: 12)?.description == "http.server")
    #expect(file.position(of: server + [.nth("listen", 1)]) == Position(line: 4, column: 21))
  }

  @Test(arguments: [
    ("a", "1:2: expected ';' or '{', found the end"),
    ("a b", "1:4: expected ';' or '{', found the end"),
    ("a {", "1:4: expected '}', found the end"), ("}", "1:1: unexpected '}'"),
    ("; ", "1:1: unexpected ';'"), ("{", "1:1: unexpected '{'"),
    ("a\n b }", "2:4: expected ';' before '}'"),
    ("a \"b", "1:3: the quote does not end"), ("a \"b\"c;", "1:6: unexpected \"c\" behind a quote"),
    ("x_by_lua_block { \"}\n }", "1:17: the block of text does not end"),
  ])
  func `a fault is named with its place`(text: String, message: String) {
    let error = #expect(throws: SyntaxError.self) { try NginxReader.read(text) }
    #expect(error?.description == message)
  }

  @Test func `nesting is bounded`() {
    let deep = String(repeating: "a{", count: 100_000)
    let error = #expect(throws: SyntaxError.self) { try NginxReader.read(deep) }
    #expect(error?.message == "nested deeper than 128 levels")
  }

  // MARK: Round trips

  private func random(_ random: inout Seeded, depth: Int = 0) -> [NginxNode] {
    (0..<random.below(5)).map { _ in
      let name =
        random.chance(80) ? random.pick(["listen", "server", "map", "x_1"]) : named(&random)
      switch random.below(depth > 2 ? 6 : 8) {
      case 0: return .comment(random.pick(["why", "a; b {", "x\n\ny", "\"quoted", "- # -"]))
      case 1...5:
        return .directive(name, (0..<random.below(5)).map { _ in Self.word(&random) })
      default:
        return NginxNode(
          .block(
            NginxDirective(name, (0..<random.below(3)).map { _ in Self.word(&random) }),
            self.random(&random, depth: depth + 1)))
      }
    }
  }

  private func named(_ random: inout Seeded) -> String {
    let name = Self.word(&random)
    return name.isEmpty || name.hasSuffix("_by_lua_block") ? "x" : name
  }

  private static func word(_ random: inout Seeded) -> String {
    Hostile.string(&random).replacing("\u{0}", with: "")
  }

  private func canonical(_ nodes: [NginxNode]) -> [UInt8] {
    Canonical.list(
      nodes.flatMap { node -> [[UInt8]] in
        switch node.content {
        case .comment(let text):
          text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Canonical.list([Canonical.string("#"), Canonical.string(String($0))]) }
        case .simple(let directive), .raw(let directive, _):
          [Canonical.list(([directive.name] + directive.arguments).map(Canonical.string))]
        case .block(let directive, let children):
          [
            Canonical.list(
              ([directive.name] + directive.arguments).map(Canonical.string)
                + [canonical(children)])
          ]
        }
      })
  }

  private func canonical(_ nodes: [LocatedNginxNode]) -> [UInt8] {
    Canonical.list(
      nodes.map { node in
        switch node.content {
        case .comment(let text):
          Canonical.list([Canonical.string("#"), Canonical.string(text)])
        case .simple, .raw: Canonical.list(node.words.map { Canonical.string($0.text) })
        case .block(let children):
          Canonical.list(node.words.map { Canonical.string($0.text) } + [canonical(children)])
        }
      })
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `printed directives read back as the same directives`(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<1_000 {
      let nodes = self.random(&random)
      let text = try Document.nginx(nodes).print()
      guard canonical(try NginxReader.read(text).nodes) == canonical(nodes) else {
        Issue.record("seed \(seed): \(nodes) was printed as \(text)")
        return
      }
    }
  }

  @Test func `crossplane reads a hundred thousand hostile words as they are`() throws {
    var random = Seeded(2_028)
    var cases: [UInt8] = []
    for _ in 0..<250 {
      let nodes = (0..<100).map { _ in
        let words = (0..<4).map { _ in Self.word(&random) }
        return random.chance(90)
          ? NginxNode.directive("k", words)
          : NginxNode(.block(NginxDirective("b", words), [.directive("k", words)]))
      }
      cases += Canonical.judged(try Document.nginx(nodes).print(), means: canonical(nodes))
    }
    let judge = ForeignJudge(
      program: Canonical.python + #"""
        import os, re, tempfile
        import crossplane

        ESCAPES = {'t': '\t', 'r': '\r', 'n': '\n'}

        def word(text):
            # crossplane keeps escapes as they are written, but for the quote itself.
            return re.sub(r'''\\(["'\\trn])''', lambda m: ESCAPES.get(m[1], m[1]), text)

        def block(directives):
            found = []
            for d in directives:
                words = [word(w) for w in [d['directive']] + d['args']]
                found.append(words + [block(d['block'])] if 'block' in d else words)
            return found

        def read(text):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, 'nginx.conf')
                open(path, 'w', newline='').write(text)
                result = crossplane.parse(
                    path, single=True, strict=False, check_ctx=False, check_args=False)
            assert result['status'] == 'ok', result['errors']
            return block(result['config'][0]['parsed'])

        def equal(want, got):
            for a, b in zip(want, got):
                if a != b: print('wanted', a, 'found', b)
            return want == got

        judge(equal, read)
        """#)
    let verdict = try judge.judge(cases)
    #expect(verdict.status == 0, "\(verdict.output.prefix(2_000))")
    #expect(verdict.output.hasSuffix("judged 250 wrong 0\n"))
  }
}

extension DocumentPath {
  fileprivate static func + (path: DocumentPath, steps: [PathStep]) -> DocumentPath {
    DocumentPath(path.steps + steps)
  }
}
