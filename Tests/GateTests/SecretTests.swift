import ServiceContract
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// S17-HS-03, S17-HS-07: secrets are there, and nobody could guess them.
struct SecretTests {
  private static func key(
    _ form: SecretKey.Form = .random, _ bits: Int = 256, name: String = "JWT_KEY"
  ) -> SecretExpectations.Key {
    SecretExpectations.Key(name: name, form: form, bits: bits)
  }

  private func fault(
    _ value: String, _ form: SecretKey.Form = .random, _ bits: Int = 256, denied: [String] = []
  ) -> SecretFault? {
    SecretStrength.fault(
      Array(value.utf8), Self.key(form, bits), denied: Set(denied.map { SHA256.hex($0) }))
  }

  /// 32 bytes of a generator whose seed stands here, in hexadecimal digits and as base64.
  private static let hex = "9f1c27e04b8d63aa51f0c7de2390b46e8815fd72c3ea604b97d2186fe05a3bc4"
  private static let base64 = "nxwn4EuNY6pR8MfeI5C0bogV_XLD6mBLl9IYb-BaO8Q"

  @Test func `random text of enough length passes, however it is written`() {
    #expect(fault(Self.hex) == nil)
    #expect(fault(Self.base64) == nil)
    #expect(fault(Self.hex.uppercased()) == nil)
    #expect(fault(String(Self.hex.prefix(32)), .random, 128) == nil)
  }

  private struct Bad: Sendable {
    let value: String
    let fault: SecretFault
    init(_ value: String, _ fault: SecretFault) {
      self.value = value
      self.fault = fault
    }
  }

  private static let half = String(hex.prefix(32))
  private static let bad: [Bad] = [
    Bad("", .empty), Bad(String(hex.prefix(62)), .tooWeak(bits: 248, needed: 256)),
    Bad(String(repeating: "a", count: 64), .regular),
    Bad(String(repeating: "0123456789abcdef", count: 4), .regular),
    Bad("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz012345678901", .regular),
    Bad(half + half, .regular), Bad("changeme-\(hex)", .placeholder),
    Bad("${JWT_KEY}-\(hex)", .placeholder),
    Bad("<a key of at least sixty-four characters that nobody else has>", .hasBlanks),
    Bad("<a-key-of-at-least-sixty-four-characters-that-nobody-else-has--->", .placeholder),
    Bad("\(hex) ", .hasBlanks), Bad("\(hex)\n\(hex)", .hasBlanks),
    Bad("pass\u{0}\(hex)", .hasBlanks),
  ]

  @Test func `what is short, empty, regular or meant to be replaced does not`() {
    for bad in Self.bad { #expect(fault(bad.value) == bad.fault, "\(bad.value)") }
  }

  @Test func `a published value is refused whatever its length`() {
    #expect(fault(Self.hex, denied: [Self.hex]) == .denied)
    #expect(
      fault(
        "https://hooks.example.com/T0/B1/\(Self.hex)", .url, 100, denied: ["/T0/B1/\(Self.hex)"])
        == .denied)
  }

