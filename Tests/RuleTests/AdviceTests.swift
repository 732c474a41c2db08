import Fixtures
import RuleSupport
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import SlipwayRules
import Testing

/// What a finding tells people to change is what they can change.
struct AdviceTests {
  private func subject(_ environment: Environment<Production>) throws -> Subject {
    let resolution = Resolver.resolve(AnyEnvironment(environment), of: .shop, lock: ImageLock())
    return Subject(environment: try #require(resolution.environment), files: [])
  }

  @Test func `too many connections name the pool that is stated and not another setting`() throws {
    let pool = Setting.poolSize(90, file: "environments/Production.swift", line: 7)
    let other = Setting.statementTimeout(
      .seconds(3), file: "environments/Production.swift", line: 8)
    let broken = try subject(ShopEnvironments.production(settings: [pool, other]))
    let finding = try #require(ConnectionsFitTheServer.findings(in: broken).first)
    let places = finding.written.map { "\($0.line) \($0.argument ?? "")" }
    #expect(finding.written.first?.argument == "maxConnections")
    #expect(places.contains("7 ") && !places.contains("8 "), "\(places)")
    #expect(!finding.written.contains { $0.argument == "overriding" }, "\(places)")
    #expect(finding.written.last?.argument == "replicas")
    #expect(
      finding.fix == "raise `maxConnections:`, lower `replicas:`, or lower "
        + "`DATABASE_POOL_SIZE` in `overriding:`")
  }

  @Test func `a difference names the line to add and the file that has its like`() throws {
    var environments = try Clean.generation().parts.compactMap(\.environment)
    // Another statement timeout, in one environment.
    try #require(DifferencesAreDeclared.breakers.first).edit(&environments)
    let finding = try #require(DifferencesAreDeclared.findings(in: environments).first)
    let list = try #require(Project.shop.differences.first?.origin.shortFile)
    #expect(list == "Fixtures/ShopEnvironments.swift")
    #expect(
      finding.fix == "make them the same, or add "
        + "`.setting(\"STATEMENT_TIMEOUT_SECONDS\", because: …)` to \(list)")
  }

  @Test func `a file of a specification is named from its folder on`() {
    let place = Origin(file: "/home/a/r/environments/Platform/Differences.swift", line: 1)
    #expect(place.shortFile == "environments/Platform/Differences.swift")
  }

  @Test func `what all environments say is said once, with all their names`() throws {
    let component = Component(
      "thing", image: .shop, runs: [], ports: [Port("http", 70_000, reach: .edge)],
      health: .command(
        "true", every: .seconds(1), within: .seconds(1), startingWithin: .seconds(1)),
      keys: [], reads: [], needs: [], stopsWithin: .seconds(1))
    let environments = ["first", "second"].map { name in
      AnyEnvironment(
        Environment<Development>(
          name, cluster: .thisMachine(.cpus(4, memory: .gibibytes(8))),
          configuration: Configuration(stating: []),
          runs: [
            .run(
              component, limit: .cpus(1, memory: .gibibytes(1)),
              reserve: .cpus(0.1, memory: .mebibytes(64)), source: .checkout)
          ], edge: nil, database: nil, redis: nil, secrets: .madeUp, backups: .none,
          monitoring: Monitoring(
            on: "localhost", keeps: .days(2), storage: .gibibytes(1), prometheus: .small,
            alertmanager: .small, grafana: .small, exporters: .small),
          receivers: .pageOnly, watches: Observability(alerts: [], dashboards: []),
          delivery: .byHand))
    }
    let generation = Generator(
      project: .shop, lock: ImageLock(), inputs: EmitterInputs(templates: try Clean.templates())
    ).generate(environments)
    #expect(generation.findings.map(\.rule) == ["spec/ports-exist"])
    #expect(generation.findings.map(\.environment) == ["first, second"])
  }
}
