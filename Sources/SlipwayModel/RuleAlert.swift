package import PromQL
import ServiceContract
package import Slipway
package import SlipwayDiagnostics

/// Something Prometheus watches for: an alert of the specification, or one that every environment
/// has because its parts exist.
package struct RuleAlert: Sendable {
  /// Who is told; Alertmanager routes by it.
  package enum Level: String, Sendable, Hashable, CaseIterable {
    case critical, warning
    /// Says that alerting itself lives; it always fires. (C-69)
    case heartbeat
  }

  package let name: String
  package let level: Level
  package let expression: PromQL.Expression
  /// How long the condition must last.
  package let hold: Duration
  package let summary: String
  package let runbook: Runbook
  package let firesOn: [ResolvedSeries]
  /// `nil` for the heartbeat, which is never quiet.
  package let quietOn: [ResolvedSeries]?
  package let origin: Origin
  /// Whether nobody had to write it.
  package let isStandard: Bool

  init(_ resolved: ResolvedAlert) {
    let alert = resolved.alert
    name = alert.name
    level = alert.severity == .critical ? .critical : .warning
    expression = resolved.expression
    hold = alert.hold
    summary = alert.summary
    runbook = alert.runbook
    firesOn = resolved.firesOn
    quietOn = resolved.quietOn
    origin = alert.origin
    isStandard = false
  }

  init(
    standard name: String, _ level: Level, when expression: PromQL.Expression,
    for hold: Duration, summary: String, runbook: Runbook, firesOn: [ResolvedSeries],
    quietOn: [ResolvedSeries]?, origin: Origin
  ) {
    self.name = name
    self.level = level
    self.expression = expression
    self.hold = hold
    self.summary = summary
    self.runbook = runbook
    self.firesOn = firesOn
    self.quietOn = quietOn
    self.origin = origin
    isStandard = true
  }
}

extension ResolvedEnvironment {
  /// All alerts, those of the specification first. Where it names an alert as a standard one, its
  /// own takes the place: names stay unique. Only the heartbeat cannot be replaced. (C-25)
  func joinedAlerts() -> [RuleAlert] {
    let written = alerts.map(RuleAlert.init)
    return written
      + standardAlerts.filter { standard in
        standard.level == .heartbeat || !written.contains { $0.name == standard.name }
      }
  }

  /// The pages that alerts link to, each once, in the order of their names.
  package var runbooks: [Runbook] {
    var pages: [String: Runbook] = [:]
    for alert in ruleAlerts where pages[alert.runbook.name] == nil {
      pages[alert.runbook.name] = alert.runbook
    }
    return pages.keys.sorted().compactMap { pages[$0] }
  }

  /// The page of a runbook as the environment's own branch has it.
  package func address(of runbook: Runbook) -> String {
    let branch = specification.delivery?.branch ?? "HEAD"
    let path = "/blob/\(branch)/generated/runbooks/\(runbook.name).md"
    return project.home + path.addressPath
  }
}

extension String {
  /// As the path of an address: everything but letters, digits, `-._~/` in percent form.
  package var addressPath: String {
    if utf8.allSatisfy({ $0.standsInPath }) { return self }
    let hex = Array("0123456789ABCDEF")
    return utf8.reduce(into: "") { text, byte in
      if byte.standsInPath {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
      }
    }
  }
}

extension UInt8 {
  fileprivate var standsInPath: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F: true
    default: false
    }
  }
}
