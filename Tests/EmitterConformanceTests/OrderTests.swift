import Fixtures
import ServiceContract
import Slipway
import SlipwayModel
import Testing

/// The order in which alerts and dashboards are listed decides the order of what is written, and
/// nothing else.
struct OrderTests {
  @Test(arguments: Candidate.all, Orders.allCases)
  func `another order changes only the order`(candidate: Candidate, order: Orders) throws {
    let stated = try Self.lines(of: candidate, Orders.stated)
    let changed = try Self.lines(of: candidate, order)
    #expect(stated.keys.sorted() == changed.keys.sorted())
    for (path, lines) in stated { #expect(changed[path] == lines, "\(path)") }
  }

  /// The lines of each file, sorted.
  private static func lines(of candidate: Candidate, _ order: Orders) throws -> [String: [String]] {
    let environments = try Specimen.resolve(
      [AnyEnvironment(order.environment)], of: .shop, lock: ImageLock())
    var files: [String: [String]] = [:]
    for (environment, emission) in try candidate.emit(environments, try Specimen.inputs()) {
      for artefact in emission.artefacts {
        let file = try EmittedFile(artefact, by: candidate.name, in: environment)
        files[file.path] = file.lines.map { neutral($0) }.sorted()
      }
    }
    return files
  }

  /// A line without what follows from the order of its neighbours: the comma of JSON, and the
  /// digest of a mounted file in the name of its config.
  private static func neutral(_ line: Substring) -> String {
    var text = String(line)
    if text.hasSuffix(",") { text.removeLast() }
    let pieces = text.split(separator: "_", omittingEmptySubsequences: false)
    guard let last = pieces.last, last.utf8.count == 12, last.allSatisfy(\.isHexDigit) else {
      return text
    }
    return pieces.dropLast().joined(separator: "_")
  }
}

/// Lists of the same things in several orders.
enum Orders: String, CaseIterable, Sendable {
  case stated, reversed, rotated

  private func apply<Element>(_ list: [Element]) -> [Element] {
    switch self {
    case .stated: list
    case .reversed: list.reversed()
    case .rotated: Array(list.dropFirst() + list.prefix(1))
    }
  }

  var environment: Environment<Production> {
    Environment<Production>(
      "prod",
      cluster: .nodes(
        [
          Node(
            "node-1", role: .manager, kinds: [.edge, .app, .data],
            size: .cpus(16, memory: .gibibytes(64)))
        ],
        reachedBy: .runner(labels: ["self-hosted"])),
      configuration: Configuration(stating: [Setting.poolSize(10)]),
      runs: [
        .run(
          .backend, limit: .cpus(1, memory: .gibibytes(1)),
          reserve: .cpus(0.5, memory: .mebibytes(512)))
      ],
      edge: Edge(
        names: PublicNames(site: "shop.example.com", api: "api.shop.example.com"),
        certificate: .acme(
          directory: "https://acme.example.com/directory", contact: "ops@example.com"),
        forwards: [.routes(Route.shop, to: .backend, .api)], bodyMax: .mebibytes(10),
        limit: .cpus(1, memory: .mebibytes(256)), reserve: .cpus(0.25, memory: .mebibytes(64))),
      database: Database(
        primary: "node-1", replicas: [], maxConnections: 100,
        limit: .cpus(2, memory: .gibibytes(4)), reserve: .cpus(1, memory: .gibibytes(2))),
      redis: RedisStores(cache: Self.redis, state: Self.redis),
      secrets: .vault("secret/shop/prod"),
      backups: .daily(
        at: .utc(2, 0), keep: .days(30), loseAtMost: .seconds(60), backWithin: .minutes(15),
        bucket: "shop-prod-backups", region: "us-east-1", endpoint: "https://s3.example.com",
        on: "node-1"),
      monitoring: Monitoring(
        on: "node-1", keeps: .days(30), storage: .gibibytes(50), prometheus: .small,
        alertmanager: .small, grafana: .small, exporters: .small),
      receivers: Receivers(
        critical: [.pagerDuty(.pagerKey)], warning: [.slack(.slackWebhook, channel: "#alerts")],
        heartbeat: .webhook(.heartbeatURL)),
      watches: watches, delivery: .from(branch: "production", tells: []))
  }

  private static var redis: RedisServer {
    .on(
      "node-1", memoryMax: .mebibytes(128), limit: .cpus(0.5, memory: .mebibytes(384)),
      reserve: .cpus(0.1, memory: .mebibytes(128)))
  }

  private var watches: Observability {
    Observability(
      alerts: apply([.highErrorRate, .slow, .memory]),
      dashboards: apply([
        Dashboard(
          "requests", title: "Requests",
          panels: [.number("Requests per second", Shop.requests.rate(over: .minutes(5)))]),
        Dashboard(
          "latency", title: "Latency",
          panels: [
            .graph(
              "95 % answered within", Shop.duration.quantile(.percent(95), over: .minutes(5)),
              marks: .slow)
          ]),
        Dashboard(
          "memory", title: "Memory",
          panels: [.graph("Resident memory", Shop.residentMemory.of(.backend).now())]),
      ]))
  }
}
