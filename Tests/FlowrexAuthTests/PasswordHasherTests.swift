import FlowrexAuth
import TestSupport
import Testing

@Suite struct PasswordHasherTests {
  private static let salt = Array(UInt8(1)...16)

  /// Published with the first implementations of bcrypt; the low cost is theirs.
  @Test(
    .covers("C-46", "S04-AUTH-04"),
    arguments: [
      ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
      ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
      ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ])
  func `published hashes are verified`(password: String, hash: String) throws {
    let hasher = try PasswordHasher(cost: 12, salt: Self.salt)
    #expect(hasher.verify(password, against: hash))
    #expect(!hasher.verify(password + "x", against: hash))
  }

  @Test(.covers("C-46")) func `a hash says its form and its cost, and differs by its salt`() throws
  {
    let hasher = try PasswordHasher(cost: 12, salt: Self.salt)
    let one = try hasher.hash("correct horse", salt: Self.salt)
    let other = try hasher.hash("correct horse", salt: Self.salt.reversed())
    #expect(one.hasPrefix("$2b$12$") && one.utf8.count == 60)
    #expect(one != other)
    #expect(hasher.verify("correct horse", against: other))
  }

  @Test(.covers("C-46")) func `nothing is cut at 72 bytes`() throws {
    let hasher = try PasswordHasher(cost: 12, salt: Self.salt)
    let longest = String(repeating: "x", count: 72)
    let hash = try hasher.hash(longest, salt: Self.salt)
    #expect(hasher.verify(longest, against: hash))
    #expect(!hasher.verify(longest + "y", against: hash))
    #expect(throws: PasswordHasher.Fault.longerThan72Bytes) {
      try hasher.hash(longest + "y", salt: Self.salt)
    }
  }

  @Test(.covers("C-46")) func `a zero byte ends no password`() throws {
    let hasher = try PasswordHasher(cost: 12, salt: Self.salt)
    let hash = try hasher.hash("abc", salt: Self.salt)
    #expect(!hasher.verify("abc\u{0}def", against: hash))
    #expect(throws: PasswordHasher.Fault.holdsZeroByte) {
      try hasher.hash("a\u{0}b", salt: Self.salt)
    }
  }

  @Test(arguments: ["", "*0", "$2b$12$", "plain", "$6$salt$x"])
  func `what is no hash verifies nothing`(hash: String) throws {
    let hasher = try PasswordHasher(cost: 12, salt: Self.salt)
    #expect(!hasher.verify("", against: hash))
    #expect(!hasher.verify(hash, against: hash))
  }

  @Test(.covers("C-45")) func `nobody's password is nobody's`() throws {
    let hasher = try PasswordHasher(cost: 12, salt: Self.salt)
    // The words of the hash that unknown people are compared with.
    #expect(!hasher.verify("nobody", against: nil))
  }

  /// Who measures answers learns nothing from a hash of a lower cost: the rounds are counted, not
  /// the time.
  @Test(.covers("C-45"), arguments: [4, 5, 6, 9, 10])
  func `an old hash is as much work as none`(cost: Int) throws {
    let hasher = try PasswordHasher(cost: 9, salt: Self.salt)
    let hash = try PasswordHasher(cost: cost, salt: Self.salt).hash("right", salt: Self.salt)
    func work(_ hash: String?) throws -> Int {
      try hasher.settings(against: hash).reduce(0) { sum, setting in
        // What the library takes for a setting costs as much as it says.
        let salt = setting + String(repeating: ".", count: 60 - setting.utf8.count)
        return sum + (1 << Int(try #require(PasswordHasher.cost(of: salt))))
      }
    }
    #expect(try work(nil) == 1 << 9)
    #expect(try work(hash) == 1 << max(9, cost))
    #expect(hasher.verify("right", against: hash) && !hasher.verify("wrong", against: hash))
    #expect(hasher.isOutdated(hash) == (cost != 9))
  }

  @Test(arguments: ["", "*0", "$2b$12$", "plain", "$6$salt$x"])
  func `what is no hash is as much work as none`(hash: String) throws {
    let hasher = try PasswordHasher(cost: 5, salt: Self.salt)
    #expect(hasher.settings(against: hash) == hasher.settings(against: nil))
  }
}
