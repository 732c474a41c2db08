import PromQL
import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every query that would be written, into a file of rules or a dashboard, names a metric that
/// something exports, with labels and values it has. Looks at the bytes. (C-24, S17-ALERT-11)
package enum WrittenQueriesAreAnswered: Rule {
  package static let id = "queries/written-queries-are-answered"
  package static let why = QueriesNameWhatIsExported.why
  package static let fix = "this is a defect of the generator: please report the query"
  package static let source = ["C-24", "S17-ALERT-11"]

  package static let breakers: [Breaker] = [
    .file(
      "a metric that nobody exports", "prometheus/rules/critical.yml",
      replacing: "http_requests_total{", with: "http_request_total{"),
    .file(
      "a label that the metric lacks", "prometheus/rules/critical.yml",
      replacing: "http_requests_total{status=", with: "http_requests_total{state="),
    .file(
      "a value that it never has", "prometheus/rules/critical.yml",
      replacing: "status=\"5xx\"", with: "status=\"7xx\""),
    .file(
      "a panel about nothing", "grafana/dashboards/overview.json",
      replacing: "rate(http_requests_total", with: "rate(http_request_total"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let known = subject.readings.known(subject.environment)
    let rules = subject.yamls(in: "prometheus/rules").flatMap { file in
      queries(in: file.tree, of: nil).map { (file, $0) }
    }
    let panels = subject.jsons(in: "grafana/dashboards").flatMap { file in
      queries(in: file.tree, of: nil).map { (file, $0) }
    }
    return (rules + panels).flatMap { file, query in
      problems(of: query, known, subject).map {
        Violation($0, lands: file.landing(line: query.value.start.line))
      }
    }
  }

  private struct Written {
    let what: String
    let value: LocatedValue
  }

  private static func problems(
    of query: Written, _ known: KnownSeries, _ subject: Subject
  ) -> [String] {
    guard let text = query.value.scalarText else { return [] }
    switch subject.readings.query(text) {
    case .success(let expression): return known.problems(in: expression, of: query.what)
    case .failure(let error):
      return ["\(query.what) is not PromQL: \(error.description)"]
    }
  }

  /// Everything that stands under `expr`, however deep, with the nearest name above it.
  private static func queries(in value: LocatedValue, of what: String?) -> [Written] {
    if let list = value.list { return list.flatMap { queries(in: $0, of: what) } }
    guard let map = value.map else { return [] }
    let name = ["alert", "record", "title"].lazy.compactMap { key in
      value[key]?.scalarText.map { "\(key == "title" ? "panel" : key) '\($0)'" }
    }.first
    return map.flatMap { member -> [Written] in
      guard member.key != "expr" else {
        return [Written(what: name ?? what ?? "a query", value: member.value)]
      }
      return queries(in: member.value, of: name ?? what)
    }
  }
}
