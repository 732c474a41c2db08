import SlipwayAudit
import SlipwayDocuments
import SlipwayLeaks
import SlipwayPipeline
import SlipwayRules

/// What `explain` can say of a name: of a rule, whatever kind it is, and of a finding that no rule
/// makes.
struct ExplainedRule {
  let id: String
  let why: String
  let fix: String
  let source: [String]
  /// The smallest edits that it refuses.
  let refuses: [String]
  let level: Level

  /// Where it stands between a specification and a cluster.
  enum Level: String, CaseIterable {
    case environment = "one environment"
    case project = "all environments"
    case audit = "audit"
    case leaks = "leaks"
    case finding = "finding"

    /// When it is asked, and of what.
    var meaning: String {
      switch self {
      case .environment:
        "a rule over the model of one environment and the bytes that would be written for it"
      case .project: "a rule over the models of all environments together"
      case .audit: "a rule over deployment files that nobody generated, and over ours"
      case .leaks: "a look of a secret, in all files and their history"
      case .finding: "what resolving, emitting, writing, the lock file and the gate find themselves"
      }
    }
  }

  /// Rules over one environment, over all of them, and over files that nobody generated, looks of
  /// secrets, and findings without a rule; in the order of their names.
  static let all: [ExplainedRule] = {
    let rules =
      Rules.all.map {
        ExplainedRule(
          id: $0.id, why: $0.why, fix: $0.fix, source: $0.source,
          refuses: $0.breakers.map(\.name), level: .environment)
      }
      + ProjectRules.all.map {
        ExplainedRule(
          id: $0.id, why: $0.why, fix: $0.fix, source: $0.source,
          refuses: $0.breakers.map(\.name), level: .project)
      }
      + AuditRules.all.map {
        ExplainedRule(
          id: $0.id, why: $0.why, fix: $0.fix, source: $0.source, refuses: [], level: .audit)
      }
      + LeakScanner.rules.map {
        ExplainedRule(
          id: $0.id, why: $0.why, fix: $0.fix, source: $0.source, refuses: [], level: .leaks)
      }
    let findings = Explanations.all.map {
      ExplainedRule(
        id: $0.id, why: $0.why, fix: $0.fix, source: $0.source, refuses: [], level: .finding)
    }
    return (rules + findings).sorted { ($0.id, $0.level.rawValue) < ($1.id, $1.level.rawValue) }
  }()

  /// Each name once: a promise that both generator and audit keep has two rules.
  static var names: [String] { Set(all.map(\.id)).sorted() }

  var text: String {
    let advice = fix.replacing("`slipway ", with: "`\(Invocation.program) ")
    var lines = [id, "  why:     \(why)", "  fix:     \(advice)"]
    if !source.isEmpty { lines.append("  source:  \(source.joined(separator: ", "))") }
    if !refuses.isEmpty { lines += ["  refuses: "] + refuses.map { "    - \($0)" } }
    return lines.joined(separator: "\n")
  }

  var json: JSONNode {
    .map([
      .entry("id", .string(id)), .entry("why", .string(why)), .entry("fix", .string(fix)),
      .entry("source", .list(source.map { .string($0) })),
      .entry("refuses", .list(refuses.map { .string($0) })),
    ])
  }
}
