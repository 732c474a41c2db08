import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import Ledger
import Synchronization
import TestSupport
import Testing

/// The audit log: added to, never changed, and whoever changed it is seen. (S18-AUD-01, S18-AUD-02)
struct AuditTests {
  private static func entry(_ number: Int) -> AuditEntry {
    AuditEntry(
      .roleChanged, at: Timestamp(microseconds: Int64(number)), actor: "command line",
      subject: "p\(number)", requestID: nil, address: "10.0.0.\(number)", was: "user",
      became: number.isMultiple(of: 2) ? "admin" : nil)
  }

  private func withLog(
    on backend: Backend, entries: Int = 6,
    _ body: (any Store, @escaping @Sendable (String) async throws -> Void) async throws -> Void
  ) async throws {
    try await backend.withEmptyDatabase { database in
      _ = try await Migrator(try Schema.current(), on: database.host).up(
        at: Timestamp(microseconds: 0))
      for number in 0..<entries {
        try await database.store.transact { try $0.append(Self.entry(number + 1)) }
      }
      let host = database.host
      try await body(database.store) { sql in
        try await host.migrating { session in
          try session.transaction { _ = try $0.execute(sql, []) }
        }
      }
    }
  }

  private static let drops: [Backend: [String]] = [
    .postgresql: [
      "ALTER TABLE audit_logs DISABLE TRIGGER USER", "ALTER TABLE audit_head DISABLE TRIGGER USER",
    ],
    .sqliteFile: [
      "DROP TRIGGER audit_logs_stay", "DROP TRIGGER audit_logs_stay_all",
      "DROP TRIGGER audit_head_moves_on", "DROP TRIGGER audit_head_stays",
    ],
  ]

  @Test(arguments: [Backend.sqliteFile, .postgresql])
  func `nobody changes or removes a row`(backend: Backend) async throws {
    try await withLog(on: backend) { store, say in
      var statements = [
        "UPDATE audit_logs SET became = 'admin' WHERE number = 2", "DELETE FROM audit_logs",
        "DELETE FROM audit_logs WHERE number = 6", "UPDATE audit_head SET number = 3",
        "UPDATE audit_head SET hash = 'x'", "DELETE FROM audit_head",
      ]
      if backend == .postgresql { statements += ["TRUNCATE audit_logs", "TRUNCATE audit_head"] }
      for statement in statements {
        let fault = await #expect(throws: StoreFault.self, "\(statement)") {
          try await say(statement)
        }
        #expect(fault?.description.contains("the audit log is added to and never changed") == true)
        #expect(fault?.isTransient == false)
      }
      let head = try await store.transact { try $0.auditHead() }
      #expect(try await AuditVerifier(store).verify() == .whole(head) && head.number == 6)
    }
  }

  /// What somebody does who may switch the triggers off, and what is said of it.
  private static let tampering: [(String, String)] = [
    ("UPDATE audit_logs SET became = 'admin' WHERE number = 3", "audit row 3 was changed"),
    ("UPDATE audit_logs SET was = NULL WHERE number = 3", "audit row 3 was changed"),
    (
      "UPDATE audit_logs SET subject = actor, actor = subject WHERE number = 1",
      "audit row 1 was changed"
    ),
    ("UPDATE audit_logs SET at = at + 1 WHERE number = 5", "audit row 5 was changed"),
    ("UPDATE audit_logs SET hash = 'x' WHERE number = 4", "audit row 4 was changed"),
    (
      "UPDATE audit_logs SET previous = '' WHERE number = 4",
      "audit row 4 does not follow the one before"
    ),
    ("DELETE FROM audit_logs WHERE number = 1", "audit row 1 is missing"),
    ("DELETE FROM audit_logs WHERE number = 4", "audit row 4 is missing"),
    (
      "DELETE FROM audit_logs WHERE number = 6",
      "audit row 6 is missing: the log went on to row 6"
    ),
    ("DELETE FROM audit_logs", "audit row 1 is missing: the log went on to row 6"),
    ("UPDATE audit_logs SET number = 7 WHERE number = 2", "audit row 2 is missing"),
    (
      "UPDATE audit_logs SET number = CASE number WHEN 2 THEN -3 ELSE -2 END WHERE number IN (2, 3)",
      "audit row 2 is missing"
    ),
    ("UPDATE audit_head SET number = 5", "audit row 5 is not the one that was added last"),
    ("UPDATE audit_head SET hash = ''", "audit row 6 is not the one that was added last"),
  ]

  @Test(arguments: [Backend.sqliteFile, .postgresql])
  func `every change is found and the first bad row named`(backend: Backend) async throws {
    for (statement, sentence) in Self.tampering {
      try await withLog(on: backend) { store, say in
        for drop in Self.drops[backend] ?? [] { try await say(drop) }
        try await say(statement)
        let verdict = try await AuditVerifier(store).verify()
        #expect(verdict == .broken(sentence), "\(statement)")
      }
    }
  }

  @Test(arguments: [Backend.sqliteFile, .postgresql])
  func `two rows that changed places are found`(backend: Backend) async throws {
    try await withLog(on: backend) { store, say in
      for drop in Self.drops[backend] ?? [] { try await say(drop) }
      for (from, to) in [(2, 99), (3, 2), (99, 3)] {
        try await say("UPDATE audit_logs SET number = \(to) WHERE number = \(from)")
      }
      let verdict = try await AuditVerifier(store).verify()
      #expect(verdict == .broken("audit row 2 does not follow the one before"))
    }
  }

  @Test(arguments: [Backend.sqliteFile, .postgresql])
  func `a log that was written anew is seen by a head that was kept`(
    backend: Backend
  ) async throws {
    try await withLog(on: backend) { store, say in
      let kept = try await store.transact { try $0.auditHead() }
      #expect(kept.number == 6)
      #expect(AuditHead(text: kept.description) == kept)
      for drop in Self.drops[backend] ?? [] { try await say(drop) }
      try await say("DELETE FROM audit_logs")
      try await say("UPDATE audit_head SET number = 0, hash = ''")
      for number in 1...5 { try await store.transact { try $0.append(Self.entry(number + 1)) } }
      let verifier = AuditVerifier(store)
      let alone = try await verifier.verify()
      let head = try await store.transact { try $0.auditHead() }
      #expect(alone == .whole(head))
      #expect(
        try await verifier.verify(against: kept)
          == .broken("audit row 6 is missing: the head that was kept is 6"))
      for number in 6...7 { try await store.transact { try $0.append(Self.entry(number + 1)) } }
      #expect(
        try await verifier.verify(against: kept)
          == .broken("audit row 6 is not the one whose head was kept"))
    }
  }

  @Test(arguments: Backend.allCases)
  func `entries of many at once stand in one chain without a gap`(backend: Backend) async throws {
    try await withLog(on: backend, entries: 0) { store, _ in
      #expect(try await AuditVerifier(store).verify() == .whole(AuditHead(number: 0, hash: "")))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask { try await store.transact { try $0.append(Self.entry(number)) } }
        }
        try await group.waitForAll()
      }
      // One that is undone leaves no gap.
      struct Undone: Error {}
      await #expect(throws: Undone.self) {
        try await store.transact { rows in
          try rows.append(Self.entry(1))
          throw Undone()
        }
      }
      try await store.transact { try $0.append(Self.entry(41)) }
      guard case .whole(let head) = try await AuditVerifier(store).verify() else {
        Issue.record("the chain is broken")
        return
      }
      #expect(head.number == 41)
    }
  }

  @Test(arguments: [
    "", "1", "1:", ":x", "0:" + String(repeating: "a", count: 64), "1:abc",
    "1:" + String(repeating: "g", count: 64), "1:" + String(repeating: "A", count: 64),
  ])
  func `what is no head is none`(text: String) {
    #expect(AuditHead(text: text) == nil)
  }
}

