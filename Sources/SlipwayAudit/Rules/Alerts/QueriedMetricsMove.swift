/// A metric that is asked for is also set. (C-24)
enum QueriedMetricsMove: AuditRule {
  static let id = "alerts/queried-metrics-move"
  static let why = "a gauge that nobody sets shows 0 for ever: the panel calms, the alert sleeps"
  static let fix = "set it where the thing it counts changes, or take the query out"
  static let source = ["C-24", "S17-MET"]
  static let wrong = [
    Fixture.files(
      [
        "app/metrics.py": "queue = Gauge('web_queue_length', 'Waiting')\n",
        "rules/alerts.yml": """
        groups:
          - name: a
            rules:
              - alert: Long
                expr: web_queue_length > 10
        """,
      ], at: "rules/alerts.yml:5")
  ]
  static let right = [
    Fixture.files([
      "app/metrics.py": "queue = Gauge('web_queue_length', 'Waiting')\n",
      "app/queue.py": "from metrics import queue\nqueue.set(3)\n",
      "rules/alerts.yml":
        "groups: [{name: a, rules: [{alert: Long, expr: web_queue_length > 10}]}]",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    var still: [String: String] = [:]
    for metric in deployment.declaredMetrics where metric.kind == "Gauge" {
      let isSet = deployment.sources.contains { file in
        [".set(", ".inc(", ".dec(", ".labels(", ".set_function(", ".track_inprogress("].contains {
          file.text.contains(metric.variable + $0)
        }
      }
      if !isSet { still[metric.name] = metric.variable }
    }
    return deployment.allQueries.flatMap { query, holder in
      query.metrics.filter { still[$0] != nil }.map {
        .warning("\(holder) asks for '\($0)', which no source here ever sets", at: query.spot)
      }
    }
  }
}
