import FlowrexSupport
import TestSupport
import Testing

/// What a process says that cannot start: the place and the way out, and no name of a function.
struct StartTests {
  private func laptop(_ folder: TemporaryFolder, _ ports: [Int]) -> [String: String] {
    [
      "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1", "BACKEND_PORT": "\(ports[0])",
      "METRICS_PORT": "\(ports[1])", "DATABASE_PATH": folder.path(of: "flowrex.sqlite"),
    ]
  }

  @Test(arguments: [("BACKEND_PORT", 0), ("METRICS_PORT", 1)])
  func `a port that somebody else has is named, with its key`(key: String, place: Int)
    async throws
  {
    let taken = try BoundPort()
    defer { taken.release() }
    var ports = try BoundPort.free(2)
    ports[place] = taken.number
    try await withTemporaryFolder { folder in
      let ended = try await Command(variables: laptop(folder, ports)).run("serve")
      #expect(ended.status == 1)
      #expect(
        ended.stderr
          == "refused to start: port \(taken.number) is in use; \(key) names another one\n")
    }
  }

  @Test func `the console says the same`() async throws {
    let taken = try BoundPort()
    defer { taken.release() }
    let free = try BoundPort.free(2)
    let ended = try await Tool.built(
      "flowrex-console", ["serve"],
      environment: [
        "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1",
        "CONSOLE_PORT": "\(taken.number)", "METRICS_PORT": "\(free[0])",
        "API_INSIDE_URL": "http://127.0.0.1:\(free[1])",
        "APP_URL": "http://localhost:\(taken.number)",
      ])
    #expect(ended.status == 1)
    #expect(
      ended.stderr
        == "refused to start: port \(taken.number) is in use; CONSOLE_PORT names another one\n")
  }

  @Test(.covers("S17-HS-05"), arguments: ["serve", "worker"])
  func `who is not ready in time ends and names what it missed`(verb: String) async throws {
    let ports = try BoundPort.free(3)
    try await withTemporaryFolder { folder in
      let variables = laptop(folder, ports).merging([
        "DATABASE_ENGINE": "postgresql", "DATABASE_HOST": "127.0.0.1",
        "DATABASE_PORT": "\(ports[2])", "DATABASE_PASSWORD": "vR7kTq2mXw9Lb4Nz6HcY8Jd",
        "DEPENDENCY_WAIT_SECONDS": "1",
      ]) { $1 }
      let ended = try await Command(variables: variables).run(verb)
      #expect(ended.status == 1)
      #expect(
        ended.stderr.hasSuffix(
          "refused to start: not ready 1 seconds after the start, for want of database; "
            + "DEPENDENCY_WAIT_SECONDS says how long it waits\n"))
    }
  }
}
