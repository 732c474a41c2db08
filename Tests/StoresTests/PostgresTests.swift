import TestSupport
import Testing

/// A primary and its replica, run as they are generated, on the real server. (F17, F18, C-60)
struct PostgresTests {
  /// One run for all tests: it takes seconds, and nothing in it is changed by looking.
  private static let production = Task {
    var machines = Machines(
      environment: try Subject.production.resolved(),
      services: ["postgres-primary", "postgres-replica-1"])
    // The object store is a folder here; everything else of the archive is as generated.
    machines.variables = ["PGBACKREST_REPO1_TYPE=posix", "PGBACKREST_REPO1_PATH=/repo"]
    // What a password file and SQL would take for their own signs.
    machines.values = [
      "postgres-replication-password": #"re:pl\ica'te "on" $HOME 100%"#,
      "database-password": #"o'w\n"er;--$1"#,
    ]
    return try await machines.facts("postgres-scenario.sh")
  }

  private func facts() async throws -> Facts {
    let facts = try await Self.production.value
    try #require(facts["end"] == "yes", facts.story)
    return facts
  }

  @Test func `the server takes every line of its files`() async throws {
    let facts = try await facts()
    #expect(facts["hba-errors"] == "0")
    #expect(facts["setting-errors"] == "0")
    #expect(
      facts["settings"] == """
        archive_timeout=1min data_checksums=on hot_standby_feedback=on \
        log_parameter_max_length=0 max_connections=200 max_slot_wal_keep_size=16GB \
        shared_buffers=4GB ssl=on
        """, facts.story)
  }

  @Test func `each role may do its work and nothing else`() async throws {
    let facts = try await facts()
    #expect(
      facts["roles"] == """
        postgres:true:true:true shop:false:false:false shop_reader:false:false:false \
        slipway_exporter:false:false:false slipway_replication:false:true:false
        """)
    #expect(facts["owner"] == "shop")
    #expect(facts["owner-writes"]?.contains("INSERT 0 1") == true)
    #expect(facts["reader-reads"] == "1")
    #expect(facts["reader-hidden"]?.contains("permission denied for table users") == true)
    #expect(facts["reader-writes"]?.contains("permission denied for table orders") == true)
    #expect(facts["exporter-monitors"] == "t")
    #expect(
      facts["exporter-elsewhere"]?.contains("no pg_hba.conf entry") == true
        || facts["exporter-elsewhere"]?.contains("pg_hba.conf rejects connection") == true)
  }

  @Test func `passwords are salted, and a wrong one does not open`() async throws {
    let facts = try await facts()
    #expect(facts["passwords-scram"] == "t")
    #expect(facts["wrong-password"]?.contains("password authentication failed") == true)
  }

  @Test(.covers("C-60", "S04-DB-06"))
  func `nobody connects without encryption, or believes another authority`() async throws {
    let facts = try await facts()
    #expect(facts["without-encryption"]?.contains("pg_hba.conf rejects connection") == true)
    #expect(facts["another-authority"]?.contains("certificate verify failed") == true)
    #expect(facts["key-mode"] == "600:999")
    #expect(facts["replica-encrypted"] == "t")
  }

  @Test(.covers("S18-ARCH-05", "S18-CL-INF-06"))
  func `a replica copies its primary and follows it through a slot`() async throws {
    let facts = try await facts()
    #expect(facts["replica-follows"] == "yes")
    #expect(facts["replica-known"] == "postgres-replica-1 streaming")
    #expect(facts["slot"] == "postgres_replica_1 true")
    #expect(facts["replica-writes"]?.contains("read-only transaction") == true)
  }

  @Test func `a replica that lost its slot catches up from the archive`() async throws {
    let facts = try await facts()
    #expect(facts["stanza"] == "created")
    #expect(facts["archive-works"] == "t", facts.story)
    #expect(facts["replica-recovers"] == "yes")
    #expect(facts["slot-made-again"] == "yes")
    #expect(Int(facts["archive-read"] ?? "0") ?? 0 > 0)
  }

  @Test(.covers("S04-AUTH-06"))
  func `another version of a password reaches the server when it starts`() async throws {
    let facts = try await facts()
    #expect(facts["new-password"] == "opens", facts.story)
    #expect(
      facts["old-password"]?.contains("password authentication failed") == true,
      "\(facts["old-password"] ?? "nothing")")
  }

  @Test func `a promoted replica's data stays a primary's, under that name only`() async throws {
    let facts = try await facts()
    #expect(
      facts["promoted-as-replica"] == """
        1 error: this is a primary's data; it gets a copy by scripts/rejoin postgres-replica-1
        """, facts.story)
    #expect(facts["promoted-stays-primary"] == "yes")
    #expect(facts["promoted-writes"] == "INSERT 0 1")
  }

  @Test func `no password reaches a log`() async throws {
    #expect(try await facts()["password-in-log"] == nil)
  }

  @Test func `a developer's server needs no certificate and no archive`() async throws {
    let machines = Machines(
      environment: try Subject.development.resolved(), services: ["postgres-primary"])
    let facts = try await machines.facts("postgres-plain-scenario.sh")
    try #require(facts["end"] == "yes", facts.story)
    #expect(facts["owner-writes"]?.contains("INSERT 0 1") == true)
    #expect(facts["archive-mode"] == "off")
  }
}
