import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import Testing

/// One cause, one finding: whoever reads two mends one, and looks for the other.
struct CauseTests {
  private func findings(
    publishing ports: Int..., times: Int = 1, grafana: Int = 3001, settings: [Setting] = []
  ) -> [Finding] {
    let run = Run<Development>.run(
      .pages, limit: .cpus(1, memory: .gibibytes(1)),
      reserve: .cpus(0.1, memory: .mebibytes(64)), source: .checkout,
      publishes: ports.map { .loopback($0) })
    let environment = Environment<Development>(
      "dev", cluster: .thisMachine(.cpus(4, memory: .gibibytes(8))),
      configuration: Configuration(stating: settings),
      runs: Array(repeating: run, count: times), edge: nil, database: nil, redis: nil,
      secrets: .madeUp, backups: .none,
      monitoring: Monitoring(
        on: "localhost", keeps: .days(2), storage: .gibibytes(1), prometheus: .small,
        alertmanager: .small, grafana: .small, exporters: .small,
        publishes: [.loopback(grafana)]),
      receivers: .pageOnly, watches: Observability(alerts: [], dashboards: []), delivery: .byHand)
    return Resolver.resolve(AnyEnvironment(environment), of: .shop, lock: ImageLock()).findings
      .filter { $0.severity == .error }
  }

  @Test func `nothing is wrong with what the others change`() {
    #expect(findings(publishing: 8000) == [])
  }

  @Test func `a published port that does not exist is one finding`() {
    let found = findings(publishing: 70_000)
    #expect(found.map(\.message) == ["'pages' would listen on port 70000"])
    #expect(found.first?.written.map(\.argument) == ["publishes"])
    let parts = findings(publishing: 8000, grafana: 70_000)
    #expect(parts.map(\.message) == ["'grafana' would listen on port 70000"])
  }

  @Test func `a port that one component publishes twice is one finding with one place`() {
    let found = findings(publishing: 8000, 8000)
    #expect(found.map(\.message) == ["'pages' would publish port 8000 twice"])
    #expect(found.first?.written.count == 1)
    #expect(found.first?.fix == "publish it once")
  }

  @Test func `a component that runs twice is one finding, though all it has is there twice`() {
    let found = findings(publishing: 8000, times: 2)
    #expect(found.map(\.message) == ["two services are called 'pages'"])
    #expect(
      found.first?.fix
        == "delete one `.run(…)` of 'pages', and write `replicas:` in the other to have more")
  }

  @Test func `an unknown key that is stated twice is one of each finding`() {
    let unknown = Key<Int>("UNKNOWN", default: nil, "Nobody reads it.")
    let found = findings(publishing: 8000, settings: [unknown(1), unknown(2)])
    #expect(found.map(\.rule).sorted() == ["spec/keys-are-read", "spec/keys-are-stated-once"])
  }

  @Test func `a limit of nothing is not also a reservation above it`() {
    let size = Size(
      limit: .cpus(0, memory: .mebibytes(0)), reserve: .cpus(1, memory: .gibibytes(1)))
    let environment = Environment<Production>.shop(runs: [
      .run(.backend, replicas: 1, limit: size.limit, reserve: size.reserve)
    ])
    let found = Resolver.resolve(AnyEnvironment(environment), of: .shop, lock: ImageLock()).findings
    #expect(found.filter { $0.severity == .error }.map(\.rule) == ["spec/limits-are-real"])
  }

  @Test(arguments: [
    ("grafana", "call the component otherwise: 'grafana' is a part that Slipway itself adds"),
    ("backend", "give one of the components another name: its first argument"),
  ])
  func `what to do about two of one name follows from what they are`(name: String, fix: String) {
    func component() -> Component {
      Component(
        name, image: .shop, runs: [], ports: [],
        health: .command(
          "true", every: .seconds(1), within: .seconds(1), startingWithin: .seconds(1)),
        keys: [], reads: [], needs: [], stopsWithin: .seconds(1), line: name == "backend" ? 7 : 8)
    }
    let small = Resources.cpus(0.1, memory: .mebibytes(64))
    let runs = [component(), .backend].map {
      Run<Production>.run($0, replicas: 1, limit: small, reserve: small)
    }
    let found = Resolver.resolve(
      AnyEnvironment(Environment<Production>.shop(runs: runs)), of: .shop, lock: ImageLock()
    ).findings.filter { $0.rule == "spec/names-are-unique" }
    #expect(found.map(\.fix) == [fix])
  }
}
