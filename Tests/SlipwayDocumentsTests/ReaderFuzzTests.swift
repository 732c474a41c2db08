import SlipwayDocuments
import Testing

/// Readers meet files that nobody generated: whatever the bytes, they answer or refuse.
@Suite struct ReaderFuzzTests {
  private enum Syntax: CaseIterable {
    case yaml, json, nginx, dockerfile, dotenv

    func read(_ bytes: [UInt8]) throws(SyntaxError) -> (any LocatedTree)? {
      switch self {
      case .yaml: try YAMLReader.readAll(bytes: bytes).first
      case .json: try JSONReader.read(bytes: bytes)
      case .nginx: try NginxReader.read(bytes: bytes)
      case .dockerfile: try DockerfileReader.read(bytes: bytes)
      case .dotenv: try DotenvReader.read(bytes: bytes)
      }
    }
  }

  private static let samples: [[UInt8]] = [
    "a: &x [1, 'b', {c: *x}]\n<<: {d: |\n  e\n }\n? f\n: !!str g # h\n---\n\"\\x41\": >-\n  i\n",
    "{\"a\": [1, -2.5e3, \"\\u00e9\\n\"], \"b\": {\"c\": null, \"d\": true}}\n",
    "http { # x\n server { listen \"80\"; a_by_lua_block { '}' [[ ] }\n"
      + " rewrite ^/\\{2}$ ${x}y 'z\\''; } }\n",
    "# syntax=x\nFROM a AS b\nRUN --m=\"x y\" a \\\n # c\n b\n"
      + "COPY <<E <<'F' /\n1\nE\nF\nENV A=\"\\$b\" C=d\nCMD [\"x\"]\n",
    "# c\nexport A=\"x\\n$$y\"\nB='z\\''\nC=${D:-e} # f\nG\nH: i\n",
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `no bytes can stop a reader, and no position lies outside of its text`(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<2_000 {
      let bytes = Hostile.bytes(&random, from: random.pick(Self.samples))
      let lines = 1 + bytes.count { $0 == 0x0A }
      for syntax in Syntax.allCases {
        do {
          guard let tree = try syntax.read(bytes) else { continue }
          for line in 1...lines {
            guard let path = tree.path(atLine: line) else { continue }
            let position = tree.position(of: path)
            #expect((position?.line).map { (1...lines).contains($0) } == true)
          }
        } catch {
          // UTF-16 and the line breaks of YAML 1.1 make more lines than line feeds.
          #expect(error.position.line >= 1 && error.position.column >= 1 && !error.message.isEmpty)
        }
      }
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `random bytes are refused or read`(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<2_000 {
      let bytes = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      for syntax in Syntax.allCases { _ = try? syntax.read(bytes) }
    }
  }
}
