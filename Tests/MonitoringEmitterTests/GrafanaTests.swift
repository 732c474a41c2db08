import Fixtures
import Foundation
import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

struct GrafanaTests {
  /// What tests look at; a missing member fails the decoding.
  struct Board: Decodable {
    let uid: String
    let title: String
    let schemaVersion: Int
    let refresh: String
    let editable: Bool
    let panels: [Panel]
  }
  struct Panel: Decodable {
    let id: Int
    let type: String
    let title: String
    let gridPos: Grid
    let datasource: Source?
    let targets: [Target]?
    let fieldConfig: Fields?
    let links: [Link]?
  }
  struct Grid: Decodable, Hashable { let x, y, w, h: Int }
  struct Source: Decodable, Hashable { let type, uid: String }
  struct Target: Decodable {
    let refId, expr, legendFormat: String
    let datasource: Source
  }
  struct Fields: Decodable {
    struct Defaults: Decodable {
      let unit: String
      let thresholds: Thresholds
    }
    let defaults: Defaults
  }
  struct Thresholds: Decodable {
    struct Step: Decodable, Hashable {
      let color: String
      let value: Double?
    }
    let steps: [Step]
  }
  struct Link: Decodable, Hashable { let title, url: String }

  static func boards(_ emitted: Emitted) throws -> [Board] {
    try emitted.files(in: "grafana/dashboards").map {
      try Foreign.json(Board.self, emitted.text($0))
    }
  }

  @Test(.covers("S03-OK-DEP-07"), arguments: Example.allCases)
  func `Grafana's own model reads every dashboard and writes the same panels`(
    _ example: Example
  ) async throws {
    let emitted = try Emitted(example)
    let script = """
      import sys, json
      from grafana_foundation_sdk.cog.encoder import JSONEncoder
      from grafana_foundation_sdk.cog.plugins import register_default_plugins
      from grafana_foundation_sdk.models.dashboard import Dashboard
      register_default_plugins()
      source = json.load(sys.stdin)
      board = Dashboard.from_json(source)
      again = json.loads(json.dumps(board, cls=JSONEncoder))
      def lost(a, b, path):
        if isinstance(a, dict):
          return [x for k, v in a.items() for x in
                  (lost(v, b[k], path + '.' + k) if isinstance(b, dict) and k in b
                   else [] if v is None or v == [] else [path + '.' + k])]
        if isinstance(a, list):
          if not isinstance(b, list) or len(a) != len(b): return [path]
          return [x for i, v in enumerate(a) for x in lost(v, b[i], path + '[%d]' % i)]
        return [] if a == b else [path]
      answer = {'title': board.title, 'panels': len(board.panels), 'lost': lost(source, again, '')}
      print(json.dumps(answer))
      """
    struct Report: Decodable {
      let title: String?
      let panels: Int
      let lost: [String]
    }
    for (file, board) in zip(
      emitted.files(in: "grafana/dashboards"), try Self.boards(emitted))
    {
      let output = try await Tool.run("python3", ["-c", script], input: emitted.text(file))
      try #require(output.status == 0, "\(output)")
      let report = try Foreign.json(Report.self, output.stdout)
      #expect(report.title == board.title)
      #expect(report.panels == board.panels.count)
      #expect(report.lost.isEmpty, "the model does not know \(report.lost)")
    }
  }

  @Test(arguments: Example.allCases) func `panels have current types and places of their own`(
    _ example: Example
  ) throws {
    let boards = try Self.boards(try Emitted(example))
    #expect(boards.count >= example.expected.dashboards)
    #expect(Set(boards.map(\.uid)).count == boards.count)
    for board in boards {
      #expect(board.uid.utf8.count <= 40)
      #expect(board.schemaVersion == 42)
      #expect(!board.editable)
      #expect(Set(board.panels.map(\.id)).count == board.panels.count)
      #expect(board.panels.allSatisfy { $0.id > 0 && $0.id < 1 << 31 })
      var taken: Set<[Int]> = []
      for panel in board.panels {
        #expect(["row", "timeseries", "stat", "gauge"].contains(panel.type))
        let grid = panel.gridPos
        #expect(grid.x >= 0 && grid.x + grid.w <= 24)
        for x in grid.x..<grid.x + grid.w {
          for y in grid.y..<grid.y + grid.h {
            #expect(taken.insert([x, y]).inserted, "'\(panel.title)' covers another at \(x) \(y)")
          }
        }
      }
    }
  }

