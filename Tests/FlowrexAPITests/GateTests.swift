import FlowrexAPI
import FlowrexAuth
import FlowrexContract
import FlowrexLimits
import FlowrexMetrics
import HTTPTypes
import Logging
import ServiceContract
import Synchronization
import TestSupport
import Testing

@Suite struct GateTests {
  private struct Broken: RateLimiter {
    struct Unreachable: Error {}
    func take(_ limit: LimitClass, principal: String) throws -> LimitDecision {
      throw Unreachable()
    }
  }

  private final class Dice: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
      value.withLock { value in
        value += 1
        return value
      }
    }
  }

  private let metrics = MetricRegistry(.backend)
  private let auth: AuthService
  private let user: String
  private let admin: String
  private let people = CountingPeople()

  init() async throws {
    let hasher = try PasswordHasher(cost: 4, salt: Array(0..<16))
    let dice = Dice()
    for (name, role) in [("user", Role.user), ("admin", .admin)] {
      let email = try #require(EmailAddress("\(name)@example.com"))
      let hash = try hasher.hash("right", salt: Array(16..<32))
      _ = await people.add(User(id: name, email: email, passwordHash: hash, role: role))
    }
    auth = AuthService(
      people: people, attempts: MemorySignInStore(), hasher: hasher,
      issuer: TokenIssuer(
        ring: KeyRing(current: Array("k".utf8), previous: nil, algorithm: .hs256), issuer: "i",
        audience: "a", life: .minutes(15)),
      refreshLife: .days(7),
      environment: AuthEnvironment(
        now: { 1_000 },
        draw: { count in
          // Never the same twice: names of sessions are made of it.
          let next = dice.next()
          return (0..<count).map { UInt8(truncatingIfNeeded: next + $0) }
        },
        slowly: { $0() }))
    user =
      "Bearer "
      + (try await auth.signIn(email: "user@example.com", password: "right", from: "1").access)
    admin =
      "Bearer "
      + (try await auth.signIn(email: "admin@example.com", password: "right", from: "1").access)
  }

  private func gate(_ limiter: (any RateLimiter)? = nil) -> Gate {
    let memory = MemoryRateLimiter { 0 }
    return Gate(auth: auth, limiter: limiter ?? memory, local: memory, metrics: metrics)
  }

  private func pass(
    _ gate: Gate, _ route: Route, _ authorization: String?, _ address: String = "1"
  ) async throws -> Gate.Pass {
    try await gate.pass(
      route, authorization: authorization, address: address, caller: Caller(),
      logger: Logger(label: "test"))
  }

  private func code(
    _ gate: Gate, _ route: Route, _ authorization: String?
  ) async -> ProblemCode? {
    do {
      _ = try await pass(gate, route, authorization)
      return nil
    } catch {
      return (error as? Problem)?.code
    }
  }

  @Test(
    .covers("S04-RL-07"),
    arguments: Program.backend.routes.filter { $0.auth == .admin })
  func `what administrators do is closed to everybody else`(route: Route) async throws {
    #expect(await code(gate(), route, user) == .forbidden)
    #expect(await code(gate(), route, nil) == .unauthenticated)
    #expect(try await pass(gate(), route, admin).person?.role == .admin)
  }

  @Test(arguments: Program.backend.routes.filter { $0.auth == .user })
  func `what people do is closed to nobody in particular`(route: Route) async throws {
    #expect(await code(gate(), route, nil) == .unauthenticated)
    #expect(await code(gate(), route, "Bearer x.y.z") == .unauthenticated)
    #expect(try await pass(gate(), route, user).person?.subject == "user")
  }

  @Test(.covers("S04-RL-07", "S17-RL-05"))
  func `people have the standard limit, administrators a higher one, each their own`()
    async throws
  {
    let gate = gate()
    for _ in 0..<LimitClass.standard.burst { _ = try await pass(gate, .portfolio, user) }
    #expect(await code(gate, .portfolio, user) == .rateLimited)
    for _ in 0..<LimitClass.admin.burst { _ = try await pass(gate, .portfolio, admin) }
    #expect(await code(gate, .portfolio, admin) == .rateLimited)
    // An order has a limit of its own.
    #expect(await code(gate, .placeOrder, user) == nil)
  }

  @Test(.covers("S17-RL-05")) func `guessing tokens is limited by address`() async throws {
    let gate = gate()
    for _ in 0..<LimitClass.standard.burst {
      #expect(await code(gate, .portfolio, "Bearer x") == .unauthenticated)
    }
    #expect(await code(gate, .portfolio, "Bearer x") == .rateLimited)
    #expect(try await pass(gate, .portfolio, user).person != nil)
  }

  @Test(.covers("S17-RL-05")) func `a network of addresses is limited as one`() async throws {
    let gate = gate()
    for number in 0..<LimitClass.standard.burst {
      let address = "2001:db8:0:1::\(String(number + 1, radix: 16))"
      await #expect(throws: Problem.self) {
        try await pass(gate, .portfolio, "Bearer x", address)
      }
    }
    for (address, code) in [
      ("2001:db8:0:1:ffff::9", ProblemCode.rateLimited), ("2001:db8:0:2::9", .unauthenticated),
    ] {
      let problem = await #expect(throws: Problem.self) {
        try await pass(gate, .portfolio, "Bearer x", address)
      }
      #expect(problem?.code == code)
    }
  }

  @Test(.covers("S17-RL-05"))
  func `who is above the limit does not reach the store`() async throws {
    let gate = gate()
    for _ in 0..<LimitClass.standard.burst { _ = try await pass(gate, .portfolio, user) }
    let before = await people.looked
    #expect(await code(gate, .portfolio, user) == .rateLimited)
    #expect(await code(gate, .portfolio, "Bearer x.y.z") == .unauthenticated)
    #expect(await people.looked == before)
  }

  @Test func `a request asks the store once who it is from`() async throws {
    let gate = gate()
    let before = await people.looked
    _ = try await pass(gate, .portfolio, user)
    #expect(await people.looked == before + 1)
  }

  @Test(.covers("S17-RL-05"))
  func `who knocks at doors that are not theirs is limited too`() async throws {
    let gate = gate()
    let route = try #require(Program.backend.routes.first { $0.auth == .admin && $0.limit != nil })
    let limit = try #require(route.limit)
    for _ in 0..<limit.burst { #expect(await code(gate, route, user) == .forbidden) }
    #expect(await code(gate, route, user) == .rateLimited)
  }

  @Test func `somebody who is disabled loses the session that is open`() async throws {
    #expect(await code(gate(), .portfolio, user) == nil)
    let person = try #require(try await people.user(id: "user"))
    #expect(await people.save(person.with(isDisabled: true)))
    #expect(await code(gate(), .portfolio, user) == .unauthenticated)
    #expect(await people.save(person))
    // It has ended, and a new one has to be begun.
    #expect(await code(gate(), .portfolio, user) == .unauthenticated)
    #expect(await code(gate(), .portfolio, admin) == nil)
  }

  @Test(.covers("S04-RL-04"))
  func `without the shared limiter sign-in and writes are closed and reads go on`() async throws {
    let gate = gate(Broken())
    for route in [Route.login, .refresh] {
      #expect(await code(gate, route, nil) == .limiterUnavailable, "\(route.text)")
    }
    for route in [Route.placeOrder, .cancelOrder, .setMaintenance] {
      #expect(await code(gate, route, admin) == .limiterUnavailable, "\(route.text)")
    }
    for _ in 0..<LimitClass.standard.burst {
      #expect(await code(gate, .portfolio, user) == nil)
    }
    #expect(await code(gate, .portfolio, user) == .rateLimited)
    #expect(await code(gate, .health, nil) == nil)
    let text = metrics.text()
    #expect(text.contains(#"rate_limits_degraded_total{limit_class="auth",decision="closed"} 2"#))
    #expect(
      text.contains(#"rate_limits_degraded_total{limit_class="standard",decision="local"} 11"#))
  }

  @Test func `a refusal says when to come again`() async throws {
    do {
      _ = try await pass(gate(Broken()), .login, nil)
      Issue.record("it passed")
    } catch let problem as Problem {
      #expect(problem.headers[.retryAfter] == "5")
      #expect(problem.code.status.code == 503)
    }
  }
}

/// People in memory who say how often they were looked at.
private actor CountingPeople: PeopleStore {
  private let inner = MemoryPeople()
  private(set) var looked = 0

  func user(email: EmailAddress) async throws -> User? { await inner.user(email: email) }
  func user(id: String) async throws -> User? {
    looked += 1
    return await inner.user(id: id)
  }
  func add(_ user: User) async -> Bool { await inner.add(user) }
  func save(_ user: User) async -> Bool { await inner.save(user) }
  func begin(
    _ session: Session, digest: String, for user: User, rehashed: String?, _ occasion: Occasion
  ) async throws -> Bool {
    await inner.begin(session, digest: digest, for: user, rehashed: rehashed, occasion)
  }
  func rotate(
    digest: String, to next: String, now: Int64, _ occasion: Occasion
  ) async throws -> Rotation {
    await inner.rotate(digest: digest, to: next, now: now, occasion)
  }
  func holders(of sessions: [String], now: Int64) async throws -> [String: SessionHolder] {
    looked += 1
    return await inner.holders(of: sessions, now: now)
  }
  func revoke(session: String, _ occasion: Occasion) async throws -> Bool {
    await inner.revoke(session: session, occasion)
  }
}
