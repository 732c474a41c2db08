import FlowrexConfiguration
import FlowrexContract
import ServiceContract
import TestSupport
import Testing

@Suite struct SecretTests {
  /// Values that no process may start with, and what is said of each.
  static let weak: [(String, String)] = [
    ("", "is empty"),
    ("\n", "is empty"),
    ("short", "has at most 23 of 256 bits"),
    ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMN", "follows a pattern"),
    (String(repeating: "aB3dE9xZ", count: 8), "follows a pattern"),
    (String(repeating: "a", count: 64), "follows a pattern"),
    ("Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6U uTiKoWqBrDx", said),
    ("Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6UuTiKoWqBrDx\n\n", said),
    ("Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6Uäö-TiKoWqBrDx", said),
  ]
  private static let said = "holds a blank, a line break or a character outside ASCII"

  @Test(.covers("S17-HS-07", "S17-CL-SEC-05", "S03-CL-ENV-03", "S04-AUTH-05"), arguments: weak)
  func `a weak key for tokens is refused`(value: String, said: String) {
    let problems = Surroundings.production.holding("jwt-secret-key", value).problems
    #expect(problems == ["JWT_SECRET_KEY: \(said)"])
  }

  @Test(.covers("S17-HS-07", "C-16"))
  func `a published value is refused, whatever its length`() {
    // One of those whose digest the contract has: the word itself is no secret.
    let problems = Surroundings.production.holding("database-password", "password").problems
    #expect(problems == ["DATABASE_PASSWORD: is a value that is published"])
  }

  @Test(
    .covers("S04-AUTH-04", "C-46"),
    arguments: [
      (
        "$2b$10$abcdefghijklmnopqrstuuE9Jh2nM4bQ6vW8yZ1cR3tF5gH7kLpNS",
        "has a cost of 10, at least 12 is needed"
      ),
      ("$1$abc$def", "is no bcrypt hash"), ("hunter2", "is no bcrypt hash"),
    ])
  func `the administrator's password is a bcrypt hash of cost 12 at least`(
    value: String, said: String
  ) {
    let problems = Surroundings.production.holding("admin-password-hash", value).problems
    #expect(problems == ["ADMIN_PASSWORD_HASH: \(said)"])
  }

  @Test(.covers("C-47", "S04-AUTH-05"))
  func `two keys of different purpose may not be one`() throws {
    let key = try #require(Surroundings.production.secrets["jwt-secret-key"])
    let problems = Surroundings.production.holding("security-secret-key", key).problems
    #expect(problems == ["SECURITY_SECRET_KEY: is the same as JWT_SECRET_KEY"])
  }

  @Test(.covers("C-44"))
  func `without a rotation both token keys are the same`() throws {
    let key = try #require(Surroundings.production.secrets["jwt-secret-key"])
    #expect(Surroundings.production.holding("jwt-previous-secret-key", key).problems == [])
  }

  @Test func `an editor's line end is none of the secret`() throws {
    let key = try #require(Surroundings.production.secrets["jwt-secret-key"])
    let secrets = try Surroundings.production.holding("jwt-secret-key", key + "\n").read().secrets
    let read = try #require(secrets.tokenKey).withBytes { $0 }
    #expect(read == Array(key.utf8))
  }

  @Test(.covers("S17-SEC-02"))
  func `a laptop may give a secret as a variable, and it must be strong there too`() {
    #expect(
      Surroundings.laptop.stating("JWT_SECRET_KEY", "weak").problems == [
        "JWT_SECRET_KEY: has at most 18 of 256 bits"
      ])
  }

  @Test(.covers("S17-CL-SEC-06", "S04-OBS-07"))
  func `a secret has no textual form`() throws {
    let configuration = try Surroundings.production.read()
    var dumped = ""
    dump(configuration, to: &dumped)
    let texts = ["\(configuration)", String(reflecting: configuration), dumped]
    for value in Surroundings.production.secrets.values {
      for text in texts { #expect(!text.contains(value)) }
    }
    #expect(dumped.contains("(secret)"))
  }

  @Test(.covers("S17-SEC-06"))
  func `no problem repeats a value`() {
    let canary = "c4n4ry-7f3a"
    for name in Program.backend.keys.map(\.name) {
      let problems = Surroundings.production.stating(name, canary).problems
      #expect(!problems.contains { $0.contains(canary) }, "\(name)")
    }
    for file in Surroundings.production.secrets.keys {
      let problems = Surroundings.production.holding(file, canary).problems
      #expect(!problems.isEmpty && !problems.contains { $0.contains(canary) }, "\(file)")
    }
  }
}
