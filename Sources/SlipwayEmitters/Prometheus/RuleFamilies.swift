import PromQL
import ServiceContract
import Slipway
import SlipwayModel

/// The alerts of one rule file and, with the same name, of one file of unit tests.
struct RuleFamily {
  enum Kind: String, CaseIterable {
    case critical, warning
    /// Alerts that look back for hours: they cost most, and nothing else waits for them.
    case longWindows = "long-windows"
    /// What every environment has without saying so.
    case standard
  }
  let kind: Kind
  let alerts: [RuleAlert]

  var name: String { kind.rawValue }

  /// All families that have an alert, in the order in which they are named above.
  static func all(of environment: ResolvedEnvironment) -> [RuleFamily] {
    let alerts = environment.ruleAlerts
    return Kind.allCases.compactMap { kind in
      let members = alerts.filter { $0.family == kind }
      return members.isEmpty ? nil : RuleFamily(kind: kind, alerts: members)
    }
  }
}

extension RuleAlert {
  /// A window from which on an alert counts as slow.
  private static let longWindow = Duration.hours(6)

  fileprivate var family: RuleFamily.Kind {
    if isStandard { return .standard }
    if expression.lookback >= Double(Self.longWindow.wholeSeconds) { return .longWindows }
    return level == .critical ? .critical : .warning
  }
}

extension PromQL.Expression {
  /// How many seconds back it looks at most: its longest range with all offsets and subqueries.
  var lookback: Double {
    var longest = 0.0
    for use in Inventory(self).selectors {
      var spans: [DurationExpression?] = [use.range, use.selector.modifiers.offset]
      for subquery in use.subqueries { spans += [subquery.range, subquery.modifiers.offset] }
      var total = 0.0
      for span in spans { total += Swift.max(0, span?.seconds ?? 0) }
      longest = Swift.max(longest, total)
    }
    return longest
  }

  /// The jobs whose series it reads, if it says so of each of them.
  var jobs: [String]? {
    var jobs: [String] = []
    for use in Inventory(self).selectors {
      let matcher = use.matchers.first { $0.label == "job" && $0.operation == .equal }
      guard let job = matcher?.value.text else { return nil }
      if !jobs.contains(job) { jobs.append(job) }
    }
    return jobs
  }
}
