import FlowrexAuth
import FlowrexConformance
import ServiceContract
import Synchronization
import TestSupport
import Testing

/// What is remembered of sessions, and above all when it is not believed. (decision 41)
@Suite struct RememberedSessionsTests {
  /// People in a store that says what it was asked, behind what remembers.
  private struct Scene {
    let people = AskedPeople()
    let remembered: RememberedSessions
    private let instant = Turned()

    private final class Turned: Sendable { let now = Mutex(Int64(0)) }

    init(isTold: Bool = true, sessions: [String] = ["a", "b", "c"]) async throws {
      let instant = instant
      remembered = RememberedSessions(people) { instant.now.withLock { $0 } }
      for id in sessions {
        let email = try #require(EmailAddress("\(id)@example.com"))
        let user = User(id: "of \(id)", email: email, passwordHash: "h", role: .user)
        #expect(await people.add(user))
        let session = Session(id: id, user: user.id, expiresAt: 1_000)
        #expect(
          try await remembered.begin(session, digest: "d\(id)", for: user, rehashed: nil, .none))
      }
      if isTold { remembered.lostTrack(isTold: true) }
    }

    func turn(_ span: Duration) {
      instant.now.withLock { $0 += span.components.seconds * 1_000_000_000 }
    }

    /// Whether the session is believed.
    func lives(_ session: String, now: Int64 = 1) async throws -> Bool {
      try await remembered.holder(of: session, now: now) != nil
    }
  }

  @Test(.covers("S04-AUTH-10", "S04-AUTH-12"), arguments: [true, false])
  func `what remembers sessions keeps what sessions keep`(isTold: Bool) async throws {
    try await SessionStoreSuite.check {
      let remembered = RememberedSessions(MemoryPeople()) { 0 }
      remembered.lostTrack(isTold: isTold)
      return remembered
    }
  }

  @Test(.covers("S03-MET-02"))
  func `who works is looked at once in five seconds`() async throws {
    let scene = try await Scene()
    for _ in 1...100 { #expect(try await scene.lives("a")) }
    #expect(await scene.people.asked == [["a"]])
    scene.turn(.seconds(4))
    #expect(try await scene.lives("a"))
    #expect(await scene.people.asked.count == 1)
    scene.turn(.seconds(1))
    #expect(try await scene.lives("a"))
    #expect(await scene.people.asked == [["a"], ["a"]])
  }

  @Test(.covers("S03-MET-02"))
  func `who was here lately is looked at together with others`() async throws {
    let names = (1...100).map { "s\($0)" }
    let scene = try await Scene(sessions: names)
    for name in names { #expect(try await scene.lives(name)) }
    #expect(await scene.people.asked.count == 100)
    for round in 1...10 {
      scene.turn(SessionBook.life)
      for name in names { #expect(try await scene.lives(name)) }
      #expect(await scene.people.asked.count == 100 + round)
    }
    // Who went away is not asked for any more.
    scene.turn(SessionBook.recent)
    #expect(try await scene.lives("s7"))
    #expect(await scene.people.asked.last == ["s7"])
  }

  @Test(.covers("C-08"))
  func `without somebody who tells of ends everything is asked`() async throws {
    let scene = try await Scene(isTold: false)
    for _ in 1...3 { #expect(try await scene.lives("a")) }
    scene.remembered.lostTrack(isTold: true)
    for _ in 1...3 { #expect(try await scene.lives("a")) }
    #expect(await scene.people.asked.count == 4)
    scene.remembered.lostTrack(isTold: false)
    #expect(scene.remembered.count == 0)
    for _ in 1...3 { #expect(try await scene.lives("a")) }
    #expect(await scene.people.asked.count == 7)
  }

  @Test(.covers("S04-AUTH-10"))
  func `who signs out here is out at once`() async throws {
    let scene = try await Scene()
    #expect(try await scene.lives("a"))
    #expect(try await scene.remembered.revoke(session: "a", .none))
    #expect(try await !scene.lives("a"))
    // That nobody lives there is not remembered either.
    #expect(try await !scene.lives("a"))
    #expect(await scene.people.asked == [["a"], ["a"], ["a"]])
  }

  @Test(.covers("S04-AUTH-12"))
  func `a stolen refresh token ends the session at once`() async throws {
    let scene = try await Scene()
    _ = try await scene.remembered.rotate(digest: "da", to: "n", now: 1, .none)
    #expect(try await scene.lives("a"))
    let theft = try await scene.remembered.rotate(digest: "da", to: "x", now: 1, .none)
    guard case .reused = theft else {
      Issue.record("\(theft)")
      return
    }
    #expect(try await !scene.lives("a"))
  }

  @Test(.covers("S04-AUTH-10"))
  func `what ended elsewhere is over when it is told, and within five seconds untold`()
    async throws
  {
    let scene = try await Scene()
    for name in ["a", "b"] {
      #expect(try await scene.lives(name))
      #expect(await scene.people.revoke(session: name, .none))
    }
    scene.remembered.ended(["a"])
    #expect(try await !scene.lives("a"))
    // The one of which nothing was told.
    #expect(try await scene.lives("b"))
    scene.turn(SessionBook.life)
    #expect(try await !scene.lives("b"))
  }

  @Test func `a session's own end is no later`() async throws {
    let scene = try await Scene()
    #expect(try await scene.lives("a", now: 999))
    #expect(try await !scene.lives("a", now: 1_000))
  }

  @Test(.covers("S04-AUTH-10"))
  func `an end that is told while it is asked is not forgotten`() async throws {
    let scene = try await Scene()
    await scene.people.hold()
    let early = Task { try await scene.lives("a") }
    await scene.people.heard(1)
    // The answer is on its way, and says that the session lives.
    #expect(await scene.people.revoke(session: "a", .none))
    scene.remembered.ended(["a"])
    let late = Task { try await scene.lives("a") }
    await scene.people.heard(2)
    await scene.people.letGo()
    #expect(try await early.value)
    #expect(try await !late.value)
    #expect(try await !scene.lives("a"))
  }

  @Test func `what is answered after everything may have ended is not kept`() async throws {
    let scene = try await Scene()
    await scene.people.hold()
    let early = Task { try await scene.lives("a") }
    await scene.people.heard(1)
    scene.remembered.lostTrack(isTold: true)
    await scene.people.letGo()
    #expect(try await early.value)
    #expect(scene.remembered.count == 0)
  }

  @Test func `of many who come at once one asks`() async throws {
    let scene = try await Scene()
    await scene.people.hold()
    let many = (1...50).map { _ in Task { try await scene.lives("a") } }
    await scene.people.heard(1)
    await scene.people.letGo()
    for one in many { #expect(try await one.value) }
    #expect(await scene.people.asked.count == 1)
  }

  @Test(.covers("C-08"))
  func `a store that fails is told to who asks, and asked again`() async throws {
    let scene = try await Scene()
    #expect(try await scene.lives("a"))
    await scene.people.fail(true)
    // It is still known of `a`.
    #expect(try await scene.lives("a"))
    await #expect(throws: AskedPeople.Trouble.self) { try await scene.lives("b") }
    scene.turn(SessionBook.life)
    await #expect(throws: AskedPeople.Trouble.self) { try await scene.lives("a") }
    await scene.people.fail(false)
    #expect(try await scene.lives("a"))
  }

  @Test func `the book has an end, and makes room of who went away`() {
    var book = SessionBook()
    book.forgetAll(isTold: true)
    func keep(_ session: String, at instant: Int64) {
      let holder = SessionHolder(person: "p", role: .user, isDisabled: false, expiresAt: 9)
      book.keep([session: holder], of: [session], version: book.version, at: instant)
    }
    for number in 0..<SessionBook.most { keep("s\(number)", at: 0) }
    #expect(book.count == SessionBook.most)
    keep("one more", at: 1)
    #expect(book.count == SessionBook.most)
    #expect(book.look("one more", at: 1, now: 1) == .ask(["one more"]))
    keep("later", at: SessionBook.recent.components.seconds * 1_000_000_000)
    #expect(book.count == 1)
  }

  @Test func `who is kept out is never remembered`() {
    var book = SessionBook()
    book.forgetAll(isTold: true)
    let holder = SessionHolder(person: "p", role: .admin, isDisabled: true, expiresAt: 9)
    book.keep(["s": holder], of: ["s"], version: book.version, at: 0)
    #expect(book.count == 0)
  }
}

/// People in memory who say what sessions they were asked for, slowly if they are told to.
private actor AskedPeople: PeopleStore {
  struct Trouble: Error {}

  private let inner = MemoryPeople()
  private(set) var asked: [[String]] = []
  private var isHolding = false
  private var isFailing = false
  private var held: [CheckedContinuation<Void, Never>] = []

  func hold() { isHolding = true }
  func fail(_ isFailing: Bool) { self.isFailing = isFailing }

  func letGo() {
    isHolding = false
    for one in held { one.resume() }
    held = []
  }

  /// Waits until so many questions are held.
  func heard(_ count: Int) async {
    while held.count < count { await Task.yield() }
  }

  func holders(of sessions: [String], now: Int64) async throws -> [String: SessionHolder] {
    asked.append(sessions)
    if isFailing { throw Trouble() }
    let answer = await inner.holders(of: sessions, now: now)
    if isHolding { await withCheckedContinuation { held.append($0) } }
    return answer
  }

  func user(email: EmailAddress) async -> User? { await inner.user(email: email) }
  func user(id: String) async -> User? { await inner.user(id: id) }
  func add(_ user: User) async -> Bool { await inner.add(user) }
  func begin(
    _ session: Session, digest: String, for user: User, rehashed: String?, _ occasion: Occasion
  ) async -> Bool {
    await inner.begin(session, digest: digest, for: user, rehashed: rehashed, occasion)
  }
  func rotate(
    digest: String, to next: String, now: Int64, _ occasion: Occasion
  ) async -> Rotation {
    await inner.rotate(digest: digest, to: next, now: now, occasion)
  }
  func revoke(session: String, _ occasion: Occasion) async -> Bool {
    await inner.revoke(session: session, occasion)
  }
}