/// What is heard of a store that is watched. (S04-OBS-11, C-24)
struct ObservedStoreTests {
  private final class Ear: StoreObserver {
    let heard = Mutex<[String]>([])
    func lent(after wait: Duration) { heard.withLock { $0.append("lent") } }
    func returned() { heard.withLock { $0.append("returned") } }
    func timedOut() { heard.withLock { $0.append("timed out") } }
    func ran(for time: Duration, failed: Bool) {
      heard.withLock { $0.append(failed ? "failed" : "ran") }
    }
    func failed() { heard.withLock { $0.append("unreachable") } }
    func kept(_ notes: [StoreNote]) {}
    func take() -> [String] {
      heard.withLock { heard in
        defer { heard = [] }
        return heard
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `loans, statements and their faults are told`(backend: Backend) async throws {
    try await backend.withStore { inner in
      let ear = Ear()
      let store = ObservedStore(inner, ear)
      _ = try await store.transact { try $0.auditHead() }
      #expect(ear.take() == ["lent", "ran", "returned"])
      let account = AccountID(1)
      await #expect(throws: StoreFault.self) {
        try await store.transact { rows in
          // No such account: the database refuses it.
          _ = try rows.insert(
            CashMovement(1, of: account, Amount(1), at: Timestamp(microseconds: 0)))
        }
      }
      #expect(ear.take() == ["lent", "failed", "returned"])
    }
  }

  @Test func `a full pool and a server that is gone are told`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    settings.poolSize = 1
    settings.overflow = 0
    settings.poolWait = .milliseconds(50)
    let inner = PostgresStore(settings)
    defer { inner.close() }
    let ear = Ear()
    let store = ObservedStore(inner, ear)
    let (holds, mayEnd) = (Gate(), Gate())
    let holder = Task {
      try await inner.transact { _ in
        holds.open()
        mayEnd.wait()
      }
    }
    await holds.opened()
    await #expect(throws: StoreFault.self) { try await store.transact { _ in } }
    #expect(ear.take() == ["timed out"])
    mayEnd.open()
    try await holder.value
    var nowhere = settings
    nowhere.host = "/nowhere"
    let gone = PostgresStore(nowhere)
    await #expect(throws: StoreFault.self) { try await ObservedStore(gone, ear).transact { _ in } }
    #expect(ear.take() == ["unreachable"])
  }
}
