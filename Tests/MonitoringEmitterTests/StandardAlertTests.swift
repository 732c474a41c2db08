import Fixtures
import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

struct StandardAlertTests {
  private func environment(_ example: Example) throws -> ResolvedEnvironment {
    try example.resolved()
  }

  private func environment(alerts: [Alert], recordings: [Recording] = []) throws
    -> ResolvedEnvironment
  {
    let watches = Observability(alerts: alerts, recordings: recordings, dashboards: [])
    let specification = WatchfulShop.environment(
      receivers: Receivers(
        critical: [.webhook(.heartbeatURL)], warning: [.webhook(.heartbeatURL)],
        heartbeat: .webhook(.heartbeatURL)), watches: watches)
    return try #require(
      Resolver.resolve(AnyEnvironment(specification), of: .shop, lock: ImageLock()).environment)
  }

  /// A target that is not healthy leaves the name service; the declared number misses it. (F10)
  @Test(.covers("S18-PR-03", "S17-PR-07", "S18-HS-08"))
  func `each job is held against the declared number of its targets`() throws {
    let alerts = try environment(.production).standardAlerts
    func condition(_ name: String) -> String? {
      alerts.first { $0.name == name }?.expression.description
    }
    let backend = #"(count(up{job="backend"} == 1) or vector(0)) < "#
    #expect(condition("BackendDown") == backend + "1")
    #expect(condition("BackendTargetsMissing") == backend + "3")
    // One on each of the five nodes; two exporters of one job, one container each.
    #expect(condition("NodeTargetsMissing")?.hasSuffix("< 5") == true)
    #expect(condition("PostgresTargetsMissing")?.hasSuffix("< 2") == true)
    for job in try environment(.production).scrapes {
      #expect(alerts.contains { $0.expression.description.contains("job=\"\(job.name)\"") })
    }
  }

  @Test(.covers("C-69"), arguments: Example.allCases)
  func `the chain of alerting watches itself`(
    _ example: Example
  ) throws {
    let names = try environment(example).standardAlerts.map(\.name)
    for name in [
      "Heartbeat", "PrometheusRuleFailures", "PrometheusNotificationsDropped",
      "AlertmanagerNotificationFailures",
    ] {
      #expect(names.contains(name))
    }
    #expect(Set(names).count == names.count)
  }

  @Test(.covers("S18-INC-05", "S04-DOC-03"))
  func `every alert has a runbook with steps, and an address under the project's page`()
    throws
  {
    for example in Example.shops {
      let environment = try environment(example)
      #expect(environment.ruleAlerts.allSatisfy { !$0.runbook.firstSteps.isEmpty })
      let pages = environment.runbooks.map(\.name)
      #expect(pages == Set(environment.ruleAlerts.map(\.runbook.name)).sorted())
      let branch = ["dev": "HEAD", "prod": "production", "staging": "main"][environment.name]
      for runbook in environment.runbooks {
        #expect(
          environment.address(of: runbook)
            == "https://git.example.com/shop/blob/\(branch ?? "")/generated/runbooks/\(runbook.name).md"
        )
      }
    }
  }

  @Test func `an address holds nothing that an address may not hold`() {
    #expect("/a b/é#?%.md".addressPath == "/a%20b/%C3%A9%23%3F%25.md")
  }

  @Test func `a specification replaces a standard alert by its name, but never the heartbeat`()
    throws
  {
    func named(_ name: String) -> Alert {
      Alert(
        name, severity: .critical, when: Watched.queue.sum > 1, for: .zero, summary: "s",
        runbook: Watched.page, firesOn: .when(Watched.queue.stays(at: 2)),
        quietOn: .when(Watched.queue.stays(at: 1)))
    }
    let environment = try environment(alerts: [named("BackendDown"), named("Heartbeat")])
    let down = environment.ruleAlerts.filter { $0.name == "BackendDown" }
    #expect(down.map(\.isStandard) == [false])
    let findings = PrometheusEmitter().emit(environment, using: EmitterInputs(templates: [:]))
      .findings
    #expect(
      findings.map(\.message) == [
        "alert 'Heartbeat' has the name of the alert that always fires"
      ])
  }

  @Test func `what cannot be recorded or tested is refused`() throws {
    let slow = Alert(
      "Slow", severity: .warning, when: Watched.queue.sum > 1, for: .hours(26), summary: "s",
      runbook: Watched.page, firesOn: .when(Watched.queue.stays(at: 2)),
      quietOn: .when(Watched.queue.stays(at: 1)))
    let environment = try environment(
      alerts: [slow],
      recordings: [Recording("a:b", Watched.queue.sum), Recording("a:b", Watched.queue.max)])
    let findings = PrometheusEmitter().emit(environment, using: EmitterInputs(templates: [:]))
      .findings
    #expect(
      findings.map(\.message).sorted() == [
        "alert 'Slow' waits longer than a day before it fires",
        "two recordings are called 'a:b'",
      ])
  }

  /// `explain FILE:LINE` leads from a line to the specification.
  @Test func `expressions, thresholds and series know where they were written`() throws {
    let emitted = try Emitted(.watchful)
    var found = 0
    func visit(_ node: YAMLNode, key: String) {
      switch node.content {
      case .list(let elements): elements.forEach { visit($0, key: key) }
      case .map(let entries): entries.forEach { visit($0.value, key: $0.key) }
      default:
        guard ["expr", "series", "values", "summary", "for", "runbook_url"].contains(key) else {
          return
        }
        found += 1
        #expect(!node.origins.isEmpty, "\(key) has no origin")
      }
    }
    for artefact in emitted.artefacts where artefact.path.contains("/rules/") {
      if case .yaml(let root) = artefact.document { visit(root, key: "") }
    }
    #expect(found > 100)
  }
}
