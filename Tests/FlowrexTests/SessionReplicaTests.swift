import FlowrexSupport
import TestSupport
import Testing

/// Two real replicas on one PostgreSQL, each of which remembers who was confirmed a moment ago.
/// (decision 41)
@Suite(.serialized) struct SessionReplicaTests {
  private static let status = "/api/v1/reconciliation/status"
  /// Both sign with it: who has none draws its own.
  private static let key = "Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6UuTiKoWqBrDx"
  private static let email = "ann@example.com"

  private func withReplicas(
    _ body: (RunningService, RunningService, Command) async throws -> Void
  ) async throws {
    var variables = try await TCPPostgres.server().variables()
    variables.merge(["ENVIRONMENT": "development", "JWT_SECRET_KEY": Self.key]) { $1 }
    let command = Command(variables: variables)
    #expect(try await command.run("migrate", "up").status == 0)
    // No administrator, whose every request is written down.
    let made = try await command.run(
      "user", "create", Self.email, input: RunningService.password + "\n")
    #expect(made.status == 0, "\(made)")
    try await RunningService.run(variables) { one in
      try await RunningService.run(variables) { other in try await body(one, other, command) }
    }
  }

  private func signedIn(_ service: RunningService) async throws -> RunningService.SignedIn {
    let answer = try #require(
      await service.ask("POST", "/api/v1/auth/login", body: RunningService.signIn(Self.email)))
    #expect(answer.status == 200, "\(answer)")
    return try service.signedIn(answer)
  }

  private func status(_ service: RunningService, _ bearer: String) async -> Int? {
    await service.ask("GET", Self.status, [bearer])?.status
  }

  /// The bound is for what never comes.
  private func awaitRefusal(_ service: RunningService, _ bearer: String) async throws {
    for _ in 0..<1_200 {
      if await status(service, bearer) == 401 { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    Issue.record("it is still believed")
  }

  @Test(.covers("S03-MET-02", "S03-ARCH-13"))
  func `who works costs the database next to nothing`() async throws {
    try await withReplicas { one, _, _ in
      let person = try await signedIn(one)
      let series = #"database_queries_total{pool="primary"}"#
      var fewest = Int.max
      // The first hundred may come before the bell is heard.
      for _ in 1...5 where fewest >= 100 {
        let before = try #require(try await one.metric(series))
        for _ in 1...200 { #expect(await status(one, person.bearer) == 200) }
        fewest = min(fewest, try #require(try await one.metric(series)) - before)
      }
      // Each request asked once before; what is left is the process's own looks around.
      #expect(fewest < 100)
    }
  }

  @Test(.covers("S04-AUTH-10", "S04-AUTH-12", "C-02"))
  func `who signed out is out at once here, and elsewhere when it is told`() async throws {
    try await withReplicas { one, other, command in
      let people = [
        try await signedIn(one), try await signedIn(one), try await signedIn(one),
      ]
      for person in people {
        for service in [one, other] { #expect(await status(service, person.bearer) == 200) }
      }
      let out = await one.ask("POST", "/api/v1/auth/logout", [people[0].bearer])
      #expect(out?.status == 204)
      #expect(await status(one, people[0].bearer) == 401)
      try await awaitRefusal(other, people[0].bearer)
      // A stolen refresh token, twice at the other replica.
      let headers = ["Cookie: \(people[1].cookie)", "X-Requested-With: flowrex"]
      let first = try #require(await other.ask("POST", "/api/v1/auth/refresh", headers))
      let next = try other.signedIn(first)
      let nextHeaders = ["Cookie: \(next.cookie)", "X-Requested-With: flowrex"]
      #expect(await other.ask("POST", "/api/v1/auth/refresh", nextHeaders)?.status == 200)
      #expect(await other.ask("POST", "/api/v1/auth/refresh", headers)?.status == 401)
      #expect(await status(other, people[1].bearer) == 401)
      try await awaitRefusal(one, people[1].bearer)
      // A command is no replica.
      #expect(await status(one, people[2].bearer) == 200)
      #expect(try await command.run("user", "end-sessions").status == 0)
      for service in [one, other] { try await awaitRefusal(service, people[2].bearer) }
    }
  }
}
