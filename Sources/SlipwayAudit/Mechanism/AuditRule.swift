package import SlipwayDiagnostics

/// A promise that a deployment's files keep, whoever wrote them. One rule, one file; the name is
/// the promise.
package protocol AuditRule: Sendable {
  /// Area and name: `edge/forwards-carry-the-host`.
  static var id: String { get }
  /// Why anybody should care: the harm, not the rule.
  static var why: String { get }
  /// What to do instead.
  static var fix: String { get }
  /// The requirements that it enforces.
  static var source: [String] { get }
  /// The smallest files that break the promise, each with the place of the finding.
  static var wrong: [Fixture] { get }
  /// Files that keep it, as near to the wrong ones as they can be.
  static var right: [Fixture] { get }
  /// What breaks the promise.
  static func check(_ deployment: Deployment) -> [Flaw]
}

extension AuditRule {
  /// The flaws as findings, in the order of their places.
  static func findings(in deployment: Deployment) -> [Finding] {
    var seen: Set<Flaw> = []
    return check(deployment).filter { seen.insert($0).inserted }.map { flaw in
      Finding(
        rule: id, severity: flaw.severity, message: flaw.message,
        lands: Landing(
          path: deployment.shown(flaw.spot.path), text: deployment.line(at: flaw.spot),
          line: flaw.spot.line),
        why: why, fix: flaw.fix ?? fix)
    }
  }
}

/// One way in which a promise is broken, and where.
package struct Flaw: Hashable, Sendable {
  package let message: String
  package let spot: Spot
  package let severity: FindingSeverity
  /// A better advice than the rule's own, where the case is known.
  package let fix: String?

  package init(
    _ message: String, at spot: Spot, _ severity: FindingSeverity = .error, fix: String? = nil
  ) {
    self.message = message
    self.spot = spot
    self.severity = severity
    self.fix = fix
  }
}

/// A small deployment of our own writing.
package struct Fixture: Sendable {
  package let files: [(path: String, text: String)]
  /// The path and line of the finding; `nil` for files that keep the promise.
  package let at: (path: String, line: Int)?

  /// Several files; `at` is `path:line`.
  package static func files(_ files: KeyValuePairs<String, String>, at: String? = nil) -> Fixture {
    let parts = at?.split(separator: ":") ?? []
    let place = parts.count == 2 ? (String(parts[0]), Int(parts[1]) ?? 0) : nil
    return Fixture(files: files.map { ($0.key, $0.value) }, at: place)
  }

  private static func one(_ path: String, _ text: String, _ line: Int?) -> Fixture {
    Fixture(files: [(path, text)], at: line.map { (path, $0) })
  }

  package static func compose(_ text: String, line: Int? = nil) -> Fixture {
    one("compose.yml", text, line)
  }
  package static func nginx(_ text: String, line: Int? = nil) -> Fixture {
    one("nginx/nginx.conf", text, line)
  }
  package static func script(_ text: String, line: Int? = nil) -> Fixture {
    one("scripts/run.sh", text, line)
  }
  package static func dockerfile(_ text: String, line: Int? = nil) -> Fixture {
    one("Dockerfile", text, line)
  }
  package static func workflow(_ text: String, line: Int? = nil) -> Fixture {
    one(".github/workflows/deploy.yml", text, line)
  }
  package static func alerts(_ text: String, line: Int? = nil) -> Fixture {
    one("rules/alerts.yml", text, line)
  }
  package static func prometheus(_ text: String, line: Int? = nil) -> Fixture {
    one("prometheus.yml", text, line)
  }
  package static func dashboard(_ text: String, line: Int? = nil) -> Fixture {
    one("dashboards/overview.json", text, line)
  }
  package static func dotenv(_ text: String, line: Int? = nil) -> Fixture {
    one(".env.example", text, line)
  }
}

extension Flaw {
  /// A flaw that does not stop a deployment.
  static func warning(_ message: String, at spot: Spot, fix: String? = nil) -> Flaw {
    Flaw(message, at: spot, .warning, fix: fix)
  }
}

extension Deployment {
  /// A flaw for each edge of this kind that leads nowhere.
  func dangling(_ kind: Reference.Kind, _ message: (Reference) -> String) -> [Flaw] {
    references(kind).filter { !$0.isMet }.map { Flaw(message($0), at: $0.spot) }
  }
}
