import Foundation
import PromQL
import ServiceContract
import Slipway
import SlipwayModel
import TestSupport
import Testing

/// The whole chain, started for real: Prometheus with the generated files at their own paths and
/// the declared command line, names from a name server, Alertmanager, and somebody who listens.
@Suite(.serialized) struct ServerTests {
  struct Answer: Decodable {
    let rules: Wrapped<Groups>
    let targets: Wrapped<Targets>
    let managers: Wrapped<Managers>
    let received: [Received]
    let warnings: [Standing]
    let prometheusMetrics: [String]
    let alertmanagerMetrics: [String]
  }
  struct Standing: Decodable {
    struct Status: Decodable { let state: String }
    let status: Status
  }
  struct Wrapped<Value: Decodable>: Decodable { let data: Value }
  struct Groups: Decodable { let groups: [Group] }
  struct Group: Decodable {
    let name: String
    let file: String
    let interval: Double
    let rules: [Rule]
  }
  struct Rule: Decodable {
    let name: String
    let query: String
    let health: String
    let duration: Double?
    let annotations: [String: String]?
  }
  struct Targets: Decodable { let activeTargets: [Target] }
  struct Target: Decodable {
    let labels: [String: String]
    let scrapeUrl: String
    let scrapeInterval: String
    let scrapeTimeout: String
  }
  struct Managers: Decodable { let activeAlertmanagers: [Manager] }
  struct Manager: Decodable { let url: String }
  struct Received: Decodable {
    let path: String
    let body: Body
  }
  struct Body: Decodable {
    let channel: String?
    let attachments: [Attachment]?
    let alerts: [Delivered]?
  }
  struct Attachment: Decodable { let title, title_link, text, color: String }
  struct Delivered: Decodable { let labels: [String: String] }

