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
      let people = StoredPeople(store)
      try await people.begin(Session(id: "s", user: "ann", expiresAt: 900), digest: "d")
      #expect(try await office.set(.admin, at: ann.email) == 1)
      #expect(try await !people.isLive(session: "s", now: 1))
      // Nothing changes, nothing is written.
      #expect(try await office.set(.admin, at: ann.email) == 0)
      #expect(try await office.set(passwordHash: "other", at: ann.email) == 0)
      #expect(try await people.user(id: "ann")?.passwordHash == "other")
      let rows = try await log(store)
      func row(_ action: String, _ was: String?, _ became: String?) -> [String?] {
        ["7", action, "command line", "ann", nil, nil, was, became]
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
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { try await office.ensureFirst(passwordHash: "one") } }
        try await group.waitForAll()
      }
      let people = StoredPeople(store)
      try await people.begin(Session(id: "s", user: "admin", expiresAt: 900), digest: "d")
      try await office.ensureFirst(passwordHash: "one")
      #expect(try await people.isLive(session: "s", now: 1))
      try await office.ensureFirst(passwordHash: "two")
      #expect(try await !people.isLive(session: "s", now: 1))
      #expect(try await people.user(id: "admin")?.passwordHash == "two")
      #expect(try await log(store).map { $0[1] } == ["user_created", "password_reset"])
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
