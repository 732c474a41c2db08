import FlowrexContract
import FlowrexSupport
import Glibc
import ServiceContract
import TestSupport
import Testing

/// `flowrex worker` as the contract has it, and as the engine ends it. (S18-ARCH-12)
@Suite(.serialized) struct WorkerProcessTests {
  /// Variables of a new database with its schema.
  private func database() async throws -> [String: String] {
    var variables = try await TCPPostgres.server().variables()
    variables["ENVIRONMENT"] = "development"
    variables["LEADER_LOCK_SECONDS"] = "5"
    #expect(try await Command(variables: variables).run("migrate", "up").status == 0)
    return variables
  }

  @Test(.covers("S17-CL-OBS-03", "S04-OBS-01", "S17-MET-08"))
  func `it exports the contract's metrics, each series at zero from the start`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "flowrex.sqlite")
      #expect(try await Command.onFile(path).run("migrate", "up").status == 0)
      try await RunningWorker.run(["DATABASE_PATH": path]) { worker in
        let text = try await worker.metrics()
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
          .map { $0.split(separator: " ")[2...3].joined(separator: " ") }
        let families = Program.worker.metrics
        #expect(Set(types) == Set(families.map { "\($0.name) \($0.kind.rawValue)" }))
        for family in families {
          for label in family.labels {
            guard let values = label.values else { continue }
            for value in values {
              #expect(text.contains("\(label.name)=\"\(value)\""), "\(family.name) \(value)")
            }
          }
        }
      }
    }
  }

  @Test(.covers("C-05", "S18-EP-01", "S18-EP-02", "S18-EP-03"))
  func `its one port answers the contract's inside routes and no other`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "flowrex.sqlite")
      #expect(try await Command.onFile(path).run("migrate", "up").status == 0)
      try await RunningWorker.run(["DATABASE_PATH": path]) { worker in
        for route in Program.worker.insideRoutes {
          #expect(await worker.ask(route.path)?.status == 200, "\(route.path)")
        }
        for route in Program.backend.routes
        where route.method == .get && !Program.worker.insideRoutes.contains(route) {
          #expect(await worker.ask(route.path)?.status == 404, "\(route.path)")
        }
        let ports = try worker.listeningPorts()
        #expect(ports == [worker.metricsPort])
        // The engine's question, as the container asks it: there is no BACKEND_PORT.
        let health = Command(variables: [
          "ENVIRONMENT": "development", "METRICS_PORT": "\(worker.metricsPort)",
        ])
        #expect(try await health.run("healthcheck").status == 0)
      }
    }
  }

  @Test func `it waits for its schema, and is ready with it`() async throws {
    var variables = try await TCPPostgres.server().variables()
    variables["ENVIRONMENT"] = "development"
    let command = Command(variables: variables)
    try await RunningWorker.run(variables, wasReady: false) { worker in
      #expect(await worker.ask("/health/ready")?.status == 503)
      let failed = #"job_runs_total{job_name="outbox",outcome="failed"}"#
      #expect(try await worker.metric(failed) == 0)
      #expect(try await command.run("migrate", "up").status == 0)
      try await worker.awaitHealth()
      #expect(await worker.ask("/health/ready")?.status == 200)
    }
  }

  @Test(.covers("S18-ARCH-12"))
  func `a killed worker's jobs are another's, and one that ends gives them back`() async throws {
    let variables = try await database()
    try await RunningWorker.run(variables) { first in
      try await awaitLead(first)
      try await RunningWorker.run(variables) { second in
        for job in JobName.allCases where job != .candles {
          #expect(try await !second.leads(job.rawValue), "\(job)")
        }
        first.signal(SIGKILL)
        _ = try await first.awaitEnd()
        try await awaitLead(second)
        try await RunningWorker.run(variables) { third in
          second.signal(SIGTERM)
          #expect(try await second.awaitEnd() == 0)
          #expect(second.logText.contains("\"message\":\"ended\""))
          try await awaitLead(third)
        }
      }
    }
  }

  /// A bound for hanging; how long it takes is for the tests of the lease.
  private func awaitLead(_ worker: RunningWorker) async throws {
    for _ in 0..<600 where try await !worker.leads("outbox") {
      try await Task.sleep(for: .milliseconds(100))
    }
    for job in JobName.allCases where job != .candles {
      #expect(try await worker.leads(job.rawValue), "\(job)")
    }
  }

  @Test(.covers("S17-SEC-14", "S17-ENV-03"))
  func `what is wrong with its configuration is said before it opens a port`() async throws {
    let refused = try await Command(variables: [
      "ENVIRONMENT": "development", "LEADER_LOCK_SECONDS": "2", "OUTBOX_BATCH_SIZE": "0",
      "TRADING_MODE": "live",
    ]).run("worker")
    #expect(refused.status == 78)
    for name in ["LEADER_LOCK_SECONDS", "OUTBOX_BATCH_SIZE", "TRADING_MODE"] {
      #expect(refused.stderr.contains("  \(name): "), "\(refused)")
    }
  }
}
