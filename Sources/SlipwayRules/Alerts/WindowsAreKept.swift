import PromQL
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// No alert looks back further than samples are kept, nor over so short a time that a lost sample
/// blinds it. Looks at the bytes of rules, of the stack and of prometheus.yml. (C-03, C-24)
package enum WindowsAreKept: Rule {
  package static let id = "alerts/windows-are-kept"
  package static let why =
    "a window that is not filled gives a wrong number or none, without a word"
  package static let fix =
    "keep samples longer with `keeps:`, scrape more often, or widen the window"
  package static let source = ["C-03", "C-24", "S18-PROM-02"]

  package static let breakers: [Breaker] = [
    .file(
      "samples that are gone too soon", "docker-compose.yml",
      replacing: "--storage.tsdb.retention.time=", with: "--storage.tsdb.retention.time=60s #"),
    .file(
      "samples that come too seldom", "prometheus/prometheus.yml",
      replacing: "scrape_interval: 15s", with: "scrape_interval: 2m"),
  ]

  /// A rate needs two samples; with four, one or two may be lost.
  private static let samplesMin: Double = 4

  package static let implies = ["stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    let kept = retention(subject.stack)
    let every = subject.yaml("prometheus/prometheus.yml")?.tree["global"]?["scrape_interval"]
      .flatMap { seconds($0.scalarText ?? "") }
    return subject.alertFiles.flatMap { file, alerts in
      alerts.flatMap { alert -> [Violation] in
        let windows = windows(of: alert.expression, subject)
        let lands = file.landing(line: alert.line)
        let longest = windows.max() ?? 0
        let shortest = windows.min() ?? .infinity
        var violations: [Violation] = []
        if let kept, longest > kept {
          violations.append(Violation(.forgotten(alert.name, longest, kept), lands: lands))
        }
        if let every, shortest < every * samplesMin {
          violations.append(Violation(.blind(alert.name, shortest, every), lands: lands))
        }
        return violations
      }
    }
  }

  private static func retention(_ stack: ReadFile<LocatedValue>?) -> Double? {
    let words = stack?.tree["services"]?[PartName.prometheus]?["command"]?.list ?? []
    let prefix = "--storage.tsdb.retention.time="
    return words.compactMap(\.scalarText).first { $0.hasPrefix(prefix) }
      .flatMap { seconds(String($0.dropFirst(prefix.count).prefix { $0 != " " })) }
  }

  /// The ranges of all selectors, in seconds, subqueries included.
  private static func windows(of expression: String, _ subject: Subject) -> [Double] {
    guard let parsed = try? subject.readings.query(expression).get() else { return [] }
    return Inventory(parsed).selectors.flatMap { use in
      ([use.range] + use.subqueries.map(\.range)).compactMap { $0.flatMap { literal($0) } }
    }
  }

  private static func literal(_ range: DurationExpression) -> Double? {
    guard case .literal(let number) = range.node else { return nil }
    return number.value
  }

  private static func seconds(_ text: String) -> Double? {
    guard let parsed = try? Parser.parse("x[\(text)]") else { return nil }
    return Inventory(parsed).selectors.first?.range.flatMap { literal($0) }
  }
}

extension String {
  fileprivate static func forgotten(_ alert: String, _ window: Double, _ kept: Double) -> String {
    "alert '\(alert)' looks back \(Int(window)) s, and samples are kept \(Int(kept)) s"
  }
  fileprivate static func blind(_ alert: String, _ window: Double, _ every: Double) -> String {
    "alert '\(alert)' looks back \(Int(window)) s, in which there are fewer than four samples, "
      + "one every \(Int(every)) s"
  }
}