  @Test(
    .covers(
      "C-24", "S17-ALERT-01", "S18-PROM-02", "S18-PROM-03", "S18-PROM-04", "S18-HS-08",
      "S18-POST-04", "S04-LCH-03", "S04-AUTHZ-04"),
    .timeLimit(.minutes(5)))
  func `what was meant is what Prometheus runs, and it reaches who is named`() async throws {
    let emitted = try Emitted(.production)
    let answer = try await run(emitted)
    try expectRules(answer.rules.data.groups, emitted.environment)
    expectTargets(answer.targets.data.activeTargets, emitted.environment)
    #expect(
      answer.managers.data.activeAlertmanagers.map(\.url) == [
        "http://127.0.0.1:9093/api/v2/alerts"
      ])
    expectMessages(answer.received)
    // Who was woken for it needs no second message about the same trouble.
    #expect(answer.warnings.map(\.status.state) == ["suppressed"])
    // Standard alerts watch metrics that exist. (C-24, B02)
    for metric in [
      "prometheus_rule_evaluation_failures_total", "prometheus_notifications_dropped_total",
    ] {
      #expect(answer.prometheusMetrics.contains(metric))
    }
    #expect(answer.alertmanagerMetrics.contains("alertmanager_notifications_failed_total"))
  }

  fileprivate func expectRules(_ groups: [Group], _ environment: ResolvedEnvironment) throws {
    let rules = groups.flatMap(\.rules)
    #expect(rules.count == environment.ruleAlerts.count + environment.recordings.count)
    #expect(groups.allSatisfy { $0.interval == 30 })
    #expect(
      groups.map(\.file).allSatisfy { $0.hasPrefix("/etc/slipway/prometheus/rules/") })
    for alert in environment.ruleAlerts {
      let rule = try #require(rules.first { $0.name == alert.name }, "\(alert.name) is not loaded")
      #expect(try canonical(rule.query) == canonical(alert.expression.description))
      #expect(rule.duration == Double(alert.hold.wholeSeconds))
      #expect(rule.annotations?["summary"] == alert.summary)
    }
    for recording in environment.recordings {
      let rule = try #require(rules.first { $0.name == recording.name })
      #expect(try canonical(rule.query) == canonical(recording.expression.description))
    }
    #expect(rules.allSatisfy { $0.health != "err" })
  }

  /// Prometheus writes 1717986918 as 1.717986918e+09; parentheses and blanks are its own too.
  private func canonical(_ text: String) throws -> String {
    try Parser.parse(text).description.replacing(/\b[0-9.]+(e\+[0-9]+)?\b/) { match in
      Double(match.output.0)?.description ?? String(match.output.0)
    }
  }

  fileprivate func expectTargets(_ targets: [Target], _ environment: ResolvedEnvironment) {
    for job in environment.scrapes {
      let found = targets.filter { $0.labels["job"] == job.name }
      // Three containers of the backend are three targets, not one in turns. (M03)
      let names = addresses(environment).filter { job.services.contains($0.name) }
      #expect(
        found.map { $0.scrapeUrl }.sorted()
          == names.map { "http://\($0.address):\(job.port)\(job.path)" }.sorted())
      #expect(found.map { $0.labels["service"] ?? "" }.sorted() == names.map(\.name).sorted())
      #expect(found.allSatisfy { $0.scrapeInterval == "15s" && $0.scrapeTimeout == "10s" })
    }
    #expect(targets.count == addresses(environment).count)
  }

  private func expectMessages(_ received: [Received]) {
    let heartbeat = received.first { $0.path == "/heartbeat" }
    #expect(heartbeat?.body.alerts?.first?.labels["alertname"] == "Heartbeat")
    // What Prometheus itself misses on a slow machine comes as well, with words of its own.
    let slack = received.filter {
      $0.path == "/slack" && $0.body.attachments?.first?.text.hasPrefix("nobody answers") == true
    }
    #expect(slack.count == 1, "\(received)")
    let message = slack.first?.body.attachments?.first
    #expect(slack.first?.body.channel == "#alerts")
    #expect(message?.title == "[FIRING 1] BackendDown · backend · shop-prod")
    #expect(message?.title_link == "https://git.example.com/page.md")
    #expect(message?.color == "danger")
    #expect(
      message?.text.hasPrefix(
        "nobody answers (127.0.1.1:9090)\nIt is over.\nRunbook: https://git.example.com/page.md\n"
          + "Dashboard: http://localhost:3000/d/shop?viewPanel=panel-1\nSince: ") == true,
      "\(message?.text ?? "")")
  }

  /// One address for each container that should be there.
  private func addresses(
    _ environment: ResolvedEnvironment
  ) -> [(name: String, address: String)] {
    var found: [(String, String)] = []
    for job in environment.scrapes {
      for name in job.services {
        // Only two of them answer: those that are really here.
        if ["prometheus", "alertmanager"].contains(name) {
          found.append((name, "127.0.0.1"))
          continue
        }
        let count = environment.service(name).map { environment.containers(of: $0) } ?? 0
        for _ in 0..<count { found.append((name, "127.0.1.\(found.count + 1)")) }
      }
    }
    return found
  }

  fileprivate func run(_ emitted: Emitted, alerting: Bool = true) async throws -> Answer {
    try await withTemporaryFolder { folder in
      try emitted.write(to: folder)
      let alertmanager = "alertmanager/alertmanager.yml"
      try folder.write(
        AlertmanagerTests.forTheJudge(
          emitted.text(alertmanager), url: "http://127.0.0.1:9099/heartbeat"), to: alertmanager)
      try folder.write("http://127.0.0.1:9099/slack\n", to: "secrets/slack-webhook-url")
      try folder.write("0123456789abcdef\n", to: "secrets/pagerduty-routing-key")
      let environment = emitted.environment
      let commands = [PartName.prometheus, PartName.alertmanager].map { name in
        ([name] + (environment.service(name)?.command ?? [])).joined(separator: "\n")
      }
      let driver = """
        LONG, TARGETS = \(alerting ? "True" : "False"), \(addresses(environment).count)
        \(Self.program)
        """
      let hosts = addresses(environment).flatMap { ["--host", "\($0.name)=\($0.address)"] }
      let output = try await Tool.script(
        "monitoring-sandbox",
        [
          "--put", folder.path(of: "prometheus") + ":/etc/slipway/prometheus",
          "--put", folder.path(of: "alertmanager") + ":/etc/slipway/alertmanager",
          "--put", folder.path(of: "secrets") + ":/run/secrets",
        ] + hosts + ["--", "python3", "-c", driver] + commands, timeout: .seconds(200))
      try #require(output.status == 0, "\(output)")
      return try Foreign.json(Answer.self, output.stdout)
    }
  }

  /// Starts both programs, listens as Slack and as the heartbeat's service, tells Alertmanager of
  /// two alerts about one trouble, and prints what there is to see once the heartbeat has come. It
  /// tells of nothing and waits for nobody unless it is LONG.
  private static let program = #"""
    import http.server, json, subprocess, sys, threading, time, urllib.request
    received = []
    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers['Content-Length']))
            received.append({'path': self.path, 'body': json.loads(body)})
            self.send_response(200); self.end_headers(); self.wfile.write(b'ok')
        def log_message(self, *_): pass
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 9099), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    log = open('/var/log/servers', 'wb')
    for words in sys.argv[1:]:
        subprocess.Popen(words.split('\n'), stdout=log, stderr=log)
    def ask(url, data=None):
        request = urllib.request.Request(
            url, None if data is None else json.dumps(data).encode(),
            {'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, timeout=5) as answer: return answer.read().decode()
    def wait(what, limit):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                if what(): return True
            except OSError: pass
            time.sleep(0.2)
        return False
    prometheus, alertmanager = 'http://127.0.0.1:9090', 'http://127.0.0.1:9093'
    ready = wait(lambda: ask(prometheus + '/-/ready') and ask(alertmanager + '/-/ready'), 90)
    def alert(name, severity):
        return {'labels': {'alertname': name, 'severity': severity, 'service': 'backend',
                           'runbook': 'targets-missing', 'instance': '127.0.1.1:9090'},
                'annotations': {'summary': 'nobody answers', 'description': 'It is over.',
                                'runbook_url': 'https://git.example.com/page.md',
                                'dashboard': 'http://localhost:3000/d/shop?viewPanel=panel-1'}}
    if ready and LONG:
        ask(alertmanager + '/api/v2/alerts',
            [alert('BackendDown', 'critical'), alert('BackendTargetsMissing', 'warning')])
    def seen():
        found = json.loads(ask(prometheus + '/api/v1/alertmanagers'))['data']
        targets = json.loads(ask(prometheus + '/api/v1/targets'))['data']
        rules = json.loads(ask(prometheus + '/api/v1/rules'))['data']
        return (found['activeAlertmanagers'] and rules['groups']
                and len(targets['activeTargets']) >= TARGETS)
    def told():
        if not LONG: return seen()
        paths = [entry['path'] for entry in received]
        return '/slack' in paths and '/heartbeat' in paths and seen()
    if not ready or not wait(told, 120):
        sys.exit('too late; ' + str(received) + open('/var/log/servers').read()[-4000:])
    names = lambda text: sorted({line.split(' ')[2] for line in text.splitlines()
                                 if line.startswith('# TYPE ')})
    print(json.dumps({
        'rules': json.loads(ask(prometheus + '/api/v1/rules')),
        'targets': json.loads(ask(prometheus + '/api/v1/targets')),
        'managers': json.loads(ask(prometheus + '/api/v1/alertmanagers')),
        'received': received,
        'warnings': json.loads(
            ask(alertmanager + '/api/v2/alerts?filter=alertname=BackendTargetsMissing'
                + '&filter=instance="127.0.1.1:9090"')),
        'prometheusMetrics': names(ask(prometheus + '/metrics')),
        'alertmanagerMetrics': names(ask(alertmanager + '/metrics')),
    }))
    """#
}

/// Prometheus and Alertmanager with the files of each declared environment. Nobody waits for an
/// alert here, so that others may run beside.
struct DeclaredServerTests {
  @Test(
    .covers("C-24", "S18-PROM-02", "S18-PROM-03", "S18-PROM-04"), .timeLimit(.minutes(5)),
    arguments: Example.declared)
  func `what each declared environment means is what Prometheus runs`(
    example: Example
  ) async throws {
    let emitted = try Emitted(example)
    let servers = ServerTests()
    let answer = try await servers.run(emitted, alerting: false)
    try servers.expectRules(answer.rules.data.groups, emitted.environment)
    #expect(answer.rules.data.groups.flatMap(\.rules).count >= example.expected.rules)
    servers.expectTargets(answer.targets.data.activeTargets, emitted.environment)
    #expect(answer.managers.data.activeAlertmanagers.count == 1)
  }
}

extension ResolvedEnvironment {
  /// How many containers a service has when all is well.
  fileprivate func containers(of service: ResolvedService) -> Int {
    switch service.replicas {
    case .count(let count): count
    case .everyNode: nodes.filter { service.placement.allows($0) }.count
    }
  }
}
