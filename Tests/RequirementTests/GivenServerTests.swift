import Foundation
import TestSupport
import Testing

/// A PostgreSQL and a Redis know what our files say. Where somebody gives servers of the locked
/// versions, as CI does, they are asked; elsewhere the machine's own, which may be older: no test
/// is left out. (S17-CI-05)
struct GivenServerTests {
  private static let given = ProcessInfo.processInfo.environment

  /// What a store said: `version`, `knows` and `keeps`, each with what belongs to it.
  private func answers(of store: String) async throws -> [String: [String]] {
    let output = try await Tool.program(
      "\(packageRoot)/Tests/RequirementTests/stand-ins/ask-servers",
      ["\(packageRoot)/.tools/bin", store], timeout: .seconds(240))
    try #require(output.status == 0, "\(output)")
    let lines = output.stdout.split(separator: "\n").compactMap { line -> (String, String)? in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      return words.count == 2 ? (words[0], words[1]) : nil
    }
    return Dictionary(grouping: lines, by: \.0).mapValues { $0.map(\.1) }
  }

  @Test(.covers("S17-CI-05"))
  func `PostgreSQL knows every setting, and takes a row`() async throws {
    let answers = try await answers(of: "postgres")
    let number = try #require(answers["version"]?.first.flatMap(Int.init))
    if Self.given["DATABASE_HOST"] != nil {
      let dockerfile = try generated("docker/flowrex-postgres.Dockerfile")
      let locked = try #require(dockerfile.firstMatch(of: /library\/postgres:(\d+)\./)?.output.1)
      #expect(String(number / 10_000) == locked)
    }
    // The server calls one of them `TimeZone`, and takes it in any letters.
    let known = Set((answers["knows"] ?? []).map { $0.lowercased() })
    #expect(known.count > 300)
    for environment in Deployed.all {
      let names = try environment.settings("postgres/postgresql.conf").keys.filter { $0 != "#" }
      #expect(names.count > 20)
      for name in names { #expect(known.contains(name), "\(environment.name): \(name)") }
    }
    #expect(answers["keeps"] == ["42"])
  }

  @Test(.covers("S17-CI-05"))
  func `Redis knows every setting, and keeps a value`() async throws {
    let answers = try await answers(of: "redis")
    #expect(answers["version"]?.first?.hasPrefix("7.") == true, "\(answers["version"] ?? [])")
    let known = Set(answers["knows"] ?? [])
    #expect(known.count > 100)
    // Words of the file alone: nobody can ask for them.
    let unasked: Set = ["include", "rename-command"]
    for environment in Deployed.all {
      for store in ["redis-cache", "redis-state"] {
        let names = Set(try environment.settings("\(store)/redis.conf").keys)
        #expect(names.count > 5)
        for name in names.subtracting(unasked).sorted() {
          #expect(known.contains(name), "\(environment.name) \(store): \(name)")
        }
      }
    }
    #expect(answers["keeps"] == ["42"])
  }
}
