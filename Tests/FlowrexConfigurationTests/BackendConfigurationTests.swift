import FlowrexConfiguration
import FlowrexContract
import Foundation
import ServiceContract
import TestSupport
import Testing

@Suite struct BackendConfigurationTests {
  @Test(.covers("S17-CL-ENV-06", "S17-INT-02", "S17-SEC-08", "S17-SEC-12"))
  func `production's variables and secrets are read`() throws {
    let settings = try Surroundings.production.read().settings
    #expect(settings.process.stage == .production)
    #expect(settings.process.logLevel == .info)
    #expect(settings.life.drainAccept == .seconds(3))
    #expect(settings.life.drain == .seconds(20))
    #expect(settings.redis.timeout == .milliseconds(50))
    #expect(settings.database.host == "postgres-primary")
    #expect(settings.replicas.hosts.map(\.text) == ["postgres-replica-1", "postgres-replica-2"])
    #expect(settings.risk.orderValue == .usd(250_000))
    #expect(settings.api.accessLife == .minutes(15))
    #expect(settings.api.refreshLife == .days(7))
    #expect(settings.people.maxBody == .mebibytes(10))
    #expect(!settings.people.debug)
  }

  @Test(.covers("S17-ENV-04", "S17-SEC-02"))
  func `a laptop needs to say only that it is one`() throws {
    let settings = try Surroundings.laptop.read().settings
    #expect(settings.database.engine == .sqlite)
    #expect(settings.redis.engine == .memory)
    #expect(settings.process.logFormat == .text)
    #expect(settings.people.debug)
  }

  @Test(arguments: [Surroundings.production, .laptop])
  func `what is read is what the contract says, no more and no less`(
    _ surroundings: Surroundings
  ) throws {
    let configuration = try surroundings.read()
    #expect(configuration.keysRead == Set(Program.backend.keys.map(\.name)))
    #expect(configuration.secretsRead == Set(Program.backend.secrets.map(\.name)))
  }

  @Test(.covers("S17-SEC-07", "C-06"))
  func `without an environment nothing starts`() {
    var nothing = Surroundings.laptop
    nothing.variables = [:]
    #expect(nothing.problems == ["ENVIRONMENT: is not set"])
  }

  @Test(arguments: ["dev", "prod", "development", "staging", "production"])
  func `the known names of environments are understood`(name: String) {
    let problems = Surroundings.production.stating("ENVIRONMENT", name).problems
    #expect(!problems.contains { $0.hasPrefix("ENVIRONMENT") })
  }

  @Test(
    .covers("C-06", "S17-SEC-07"), arguments: ["", "Production", "stage", "test", "prod ", "live"])
  func `an unknown environment is refused`(name: String) {
    #expect(
      Surroundings.laptop.stating("ENVIRONMENT", name).problems == [
        "ENVIRONMENT: expected one of `development`, `staging`, `production`"
      ])
  }

  @Test(.covers("S17-SEC-14", "S17-CL-ENV-05", "S17-SEC-06"))
  func `everything that is missing is said at once, by name only`() throws {
    var bare = Surroundings.production
    bare.variables = ["ENVIRONMENT": "production"]
    bare.secrets = [:]
    let problems = bare.problems
    let named = Set(problems.map { String($0.prefix { $0 != ":" }) })
    let stated = Program.backend.keys.filter { $0.defaultText == nil }.map(\.name)
    #expect(named.isSuperset(of: Set(stated).subtracting(["ENVIRONMENT"])))
    // Nobody knows without the engine whether a reader's password is needed.
    let secrets = Program.backend.secrets.map(\.name).filter { $0 != "DATABASE_READER_PASSWORD" }
    #expect(named.isSuperset(of: secrets.filter { $0.contains("KEY") || $0.contains("HASH") }))
    #expect(problems.contains("JWT_SECRET_KEY: no file 'jwt-secret-key' in SECRETS_DIRECTORY"))
    #expect(Set(problems.map { $0.prefix { $0 != ":" } }).count == problems.count)
  }

  @Test func `the sentence counts the problems`() {
    let one = Surroundings.laptop.stating("WS_MAX_CONNECTIONS", "many")
    #expect(throws: ConfigurationRefused.self) { try one.read() }
    do { _ = try one.read() } catch {
      #expect(
        "\(error)" == """
          refused to start: 1 problem
            WS_MAX_CONNECTIONS: expected whole number

          """)
    }
  }

  /// What our own generator writes is what our own service takes: neither knows the other, and
  /// this test is where they meet.
  @Test(.covers("S17-INT-02", "S17-CL-ENV-06"), arguments: ["staging", "prod"])
  func `the generated environment is one that the service starts with`(name: String) async throws {
    let script = """
      import json, sys, yaml
      services = yaml.safe_load(open(sys.argv[1]))["services"]
      print(json.dumps(services["backend"]["environment"]))
      """
    let output = try await Tool.run(
      "python3", ["-c", script, "\(packageRoot)/generated/\(name)/docker-compose.yml"])
    #expect(output.status == 0, "\(output)")
    let stated = try JSONDecoder().decode([String: String].self, from: Data(output.stdout.utf8))
    #expect(stated.count > 20)
    var surroundings = Surroundings.production
    surroundings.variables = stated
    for stamp in Bindings.flowrex.stamps {
      #expect(stated[stamp.key] == nil, "the image states it")
      surroundings.variables[stamp.key] = "1"
    }
    let configuration = try surroundings.read()
    #expect(Set(stated.keys).subtracting(configuration.keysRead) == [])
  }
}
