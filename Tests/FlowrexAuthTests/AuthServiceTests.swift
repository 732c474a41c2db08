import FlowrexAuth
import FlowrexContract
import ServiceContract
import Synchronization
import TestSupport
import Testing

@Suite struct AuthServiceTests {
  /// A service with one person, a clock that can be turned and dice that count.
  private struct Scene {
    let service: AuthService
    let people = MemoryPeople()
    let attempts = MemorySignInStore()
    private let clock: Clock

    private final class Clock: Sendable {
      let now = Mutex(Int64(1_000_000))
      let hashes = Mutex(0)
      let dice = Mutex(UInt64(0))
    }

    /// - Parameters:
    ///   - cost: Of today; the hashes that are kept have 4.
    ///   - slowly: Runs before each look at a password.
    init(
      cost: Int = 4, slowly: @escaping @Sendable (MemoryPeople) async throws -> Void = { _ in }
    ) async throws {
      let clock = Clock()
      self.clock = clock
      let hasher = try PasswordHasher(cost: 4, salt: Array(0..<16))
      for (id, name, isDisabled) in [("1", "ann", false), ("2", "bob", true)] {
        let email = try #require(EmailAddress("\(name)@example.com"))
        let hash = try hasher.hash("right \(name)", salt: Array(16..<32))
        #expect(
          await people.add(
            User(id: id, email: email, passwordHash: hash, role: .user, isDisabled: isDisabled)))
      }
      service = AuthService(
        people: people, attempts: attempts,
        hasher: try PasswordHasher(cost: cost, salt: Array(0..<16)),
        issuer: TokenIssuer(
          ring: KeyRing(current: Array("k".utf8), previous: nil, algorithm: .hs256),
          issuer: "i", audience: "a", life: .minutes(15)),
        refreshLife: .days(7),
        environment: AuthEnvironment(
          now: { clock.now.withLock { $0 } },
          draw: { count in
            let next = clock.dice.withLock { dice in
              dice += 1
              return dice
            }
            return (0..<count).map { UInt8(truncatingIfNeeded: next >> UInt64($0 % 8 * 8)) }
          },
          slowly: { [people] work in
            clock.hashes.withLock { $0 += 1 }
            try await slowly(people)
            return work()
          }))
    }

    func turn(_ seconds: Int64) { clock.now.withLock { $0 += seconds } }
    var hashes: Int { clock.hashes.withLock { $0 } }

