import Foundation
import SlipwayDiagnostics
import SlipwayLeaks
import SlipwayModel
import TestSupport
import Testing

/// What the scanner finds, and what it leaves alone.
struct LeakTests {
  private static func leaks(
    _ text: String, path: String = "a.yml", denied: [String] = [], known: [String] = []
  ) -> [Leak] {
    LeakScanner(denied: denied, known: KnownValues(known.map { Array($0.utf8) }))
      .leaks(in: Array(text.utf8), path: path)
  }

  @Test(.covers("S18-HS-07"), arguments: 0..<20)
  func `every kind of token is found, on its line, once`(seed: Int) {
    let tokens = Planted.tokens(seed)
    #expect(Set(tokens.map { "leaks/\($0.rule)" }).isSubset(of: Set(LeakScanner.rules.map(\.id))))
    for (rule, value) in tokens {
      let found = Self.leaks("# one\n# two\n  - \(value)\n")
      #expect(found.map(\.rule) == ["leaks/\(rule)"], "\(rule): \(found)")
      #expect(found.first?.line == 3, "\(rule): \(found)")
    }
  }

  @Test func `every rule has a specimen`() {
    let tried = Set(Planted.tokens(0).map { "leaks/\($0.rule)" })
    let others: Set = ["leaks/published-value", "leaks/known-value"]
    #expect(Set(LeakScanner.rules.map(\.id)) == tried.union(others))
  }

  @Test(arguments: 0..<20)
  func `a token is found in files of every kind, however it is wrapped`(seed: Int) {
    let single = Planted.tokens(seed).filter { token in
      !["assigned-secret", "url-password", "authorization-header"].contains(token.rule)
    }
    for (rule, value) in single {
      for (path, text) in Planted.files(holding: value, named: "SHOP_VALUE")
      where path != "url.txt" {
        let found = Self.leaks(text, path: path)
        #expect(found.contains { $0.rule == "leaks/\(rule)" }, "\(rule) in \(path): \(found)")
      }
    }
  }

  @Test(arguments: 0..<20)
  func `a random value under a name that promises a secret is found`(seed: Int) {
    var dice = Planted.Dice(seed)
    let values = [
      dice.text(32, of: Planted.hexadecimal), dice.text(64, of: Planted.hexadecimal),
      dice.text(24, of: Planted.alphanumeric), dice.text(43, of: Planted.alphanumeric + "-_"),
    ]
    for value in values where value.contains(where: \.isNumber) {
      for name in ["DB_PASSWORD", "JWT_SECRET_KEY", "apiToken"] {
        for (path, text) in Planted.files(holding: value, named: name)
        where !["wrapped.txt", "double.txt", "nginx.conf", "a.yml"].contains(path) {
          #expect(!Self.leaks(text, path: path).isEmpty, "\(name)=\(value) in \(path)")
        }
      }
    }
  }

  @Test func `a secret whose base64 has no digit is found`() {
    var dice = Planted.Dice(0)
    var values: [String] = []
    while values.count < 20 {
      let value = dice.text(24, of: Planted.alphanumeric)
      let encoded = Data(value.utf8).base64EncodedString()
      if value.contains(where: \.isNumber), !encoded.contains(where: \.isNumber) {
        values.append(encoded)
      }
    }
    for value in values {
      #expect(!Self.leaks("data:\n  DB_PASSWORD: \(value)\n", path: "a.yml").isEmpty, "\(value)")
    }
  }

  @Test(arguments: [
    "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}", "password_file: /run/secrets/db-password",
    "token: ${{ secrets.GITHUB_TOKEN }}", "JWT_SECRET_KEY=", "API_KEY=changeme-please-1234",
    "SECRET_KEY=<your-secret-key-here>", "PASSWORD=************", "token_ttl: 15m",
    "    name: shop-prod_jwt-secret-key_v3", "secret-key: jwt-secret-key-2024",
    "https://user@host.example/path", "see https://example.com/a:b/c@d", "AKIAIOSFODNN7EXAMPLE",
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUNbT\n-----END CERTIFICATE-----",
    "the line `-----BEGIN PRIVATE KEY-----` begins a key", "cache_key: ${{ hashFiles('**') }}",
    "eyJhbGciOiJIUzI1NiJ9", "redis://redis-cache:6379", "PASSWORD=$(cat /run/secrets/x)",
    "sha256:b972f831f200b19ef0767938224f9711e74cd783718738cd7405d5cabf75c442",
    "let token = tokens[index0].kind", "Key: \"spec.replicas2.count\"",
  ])
  func `names, references and placeholders are no secrets`(text: String) {
    #expect(Self.leaks(text, path: "a.yml") == [], "\(text)")
  }

