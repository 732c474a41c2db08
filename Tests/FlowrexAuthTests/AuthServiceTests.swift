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
    let users = MemoryUserStore()
    private let clock: Clock

    private final class Clock: Sendable {
      let now = Mutex(Int64(1_000_000))
      let hashes = Mutex(0)
      let dice = Mutex(UInt64(0))
    }

    init() async throws {
      let clock = Clock()
      self.clock = clock
      let hasher = try PasswordHasher(cost: 4, salt: Array(0..<16))
      for (id, name, isDisabled) in [("1", "ann", false), ("2", "bob", true)] {
        let email = try #require(EmailAddress("\(name)@example.com"))
        let hash = try hasher.hash("right \(name)", salt: Array(16..<32))
        #expect(
          await users.add(
            User(id: id, email: email, passwordHash: hash, role: .user, isDisabled: isDisabled)))
      }
      service = AuthService(
        users: users, sessions: MemorySessionStore(), attempts: MemorySignInStore(),
        hasher: hasher,
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
          slowly: { work in
            clock.hashes.withLock { $0 += 1 }
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
}