    func signIn(
      _ email: String = "ann@example.com", _ password: String = "right ann", from: String = "1"
    ) async throws -> TokenPair {
      try await service.signIn(email: email, password: password, from: from)
    }
  }

  @Test(.covers("S04-AUTH-12"))
  func `a session begins, is refreshed and ends`() async throws {
    let scene = try await Scene()
    let first = try await scene.signIn()
    #expect(try await scene.service.authenticate(first.access).subject == "1")
    let second = try await scene.service.refresh(first.refresh)
    #expect(second.refresh != first.refresh)
    let access = try await scene.service.authenticate(second.access)
    #expect(try await scene.service.signOut(access))
    await #expect(throws: TokenRefused(.revoked)) {
      try await scene.service.authenticate(second.access)
    }
    await #expect(throws: TokenRefused(.revoked)) {
      try await scene.service.authenticate(first.access)
    }
    await #expect(throws: TokenRefused(.revoked)) {
      try await scene.service.refresh(second.refresh)
    }
  }

  @Test(.covers("S04-AUTH-12"))
  func `a refresh token used twice ends the session for both`() async throws {
    let scene = try await Scene()
    let first = try await scene.signIn()
    let second = try await scene.service.refresh(first.refresh)
    scene.turn(Session.repeatable + 1)
    await #expect(throws: TokenRefused(.reused)) {
      try await scene.service.refresh(first.refresh)
    }
    await #expect(throws: TokenRefused(.revoked)) {
      try await scene.service.refresh(second.refresh)
    }
    await #expect(throws: TokenRefused(.revoked)) {
      try await scene.service.authenticate(second.access)
    }
  }

  @Test(.covers("S04-AUTH-12", "C-02"))
  func `an exchange whose answer was lost is answered again, with the same token`() async throws {
    let scene = try await Scene()
    let first = try await scene.signIn()
    let second = try await scene.service.refresh(first.refresh)
    scene.turn(Session.repeatable)
    let again = try await scene.service.refresh(first.refresh)
    #expect(again.refresh == second.refresh)
    _ = try await scene.service.authenticate(again.access)
    // The one before the last is a theft at any time.
    _ = try await scene.service.refresh(second.refresh)
    await #expect(throws: TokenRefused(.reused)) {
      try await scene.service.refresh(first.refresh)
    }
  }

  @Test(.covers("S17-VAR-23"))
  func `refreshing does not lengthen a session`() async throws {
    let scene = try await Scene()
    var pair = try await scene.signIn()
    for _ in 0..<6 {
      scene.turn(86_400)
      pair = try await scene.service.refresh(pair.refresh)
    }
    scene.turn(86_400)
    await #expect(throws: TokenRefused(.expired)) { try await scene.service.refresh(pair.refresh) }
  }

  @Test(arguments: ["", "x", "AQAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAA", "é"])
  func `what is no refresh token is none`(token: String) async throws {
    let scene = try await Scene()
    await #expect(throws: TokenRefused(.malformed)) { try await scene.service.refresh(token) }
  }

  @Test(
    .covers("C-45", "S04-AUTH-08"),
    arguments: [
      ("ann@example.com", "wrong"), ("ANN@EXAMPLE.COM ", "wrong"), ("carl@example.com", "x"),
      ("no address", "x"), ("bob@example.com", "wrong"), ("ann@example.com", ""),
      ("ann@example.com", "right ann\u{0}"),
      ("ann@example.com", String(repeating: "x", count: 10_000)), ("' OR 1=1 --", "x"),
    ])
  func `whatever is wrong, one hash is computed and one thing is said`(
    email: String, password: String
  ) async throws {
    let scene = try await Scene()
    await #expect(throws: SignInRefused.failed(.credentials, began: [])) {
      try await scene.signIn(email, password)
    }
    #expect(scene.hashes == 1)
  }

  @Test func `somebody disabled does not get in with the right password`() async throws {
    let scene = try await Scene()
    await #expect(throws: SignInRefused.failed(.disabled, began: [])) {
      try await scene.signIn("bob@example.com", "right bob")
    }
  }

  @Test(.covers("S04-AUTH-08", "C-45"))
  func `five failures lock one address out of one account for five minutes`() async throws {
    let scene = try await Scene()
    for number in 1...5 {
      await #expect(throws: SignInRefused.failed(.credentials, began: number == 5 ? [.pair] : [])) {
        try await scene.signIn("Ann@Example.com", "wrong")
      }
    }
    await #expect(throws: SignInRefused.failed(.locked, began: [])) { try await scene.signIn() }
    #expect(scene.hashes == 6, "a locked account answers as late as any other")
    _ = try await scene.signIn(from: "2")
    scene.turn(299)
    await #expect(throws: SignInRefused.failed(.locked, began: [])) { try await scene.signIn() }
    scene.turn(1)
    _ = try await scene.signIn()
  }

  @Test(.covers("C-45"))
  func `of a hundred guesses at one moment five are looked at`() async throws {
    let scene = try await Scene()
    let reasons = await withTaskGroup(of: LoginFailure?.self) { group in
      for _ in 0..<100 {
        group.addTask {
          do {
            _ = try await scene.signIn("ann@example.com", "wrong")
            return nil
          } catch SignInRefused.failed(let reason, _) {
            return reason
          } catch {
            return nil
          }
        }
      }
      return await group.reduce(into: [LoginFailure?]()) { $0.append($1) }
    }
    #expect(reasons.filter { $0 == .credentials }.count == 5)
    #expect(reasons.filter { $0 == .locked }.count == 95)
  }

  private static let other = try? PasswordHasher(cost: 4, salt: Array(0..<16))
    .hash("another", salt: Array(16..<32))

  @Test func `a password that was reset while the old one was looked at lets nobody in`()
    async throws
  {
    let scene = try await Scene { people in
      guard let ann = await people.user(id: "1"), let other = Self.other else { return }
      _ = await people.save(ann.with(passwordHash: other))
    }
    await #expect(throws: SignInRefused.failed(.credentials, began: [])) {
      try await scene.signIn()
    }
    #expect(scene.hashes == 2, "the hash that is kept now is looked at too")
  }

  @Test func `somebody kept out while their password was looked at stays out`() async throws {
    let scene = try await Scene { people in
      guard let ann = await people.user(id: "1") else { return }
      _ = await people.save(ann.with(isDisabled: true))
    }
    await #expect(throws: SignInRefused.failed(.disabled, began: [])) {
      try await scene.signIn()
    }
  }

  @Test func `a token says no role that was taken away`() async throws {
    let scene = try await Scene()
    let pair = try await scene.signIn()
    let ann = try #require(await scene.people.user(id: "1"))
    #expect(await scene.people.save(ann.with(role: .admin)))
    await #expect(throws: TokenRefused(.revoked)) {
      try await scene.service.authenticate(pair.access)
    }
    // The session lives, and its next token says what is so now.
    let next = try await scene.service.refresh(pair.refresh)
    #expect(try await scene.service.authenticate(next.access).role == .admin)
  }

  @Test(.covers("C-45")) func `a fault of ours is nobody's wrong password`() async throws {
    struct Broken: Error {}
    let isBroken = Mutex(true)
    let scene = try await Scene { _ in if isBroken.withLock({ $0 }) { throw Broken() } }
    for _ in 0..<40 {
      await #expect(throws: Broken.self) { try await scene.signIn() }
    }
    isBroken.withLock { $0 = false }
    _ = try await scene.signIn()
  }

  @Test(.covers("C-45")) func `whoever goes away in the middle has tried`() async throws {
    let isGone = Mutex(true)
    let scene = try await Scene { _ in
      if isGone.withLock({ $0 }) { throw CancellationError() }
    }
    for _ in 0..<LockOut.pairFailures {
      await #expect(throws: CancellationError.self) { try await scene.signIn() }
    }
    isGone.withLock { $0 = false }
    await #expect(throws: SignInRefused.failed(.locked, began: [])) { try await scene.signIn() }
  }

  @Test(.covers("C-45", "C-46")) func `a hash of another cost is made anew at a sign-in`()
    async throws
  {
    let scene = try await Scene(cost: 6)
    let old = try #require(await scene.people.user(id: "1")).passwordHash
    await #expect(throws: SignInRefused.self) { try await scene.signIn("ann@example.com", "wrong") }
    #expect(await scene.people.user(id: "1")?.passwordHash == old)
    _ = try await scene.signIn()
    let new = try #require(await scene.people.user(id: "1")).passwordHash
    #expect(PasswordHasher.cost(of: old) == 4 && PasswordHasher.cost(of: new) == 6)
    _ = try await scene.signIn()
    #expect(await scene.people.user(id: "1")?.passwordHash == new)
  }

  @Test func `of two who sign in while their hash is made anew both come in`() async throws {
    let scene = try await Scene(cost: 5)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<2 {
        group.addTask { _ = try await scene.signIn(from: "\(number)") }
      }
      try await group.waitForAll()
    }
  }
}