  @Test(arguments: Example.allCases) func `every target names the data source and parses`(
    _ example: Example
  ) async throws {
    let emitted = try Emitted(example)
    struct Sources: Decodable { let datasources: [Source] }
    let sources = try await Foreign.yaml(
      Sources.self, emitted.text("grafana/provisioning/datasources/prometheus.yml"))
    for panel in try Self.boards(emitted).flatMap(\.panels) where panel.type != "row" {
      let targets = try #require(panel.targets)
      #expect(targets.count == 1)
      for target in targets {
        #expect(sources.datasources.contains(target.datasource))
        #expect(target.datasource == panel.datasource)
        #expect(target.refId == "A")
        #expect(!target.legendFormat.isEmpty)
        #expect(throws: Never.self) { try Parser.parse(target.expr) }
      }
      let known = [
        "percentunit", "reqps", "short", "suffix:cores", "bytes", "s", "Bps", "currencyUSD",
        "dateTimeAsIso",
      ]
      let unit = try #require(panel.fieldConfig).defaults.unit
      #expect(known.contains(unit), "unit '\(unit)' of '\(panel.title)'")
    }
  }

  @Test func `a panel that marks an alert shows its bound and links to its runbook`() throws {
    let boards = try Self.boards(try Emitted(.watchful))
    let queues = try #require(boards.first { $0.uid == "shop-queues" })
    func steps(_ title: String) -> [Thresholds.Step]? {
      queues.panels.first { $0.title == title && $0.type != "row" }?
        .fieldConfig?.defaults.thresholds.steps
    }
    #expect(
      steps("Now") == [.init(color: "green", value: nil), .init(color: "red", value: 10)])
    #expect(
      steps("Queues") == [.init(color: "green", value: nil), .init(color: "orange", value: 10)])
    // Bad is what is below: the colours stand the other way round.
    let free = queues.panels.last { $0.title == "Free" }?.fieldConfig
    #expect(
      free?.defaults.thresholds.steps == [
        .init(color: "red", value: nil), .init(color: "green", value: 10_737_418_240),
      ])
    // Of the two bounds of a burn rate, the one of the panel's own window.
    #expect(steps("Failing")?.last == .init(color: "red", value: 0.0144))
    let page = "https://git.example.com/shop/blob/main/generated/runbooks/shop-trouble.md"
    #expect(
      queues.panels.first { $0.title == "Queues" && $0.type != "row" }?.links
        == [.init(title: "Runbook: shop-trouble", url: page)])
  }

  @Test func `legends tell series apart, and call a single one by its panel's title`() throws {
    let panels = try Self.boards(try Emitted(.watchful)).flatMap(\.panels)
    func legend(_ title: String) -> String? {
      panels.first { $0.title == title && $0.type == "timeseries" }?.targets?[0].legendFormat
    }
    #expect(legend("By region") == "{{region}}")
    #expect(legend("Queues") == "__auto")
    #expect(panels.first { $0.title == "Least" }?.targets?[0].legendFormat == "Least")
  }

  /// Addresses and ids stand in links outside: they follow from names, whatever else changes.
  @Test func `identities stay when panels are added before them`() throws {
    func board(_ panels: [Slipway.Panel]) throws -> Board {
      let watches = Observability(
        alerts: [], dashboards: [Dashboard("queues", title: "Queues", panels: panels)])
      let environment = WatchfulShop.environment(
        receivers: Receivers(
          critical: [.webhook(.heartbeatURL)], warning: [.webhook(.heartbeatURL)],
          heartbeat: .webhook(.heartbeatURL)), watches: watches)
      return try #require(Self.boards(Emitted(AnyEnvironment(environment))).first)
    }
    let few = try board([.heading("Queues"), .graph("All", Watched.queue.now)])
    let more = try board([
      .heading("First"), .number("New", Watched.queue.sum), .heading("Queues"),
      .graph("All", Watched.queue.now),
    ])
    #expect(few.uid == more.uid)
    #expect(few.panels.last?.id == more.panels.last?.id)
    #expect(few.panels.first?.id == more.panels.first { $0.title == "Queues" }?.id)
  }

  @Test func `a panel that marks an alert of another environment is told of`() throws {
    let watches = Observability(
      alerts: [],
      dashboards: [
        Dashboard(
          "queues", title: "Queues",
          panels: [
            .graph("Queues", Watched.queue.now, marks: WatchfulAlerts.someOfSeveral)
          ])
      ])
    let environment = WatchfulShop.environment(
      receivers: Receivers(
        critical: [.webhook(.heartbeatURL)], warning: [.webhook(.heartbeatURL)],
        heartbeat: .webhook(.heartbeatURL)), watches: watches)
    let resolved = try #require(
      Resolver.resolve(AnyEnvironment(environment), of: .shop, lock: ImageLock()).environment)
    let findings = GrafanaEmitter().emit(resolved, using: EmitterInputs(templates: [:])).findings
    #expect(
      findings.map(\.message) == [
        "panel 'Queues' marks alert 'QueueLong', which this environment does not have"
      ])
    #expect(findings.first?.severity == .warning)
  }
}
