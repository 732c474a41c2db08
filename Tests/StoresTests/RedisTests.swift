import TestSupport
import Testing

/// Both Redis servers, run as they are generated, on the real server. (C-37, C-38, S04-DB-01)
struct RedisTests {
  private static let runs = Subject.allCases.map { subject in
    (
      subject,
      Task {
        let machines = Machines(
          environment: try subject.resolved(), services: ["redis-cache", "redis-state"])
        return try await machines.facts(
          subject == .production ? "redis-scenario.sh" : "redis-plain-scenario.sh")
      }
    )
  }

  private func facts(_ subject: Subject) async throws -> Facts {
    let run = try #require(Self.runs.first { $0.0 == subject })
    let facts = try await run.1.value
    try #require(facts["end"] == "yes", facts.story)
    return facts
  }

  @Test(.covers("S03-STEP-04"), arguments: Subject.allCases)
  func `both servers start and their own health checks agree`(subject: Subject) async throws {
    let facts = try await facts(subject)
    #expect(facts["redis-cache-healthy"] == "yes", facts.story)
    #expect(facts["redis-state-healthy"] == "yes", facts.story)
  }

  @Test(.covers("S04-RL-02", "C-38"), arguments: Subject.allCases)
  func `nobody is answered without the password`(subject: Subject) async throws {
    let facts = try await facts(subject)
    #expect(facts["without-password"]?.contains("NOAUTH") == true, facts.story)
  }

  @Test(.covers("C-37"), arguments: Subject.allCases)
  func `commands that empty a server or stop the world do not exist`(subject: Subject) async throws
  {
    let facts = try await facts(subject)
    for command in ["FLUSHALL", "FLUSHDB", "KEYS", "DEBUG"] {
      #expect(facts["command-\(command)"]?.contains("unknown command") == true, facts.story)
    }
  }

  @Test(.covers("C-60"))
  func `in production there is no port without encryption`() async throws {
    let facts = try await facts(.production)
    #expect(facts["without-encryption"] != "PONG")
    #expect(facts["another-authority"]?.contains("PONG") == false)
  }

  @Test(.covers("C-37"))
  func `the cache forgets the oldest, the state refuses to forget`() async throws {
    let facts = try await facts(.production)
    #expect(facts["redis-cache-policy"] == "allkeys-lru 134217728")
    #expect(facts["redis-state-policy"] == "noeviction 134217728")
  }

  @Test(.covers("S17-ENV-18", "S18-ARCH-16"))
  func `what the state was told survives a kill, what the cache was told need not`()
    async throws
  {
    let facts = try await facts(.production)
    #expect(facts["redis-state-after-kill"] == "kept")
    #expect(facts["redis-cache-after-kill"] == "")
    #expect(facts["redis-state-files"]?.contains("appendonlydir") == true)
  }

  @Test func `a health check fails while the server does not answer`() async throws {
    #expect(try await facts(.production)["healthy-while-stopped"] == "no")
  }
}