  @Test(.covers("C-16")) func `a published value is found wherever it is used as one`() {
    let sample = "my-very-own-sample-key-of-a-page-1234567890"
    let short = "opensesame"
    let denied = [sample, short].map { SHA256.hex($0) }
    let published = ["leaks/published-value"]
    for text in [
      "JWT_SECRET_KEY=\(sample)", "prose that names \(sample) only", "DB_PASSWORD: \(short)",
      "url: postgresql:" + "//shop:\(short)@db/shop", "\"password\": \"\(short)\"",
    ] {
      #expect(Self.leaks(text, denied: denied).map(\.rule) == published, "\(text)")
    }
    #expect(Self.leaks("the word \(short) in prose", denied: denied) == [])
    #expect(Self.leaks("PASSWORD=\n", denied: [SHA256.hex("")]) == [])
  }

  @Test(.covers("S18-HS-07"))
  func `a thousand canaries are found in files of every kind, on their line`() {
    var dice = Planted.Dice(7)
    let letters = Planted.alphanumeric + "!#%^&*()-_=+[]{}:,.?/\\\"'$"
    let canaries = (0..<1_000).map { index in
      index % 10 == 0
        ? (0..<4).map { _ in dice.text(64, of: Planted.alphanumeric + "+/") }
          .joined(separator: "\n")
        : dice.text(16 + index % 48, of: index % 3 == 0 ? letters : Planted.alphanumeric)
    }
    let scanner = LeakScanner(known: KnownValues(canaries.map { Array($0.utf8) }))
    var missed: [String] = []
    for (index, canary) in canaries.enumerated() {
      for (path, text) in Planted.files(holding: canary, named: "X\(index)") {
        let found = scanner.leaks(in: Array(text.utf8), path: path)
        let value = String(SHA256.hex(canary).prefix(8))
        if !found.contains(where: { $0.rule == "leaks/known-value" && $0.fingerprint == value }) {
          missed.append("\(path): \(canary)")
        }
      }
    }
    #expect(missed == [])
    let clean = (0..<200).map { "line \($0): nothing of interest stands here" }
    #expect(scanner.leaks(in: Array(clean.joined(separator: "\n").utf8), path: "a") == [])
  }

  @Test func `no finding holds what was found`() {
    for (_, value) in Planted.tokens(3) {
      let findings = Self.leaks("x: \(value)").map { $0.finding(in: "a.yml", commit: "0f3a") }
      #expect(!findings.isEmpty)
      let source = NoSourceText()
      let texts = [
        TextPrinter(source: source).print(findings), JSONPrinter(source: source).print(findings),
        GitHubPrinter(source: source).print(findings),
        SARIFPrinter(source: source, version: "1").print(findings),
      ]
      for text in texts {
        #expect(!text.contains(value.suffix(16)) && text.contains("fingerprint"), "\(text)")
      }
    }
  }

  @Test(
    arguments: [
      "eyJ", "eyJ ", "://", "a://b:c@", "password=", "PASSWORD=a1b2c3d4e5f6a7b8\n", "=", "A", "\n",
      "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nAAAA", ":AA", "Bearer ", "\u{0}",
      "YWJj", "Y2FuYXJ5LWluLWEtbG9uZy1saW5l\n",
    ])
  func `a lot of anything ends`(piece: String) {
    let bytes = Array(repeatElement(Array(piece.utf8), count: 200_000 / piece.utf8.count).joined())
    let known = ["canary-that-is-nowhere", "AAAAAAAAB", "eyJeyJeyK"]
    _ = LeakScanner(known: KnownValues(known.map { Array($0.utf8) })).leaks(in: bytes, path: "a")
  }

  @Test func `cut bytes and bytes at random are read to their end`() {
    let whole = Planted.tokens(5).map(\.value).joined(separator: "\nKEY=").utf8
    let known = KnownValues([Array("canary-of-this-test".utf8)])
    let scanner = LeakScanner(known: known)
    for end in stride(from: 0, through: whole.count, by: 7) {
      _ = scanner.leaks(in: Array(whole.prefix(end)), path: "a.env")
    }
    var dice = Planted.Dice(11)
    for _ in 0..<300 {
      let bytes = (0..<400).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
      _ = scanner.leaks(in: bytes, path: "a")
    }
  }
}
