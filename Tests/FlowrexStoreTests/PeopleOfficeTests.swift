import FlowrexAuth
import FlowrexStore
import FlowrexSupport
import Ledger
import TestSupport
import Testing

/// Changes of people, each with its entry in the audit log. (S18-AUD-02, S04-AUTH-04)
struct PeopleOfficeTests {
  private static let noon = Timestamp(microseconds: 7)

  private static func user(_ id: String, _ role: Role = .user) throws -> User {
    let email = try #require(EmailAddress("\(id)@example.com"))
    return User(id: id, email: email, passwordHash: "h", role: role)
  }

  private func withOffice(
    on backend: Backend, _ body: (any Store, PeopleOffice) async throws -> Void
  ) async throws {
    try await backend.withStore { store in
      try await body(store, PeopleOffice(store, as: "command line", now: { Self.noon }))
    }
  }

  /// A session that nobody writes down.
  private static func begin(_ id: String, of user: User, _ store: any Store) async throws {
    try await store.transact { rows in
      try rows.insert(Session(id: id, user: user.id, expiresAt: 900), digest: "d\(id)")
    }
  }

  private func log(_ store: any Store) async throws -> [[String?]] {
    try await store.transact { try $0.auditRows(after: 0, limit: 100).map(\.fields) }
  }

  @Test(arguments: Backend.allCases)
  func `a change and its entry are one, and end what the person has open`(
    backend: Backend
  ) async throws {
    try await withOffice(on: backend) { store, office in
      let ann = try Self.user("ann")
      try await office.create(ann)
      await #expect(throws: PeopleOffice.Refusal.taken(ann.email)) { try await office.create(ann) }
      let people = StoredPeople(on: store)
      try await Self.begin("s", of: ann, store)
      #expect(try await office.set(.admin, at: ann.email) == 1)
      #expect(try await people.holder(of: "s", now: 1) == nil)
      // Nothing changes, nothing is written.
      #expect(try await office.set(.admin, at: ann.email) == 0)
      #expect(try await office.set(passwordHash: "other", at: ann.email) == 0)
      #expect(try await people.user(id: "ann")?.passwordHash == "other")
      let rows = try await log(store)
      func row(_ action: String, _ was: String?, _ became: String?) -> [String?] {
        ["7", action, "command line", "ann", nil, nil, was, became, nil, nil, nil, nil]
      }
      #expect(
        rows == [
          row("user_created", nil, "role=user enabled"),
          row("role_changed", "role=user enabled", "role=admin enabled"),
          row("password_reset", "role=admin enabled", "role=admin enabled"),
        ])
    }
  }

  @Test(arguments: Backend.allCases)
  func `of two administrators who take each other away at once one stays`(
    backend: Backend
  ) async throws {
    try await withOffice(on: backend) { store, office in
      let users = try [Self.user("ann", .admin), Self.user("bob", .admin)]
      for user in users { try await office.create(user) }
      for _ in 0..<10 {
        let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
          for (index, user) in users.enumerated() {
            group.addTask {
              do {
                _ =
                  index == 0
                  ? try await office.set(isDisabled: true, at: user.email)
                  : try await office.set(.user, at: user.email)
                return false
              } catch PeopleOffice.Refusal.lastAdministrator {
                return true
              }
            }
          }
          return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 1)
        for user in users {
          _ = try await office.set(isDisabled: false, at: user.email)
          _ = try await office.set(.admin, at: user.email)
        }
      }
      guard case .whole = try await AuditVerifier(store).verify() else {
        Issue.record("the chain is broken")
        return
      }
    }
  }

  @Test(.covers("S04-AUTH-04", "C-46"), arguments: Backend.allCases)
  func `the first administrator is made once, and follows the mounted hash`(
    backend: Backend
  ) async throws {
    try await withOffice(on: backend) { store, office in
      let outcomes = try await withThrowingTaskGroup(of: PeopleOffice.Mounted.self) { group in
        for _ in 0..<8 { group.addTask { try await office.ensureFirst(passwordHash: "one") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == .applied } == 1 && !outcomes.contains(.superseded))
      let people = StoredPeople(on: store)
      let admin = try #require(try await people.user(id: PeopleOffice.firstID))
      #expect(PersonID(text: admin.id) == PersonID(1))
      try await Self.begin("s", of: admin, store)
      #expect(try await office.ensureFirst(passwordHash: "one") == .current)
      #expect(try await people.holder(of: "s", now: 1) != nil)
      #expect(try await office.ensureFirst(passwordHash: "two") == .applied)
      #expect(try await people.holder(of: "s", now: 1) == nil)
      #expect(try await people.user(id: admin.id)?.passwordHash == "two")
      #expect(try await log(store).map { $0[1] } == ["user_created", "password_reset"])
    }
  }

  /// A replica of the release before starts again, with the secret that it was given.
  @Test(.covers("S04-AUTH-04", "C-46"), arguments: Backend.allCases)
  func `a hash that was exchanged does not come back`(backend: Backend) async throws {
    try await withOffice(on: backend) { store, office in
      _ = try await office.ensureFirst(passwordHash: "one")
      _ = try await office.ensureFirst(passwordHash: "two")
      let people = StoredPeople(on: store)
      let admin = try #require(try await people.user(id: PeopleOffice.firstID))
      try await Self.begin("s", of: admin, store)
      #expect(try await office.ensureFirst(passwordHash: "one") == .superseded)
      #expect(try await people.user(id: admin.id)?.passwordHash == "two")
      #expect(try await people.holder(of: "s", now: 1) != nil)
      // A sign-in made the hash anew, at another cost: that is the same password.
      try await store.transact { _ = try $0.save(admin.with(passwordHash: "two again")) }
      #expect(try await office.ensureFirst(passwordHash: "two") == .current)
      #expect(try await people.holder(of: "s", now: 1) != nil)
      #expect(try await log(store).map { $0[1] } == ["user_created", "password_reset"])
    }
  }

  @Test(.covers("C-52"), arguments: Backend.allCases)
  func `after a restore nobody is signed in`(backend: Backend) async throws {
    try await withOffice(on: backend) { store, office in
      let users = try [Self.user("ann"), Self.user("bob")]
      for user in users {
        try await office.create(user)
        try await Self.begin("\(user.id) 1", of: user, store)
        try await Self.begin("\(user.id) 2", of: user, store)
      }
      let people = StoredPeople(on: store)
      #expect(try await people.revoke(session: "ann 1", .none))
      #expect(try await office.endAllSessions() == 3)
      for user in users {
        for number in 1...2 {
          #expect(try await people.holder(of: "\(user.id) \(number)", now: 1) == nil)
        }
      }
      let last = try #require(try await log(store).last)
      #expect(last[1] == "sessions_ended" && last[2] == "command line")
      #expect(last[7] == "sessions=3")
    }
  }

  @Test(arguments: Backend.allCases)
  func `people are listed in the order of their addresses, however many`(
    backend: Backend
  ) async throws {
    try await withOffice(on: backend) { store, office in
      let names = (0..<600).map { "p\($0)" } + ["a-b", "a.b", "a_b", "ab"]
      let users = try names.map { try Self.user($0) }
      try await store.transact { rows in for user in users { _ = try rows.insert(user) } }
      let listed = try await office.list().map(\.id)
      #expect(listed.count == 604 && Set(listed).count == 604)
      #expect(Array(listed.prefix(4)) == ["a-b", "a.b", "a_b", "ab"])
    }
  }
}
