extension Contract {
  /// Everything of the contract that both sides see, one line each, sorted: the order of
  /// declarations changes nothing, and help texts are not part of the agreement.
  ///
  /// Its SHA-256 is the contract's digest: in images' labels, in the release record, and in what a
  /// process says of itself. (engine fact F13)
  package var agreement: String {
    var lines = metrics.map { metric in
      let labels = metric.labels.map { label in
        ([label.name] + (label.values ?? ["*"]).sorted()).joined(separator: "|")
      }
      return ["metric", metric.name, metric.kind.rawValue, metric.unit] + labels.sorted()
    }
    lines += keys.map { ["key", $0.name, $0.type, $0.defaultText ?? "-"] }
    lines += secrets.map { ["secret", $0.name, $0.form.rawValue, String($0.bits)] }
    lines += routes.map { route in
      [
        "route", route.method.rawValue, route.path, route.auth.rawValue, route.limit?.name ?? "-",
        String(route.within.wholeMilliseconds),
      ]
    }
    lines += ports.map { ["port", $0.name, String($0.number), $0.reach.rawValue] }
    lines += limits.map { ["limit", $0.name, String($0.perMinute), String($0.burst)] }
    lines += caps.map { ["cap", $0.name, $0.limit] }
    return (lines.map { $0.joined(separator: " ") }.sorted() + [name]).joined(separator: "\n")
  }
}
