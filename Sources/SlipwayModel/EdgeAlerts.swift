import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics

/// What is watched because there is an edge. An exporter that answers says nothing about the nginx
/// beside it, and one nginx of two that is gone leaves no series at all: what answers is counted
/// and compared with the nodes that were declared. (F10, S17-ALERT-05)
extension ResolvedEnvironment {
  var edgeAlerts: [RuleAlert] {
    guard let edge = service(PartName.edge), service(PartName.nginxExporter) != nil else {
      return []
    }
    let declared: Int =
      switch edge.replicas {
      case .count(let count): count
      case .everyNode: nodes.filter { edge.placement.allows($0) }.count
      }
    let down = edgeAlert(
      "EdgeDown", .critical, below: 1, for: .minutes(1), edge,
      "no edge node answers; nobody reaches anything")
    guard declared > 1 else { return [down] }
    return [
      down,
      edgeAlert(
        "EdgeNodesMissing", .critical, below: declared, for: .minutes(5), edge,
        "fewer than \(declared) edge nodes answer; the next failure closes the site"),
    ]
  }

  private func edgeAlert(
    _ name: String, _ level: RuleAlert.Level, below bound: Int, for hold: Duration,
    _ edge: ResolvedService, _ summary: String
  ) -> RuleAlert {
    let job = "nginx"
    let answering = PromQL.Expression.selector("nginx_up", [.equal("job", job)])
      .combined(.equal, .number(ExactDecimal(1))).aggregated(.count)
      .combined(.or, .call(.vector, .number(ExactDecimal(0))))
    func edges(answering count: Int) -> [ResolvedSeries] {
      (0..<bound).map { index in
        .constant(
          index < count ? "1" : "0",
          .selector("nginx_up", [.equal("instance", "\(index + 1)"), .equal("job", job)]))
      }
    }
    return RuleAlert(
      standard: name, level,
      when: answering.combined(.less, .number(ExactDecimal(Int64(bound)))), for: hold,
      summary: summary, runbook: targetsRunbook, firesOn: edges(answering: bound - 1),
      quietOn: edges(answering: bound), origin: edge.origin)
  }
}
