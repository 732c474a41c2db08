import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import Testing

/// What no type can bound is a finding that names the line and the fix. Nothing is resolved then.
struct ValueTests {
  private func findings(_ environment: Environment<Production>) -> [Finding] {
    let resolution = Resolver.resolve(AnyEnvironment(environment), of: .shop, lock: ImageLock())
    #expect(
      (resolution.environment == nil) == resolution.findings.contains { $0.severity == .error })
    return resolution.findings.filter { $0.severity == .error }
  }

  private func run(
    _ component: Component = .backend, replicas: Int = 2,
    limit: Resources = .cpus(1, memory: .gibibytes(1)),
    reserve: Resources = .cpus(0.5, memory: .mebibytes(512)), overriding: [Setting] = []
  ) -> Run<Production> {
    .run(component, replicas: replicas, limit: limit, reserve: reserve, overriding: overriding)
  }

  private func component(_ name: String, port: Int = 8000) -> Component {
    Component(
      name, image: .shop, runs: [], ports: [Port("http", port, reach: .edge)],
      health: .command(
        "true", every: .seconds(1), within: .seconds(1), startingWithin: .seconds(1)),
      keys: [], reads: [], needs: [], stopsWithin: .seconds(1))
  }

  @Test func `the clean environments have no finding`() {
    #expect(findings(ShopEnvironments.production).isEmpty)
    let development = Resolver.resolve(
      AnyEnvironment(ShopEnvironments.development), of: .shop, lock: ImageLock())
    #expect(development.findings.isEmpty)
  }

  @Test(arguments: [0, -1, 101])
  func `replicas outside 1 to 100 are refused`(count: Int) {
    let found = findings(.shop(runs: [run(replicas: count)]))
    #expect(found.map(\.rule) == ["spec/replicas-are-positive"])
    #expect(found.first?.message == "'backend' would run \(count) times")
    #expect(found.first?.written.first?.argument == "replicas")
  }

  @Test(arguments: [0, 70_000])
  func `a port that does not exist is refused`(port: Int) {
    let found = findings(.shop(runs: [run(component("thing", port: port))]))
    #expect(found.map(\.rule) == ["spec/ports-exist"])
    #expect(found.first?.message == "'thing' would listen on port \(port)")
  }

  @Test func `a reservation above the limit is refused`() {
    let found = findings(.shop(runs: [run(reserve: .cpus(0.5, memory: .gibibytes(2)))]))
    #expect(found.map(\.rule) == ["spec/reserve-fits-the-limit"])
    #expect(found.first?.written.map(\.argument) == ["reserve", "limit"])
  }

  @Test func `a limit of nothing is refused`() {
    let found = findings(
      .shop(
        runs: [
          run(limit: .cpus(0, memory: .gibibytes(1)), reserve: .cpus(0, memory: .mebibytes(1)))
        ]))
    #expect(found.map(\.rule) == ["spec/limits-are-real"])
  }

  @Test(arguments: [
    "Backend", "a b", "a_b", "-a", "a-", "", "../x", String(repeating: "a", count: 41),
  ])
  func `a name that is no host name is refused`(name: String) {
    #expect(findings(.shop(runs: [run(component(name))])).map(\.rule) == ["spec/names-are-plain"])
  }

  @Test func `two services of one name are refused, with both places`() {
    let small = Resources.cpus(0.1, memory: .mebibytes(64))
    let found = findings(
      .shop(runs: [
        .run(.backend, replicas: 1, limit: small, reserve: small),
        .run(.backend, replicas: 1, limit: small, reserve: small),
      ]))
    #expect(found.map(\.rule) == ["spec/names-are-unique"])
    #expect(found.first?.written.count == 2)
  }

  @Test func `a setting that the component does not read is refused`() {
    let found = findings(.shop(runs: [run(component("thing"), overriding: [Setting.poolSize(3)])]))
    #expect(found.map(\.rule) == ["spec/keys-are-read"])
    #expect(
      found.first?.message == "'thing' would be told 'DATABASE_POOL_SIZE', which it does not read")
  }

  @Test func `a placement without a node is refused`() {
    let lonely = Node(
      "data-1", role: .manager, kinds: [.data], size: .cpus(4, memory: .gibibytes(8)))
    let found = findings(.shop(runs: [run()], nodes: [lonely]))
    #expect(
      found.contains { $0.rule == "spec/placements-exist" && $0.message.contains("'backend'") })
  }

  @Test func `all findings come at once, in a fixed order`() {
    let runs = [run(replicas: 0), run(component("a b", port: 70_000))]
    let found = findings(.shop(runs: runs))
    #expect(
      Set(found.map(\.rule)) == [
        "spec/replicas-are-positive", "spec/ports-exist", "spec/names-are-plain",
      ])
    #expect(found == found.sorted())
  }
}

extension Environment<Production> {
  /// A small environment that runs this and nothing more.
  static func shop(
    runs: [Run<Production>],
    nodes: [Node] = [
      Node(
        "all-1", role: .manager, kinds: [.edge, .app, .data],
        size: .cpus(8, memory: .gibibytes(32)))
    ],
    versions: [SecretVersion] = []
  ) -> Self {
    Environment(
      "prod",
      cluster: .nodes(nodes, reachedBy: .runner(labels: ["manager"])),
      configuration: Configuration(stating: []), runs: runs, edge: nil, database: nil, redis: nil,
      secrets: .files(under: "/etc/shop/secrets", versions: versions),
      backups: .daily(
        at: .utc(2, 0), keep: .days(30), loseAtMost: .seconds(60), backWithin: .minutes(15),
        bucket: "b", region: "r", endpoint: "https://s3.example.com", on: "all-1"),
      monitoring: Monitoring(
        on: nodes.first?.name ?? "", keeps: .days(30), storage: .gibibytes(1), prometheus: .small,
        alertmanager: .small, grafana: .small, exporters: .small),
      receivers: Receivers(
        critical: [.pagerDuty(.pagerKey)], warning: [.pagerDuty(.pagerKey)],
        heartbeat: .webhook(.heartbeatURL)),
      watches: Observability(alerts: [], dashboards: []),
      delivery: .from(branch: "main", tells: []))
  }
}