  @Test func `each form has its own rule`() {
    let salt = "abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
    #expect(fault("$2b$12$\(salt)", .passwordHash, 72) == nil)
    #expect(
      fault("$2b$10$\(salt)", .passwordHash, 72) == .wrongForm("bcrypt hash of cost 12 or more"))
    #expect(fault(Self.hex, .passwordHash, 72) == .wrongForm("bcrypt or Argon2id hash"))
    #expect(fault("https://hooks.slack.com/services/\(Self.base64)", .url, 100) == nil)
    #expect(
      fault("http://hooks.slack.com/services/\(Self.base64)", .url, 100)
        == .wrongForm("https address"))
    #expect(
      fault("https://hooks.slack.com/a", .url, 100) == .tooWeak(bits: 4, needed: 100))
    #expect(fault("AKIAJ5W2Q7XZ3N4M", .issued, 0) == nil)
    #expect(fault("your-key-here", .issued, 0) == .placeholder)
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    #expect(fault(pem, .pem, 0) == nil)
    #expect(fault("MIIB", .pem, 0) == .wrongForm("PEM text"))
    #expect(
      SecretStrength.fault([0xFF, 0xFE], Self.key(), denied: []) == .wrongForm("UTF-8 text"))
  }

  // MARK: The condition

  private func ruling(_ sight: Sight<SecretFacts>) -> Ruling {
    var scene = Scene()
    scene.expectations.secrets.keys = [Self.key(), Self.key(name: "COOKIE_KEY")]
    scene.evidence.secrets = sight
    return scene.judge(SecretsAreStrong())
  }

  @Test(.covers("S17-GATE-05")) func `names and what is wrong are said, never a value`() {
    func fresh(_ facts: SecretFacts) -> Sight<SecretFacts> {
      .fresh(facts, of: .none, at: Scene.noon)
    }
    #expect(ruling(fresh(SecretFacts())) == .pass("2 secrets present and strong"))
    let fix = "run `slipway secrets rotate NAME` for each of them"
    #expect(
      ruling(fresh(SecretFacts(faults: ["JWT_KEY": .missing, "COOKIE_KEY": .denied])))
        == .fail("JWT_KEY is missing, COOKIE_KEY is a value that is published", fix: fix))
    #expect(
      ruling(fresh(SecretFacts(equal: [["JWT_KEY", "COOKIE_KEY"]])))
        == .fail("JWT_KEY and COOKIE_KEY are equal", fix: fix))
    #expect(
      ruling(.unreadable("Vault at https://vault.example: it is sealed, or not ready"))
        == .unproven(
          "the source of secrets cannot be used: Vault at https://vault.example: it is sealed, "
            + "or not ready",
          fix: "let the gate reach the source of secrets: docs/gate.md says how"))
  }

  // MARK: Sources without a network

  private func ask(
    _ source: any SecretSource, distinct: [[String]] = []
  ) async -> Sight<SecretFacts> {
    await SecretCollector.facts(
      SecretExpectations(
        source: .madeUp, keys: [Self.key(), Self.key(name: "COOKIE_KEY")], distinct: distinct),
      from: source, now: Scene.noon)
  }

  @Test func `a folder holds one file a secret`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.hex + "\n", to: "jwt-key")
      let one = await ask(FolderSecrets(folder.path))
      guard case .seen(let facts) = one else { throw Unexpected(what: "\(one)") }
      #expect(facts.value.faults == ["COOKIE_KEY": .missing])
      try folder.write(Self.hex, to: "cookie-key")
      let both = await ask(FolderSecrets(folder.path), distinct: [["JWT_KEY", "COOKIE_KEY"]])
      guard case .seen(let facts) = both else { throw Unexpected(what: "\(both)") }
      #expect(facts.value == SecretFacts(equal: [["JWT_KEY", "COOKIE_KEY"]]))
      let none = await ask(FolderSecrets(folder.path(of: "nowhere")))
      guard case .unreadable(let clause) = none else { throw Unexpected(what: "\(none)") }
      #expect(clause == "the folder '\(folder.path(of: "nowhere"))': there is no such folder")
    }
  }

  @Test func `a file of variables is read as Compose reads it`() async throws {
    try await withTemporaryFolder { folder in
      let path = try folder.write("JWT_KEY='\(Self.hex)'\nCOOKIE_KEY=${A}b\n", to: ".env")
      let sight = await ask(DotenvSecrets(path))
      guard case .unreadable(let clause) = sight else { throw Unexpected(what: "\(sight)") }
      #expect(clause == "the file '\(path)': COOKIE_KEY is made of other variables")
      try folder.write("JWT_KEY='\(Self.hex)'\n", to: ".env")
      let good = await ask(DotenvSecrets(path))
      guard case .seen(let facts) = good else { throw Unexpected(what: "\(good)") }
      #expect(facts.value.faults == ["COOKIE_KEY": .missing])
    }
  }
}

struct Unexpected: Error { let what: String }
