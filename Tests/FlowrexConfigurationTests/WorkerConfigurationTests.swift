import FlowrexConfiguration
import FlowrexContract
import Foundation
import ServiceContract
import TestSupport
import Testing

@Suite struct WorkerConfigurationTests {
  private func read(_ surroundings: Surroundings) throws -> WorkerConfiguration {
    let secrets = surroundings.secrets
    return try WorkerConfiguration.read(surroundings.variables) { _, name in
      secrets[name].map { Array($0.utf8) }
    }
  }

  private func problems(_ surroundings: Surroundings) -> [String] {
    do {
      _ = try read(surroundings)
      return []
    } catch let refused as ConfigurationRefused {
      return refused.problems.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test(.covers("S17-INT-02", "S18-ARCH-12"), arguments: [Surroundings.production, .laptop])
  func `a worker reads what the contract says, no more and no less`(
    _ surroundings: Surroundings
  ) throws {
    let configuration = try read(surroundings)
    #expect(configuration.keysRead == Set(Program.worker.keys.map(\.name)))
    #expect(configuration.secretsRead == Set(Program.worker.secrets.map(\.name)))
  }

  @Test func `what nobody says is the contract's`() throws {
    let work = try read(.laptop).settings.work
    #expect(work.outbox == Setting.outboxInterval.default)
    #expect(work.leaderLock == Setting.leaderLock.default)
    #expect(work.candle == Setting.candleInterval.default)
    #expect(WorkSettings.standard.guards == Setting.guardInterval.default)
    #expect(WorkSettings.standard.reconciliationBatch == Setting.reconciliationBatch.default)
  }

  @Test(.covers("S17-SEC-14", "C-35", "C-60"))
  func `production refuses a worker what it refuses the API`() {
    let wrong = [
      ("DATABASE_ENGINE", "sqlite"), ("DATABASE_TLS", "disable"), ("REDIS_ENGINE", "memory"),
      ("REDIS_TLS", "false"), ("LOG_FORMAT", "text"), ("TRADING_MODE", "simulated"),
      ("LEADER_LOCK_SECONDS", "4"), ("DATABASE_POOL_WAIT_SECONDS", "9"),
      ("FLOWREX_TYPO", "1"), ("RECONCILIATION_BATCH_SIZE", "0"),
    ]
    for (name, value) in wrong {
      let said = problems(Surroundings.production.stating(name, value))
      let named = name == "DATABASE_POOL_WAIT_SECONDS" ? "UPSTREAM_TIMEOUT_SECONDS" : name
      #expect(said.contains { $0.hasPrefix(named + ": ") }, "\(name) \(said)")
    }
    #expect(problems(.production) == [])
    #expect(
      problems(Surroundings.production.holding("database-password", nil)) == [
        "DATABASE_PASSWORD: no file 'database-password' in SECRETS_DIRECTORY"
      ])
  }

  /// What our own generator writes is what our own worker takes.
  @Test(.covers("S17-INT-02", "S17-CL-ENV-06"), arguments: ["staging", "prod"])
  func `the generated environment is one that the worker starts with`(name: String) async throws {
    let script = """
      import json, sys, yaml
      services = yaml.safe_load(open(sys.argv[1]))["services"]
      print(json.dumps(services["worker"]["environment"]))
      """
    let output = try await Tool.run(
      "python3", ["-c", script, "\(packageRoot)/generated/\(name)/docker-compose.yml"])
    #expect(output.status == 0, "\(output)")
    let stated = try JSONDecoder().decode([String: String].self, from: Data(output.stdout.utf8))
    var surroundings = Surroundings.production
    surroundings.variables = stated
    for stamp in Bindings.flowrex.stamps { surroundings.variables[stamp.key] = "1" }
    let configuration = try read(surroundings)
    #expect(Set(stated.keys).subtracting(configuration.keysRead) == [])
  }
}
