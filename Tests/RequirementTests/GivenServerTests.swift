import Foundation
import TestSupport
import Testing

/// Servers of the locked versions, where somebody gives them, as CI does: other suites start the
/// machine's own, which are older. What our files say must be known to these. (S17-CI-05)
struct GivenServerTests {
  static let given = ProcessInfo.processInfo.environment
  static let hasServers = given["DATABASE_HOST"] != nil && given["REDIS_STATE_HOST"] != nil

  private func value(_ name: String) throws -> String {
    try #require(Self.given[name], "\(name) is not given")
  }

  private func ask(_ words: [String], _ variables: [String] = []) async throws -> [String] {
    let output = try await Tool.run("busybox", ["env"] + variables + words)
    try #require(output.status == 0, "\(output)")
    return output.stdout.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func query(_ text: String) async throws -> [String] {
    try await ask(
      [
        "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set",
        "ON_ERROR_STOP=1", "--host", value("DATABASE_HOST"), "--port", value("DATABASE_PORT"),
        "--username", value("DATABASE_USER"), "--dbname", value("DATABASE_NAME"), "--command", text,
      ], ["PGPASSWORD=\(value("DATABASE_PASSWORD"))", "PGCONNECT_TIMEOUT=20"]
    ).filter { !$0.isEmpty }
  }

  private func command(_ words: [String]) async throws -> [String] {
    try await ask(
      ["redis-cli", "-h", value("REDIS_STATE_HOST"), "-p", value("REDIS_PORT")] + words
    ).filter { !$0.isEmpty }
  }

  @Test(
    .enabled(if: hasServers, "no servers are given; elsewhere the machine's own are used"))
  func `PostgreSQL of the locked version knows every setting, and takes a row`() async throws {
    let dockerfile = try generated("docker/flowrex-postgres.Dockerfile")
    let locked = try #require(dockerfile.firstMatch(of: /library\/postgres:(\d+)\./)?.output.1)
    let number = try #require(try await query("SHOW server_version_num").first)
    #expect(number.hasPrefix(locked) && number.count == locked.count + 4, "\(number)")
    let known = Set(try await query("SELECT name FROM pg_settings"))
    for environment in Deployed.all {
      for name in try environment.settings("postgres/postgresql.conf").keys where name != "#" {
        #expect(known.contains(name), "\(environment.name): \(name)")
      }
    }
    let row = try await query(
      "BEGIN; CREATE TEMPORARY TABLE given (n int); INSERT INTO given VALUES (42);"
        + " SELECT n FROM given; ROLLBACK")
    #expect(row == ["42"])
  }

  @Test(
    .enabled(if: hasServers, "no servers are given; elsewhere the machine's own are used"))
  func `Redis of the locked version knows every setting, and keeps a value`() async throws {
    let about = try await command(["INFO", "server"])
    let version = about.first { $0.hasPrefix("redis_version:") }
    #expect(version?.hasPrefix("redis_version:7.") == true, "\(about)")
    // Words of the file alone: nobody can ask for them.
    let unasked: Set = ["include", "rename-command"]
    for environment in Deployed.all {
      for store in ["redis-cache", "redis-state"] {
        let names = Set(try environment.settings("\(store)/redis.conf").keys)
        for name in names.subtracting(unasked).sorted() {
          let answer = try await command(["CONFIG", "GET", name])
          #expect(answer.first == name, "\(environment.name) \(store): \(name)")
        }
      }
    }
    let key = "given:\(ProcessInfo.processInfo.processIdentifier)"
    #expect(try await command(["SET", key, "42", "EX", "60"]) == ["OK"])
    #expect(try await command(["GETDEL", key]) == ["42"])
  }
}
