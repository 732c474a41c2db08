import ServiceContract
import Slipway
import SlipwayModel

/// The reference of a contract: every key, secret, route, port, limit, cap and metric.
/// (S04-DOC-02, S04-DOC-07, C-23)
struct ConfigurationPage {
  let reference: ContractUse

  private var contract: Contract { reference.contract }

  var page: Page {
    var page = Page(title: "\(reference.project.name): reference")
    page.say(
      """
      What the service and the files that deploy it agree on. Who may reach what, and how much of \
      it runs, is said on the page of each environment.
      """
    )
    page.bullets(
      reference.environments.map { environment in
        Page.Item("\(environment.name, at: "\(environment.name)/README.md")")
      })
    describeKeys(in: &page)
    describeSecrets(in: &page)
    describeRoutes(in: &page)
    describePorts(in: &page)
    describeCaps(in: &page)
    describeMetrics(in: &page)
    return page
  }

  private func describeKeys(in page: inout Page) {
    page.section("Keys")
    page.say(
      """
      What changes a value is an argument in the file of an environment: \(code: "overriding:") \
      of its \(code: "configuration:"), or of one \(code: ".run(…)") for one component. What \
      follows from the stage is not chosen, and what the build states is in the image.
      """)
    for group in reference.groups {
      page.section(.words(reference.title(of: group)), level: 3)
      let rows = group.keys.map { key in
        Table.Row(
          [
            .code(key.name), .note(key.type), key.defaultText.map(Prose.code) ?? "–",
            KeyChange(key, in: reference).words, .note(key.help),
          ], from: reference.origins(of: key))
      }
      page.table(
        Table(["Key", "Type", "Default", "Changed by", "What it is"], rows), none: "None.")
    }
  }

  private func describeSecrets(in page: inout Page) {
    page.section("Secrets")
    page.say("A secret has a name, a strength and an age. Its value stands in no file.")
    let rows = reference.secrets.map { secret in
      Table.Row(
        [
          .code(secret.name), .words(secret.form.readable),
          secret.bits > 0 ? "\(secret.bits) bits" : "–", .words(secret.rotateAfter.readable),
          .codes(reference.readers(of: secret)), .note(secret.help),
        ], from: reference.origins(of: secret))
    }
    let columns: [Prose] = [
      "Secret", "Form", "At least", "Replaced after", "Read by", "What it is",
    ]
    page.table(Table(columns, rows), none: "There are none.")
  }

  private func describeRoutes(in page: inout Page) {
    page.section("Routes")
    let rows = contract.routes.map { route in
      Table.Row([
        .code(route.method.rawValue), .code(route.path), .words(route.auth.readable),
        route.limit.map { .code($0.name) } ?? "none", .words(route.within.readable),
        .note(route.summary),
      ])
    }
    page.table(
      Table(["Method", "Path", "Who may", "Limit", "Answers within", "What it does"], rows),
      none: "There are none.")
    page.section("Limits")
    let limits = contract.limits.map {
      Table.Row([.code($0.name), "\($0.perMinute)", "\($0.burst)"])
    }
    page.table(Table(["Limit", "A minute", "At once"], limits), none: "There are none.")
  }

  private func describePorts(in page: inout Page) {
    page.section("Ports")
    let rows = contract.ports.map {
      Table.Row([.code($0.name), "\($0.number)", .words($0.reach.readable)])
    }
    page.table(Table(["Port", "Number", "Reached by"], rows), none: "There are none.")
  }

  private func describeCaps(in page: inout Page) {
    guard !contract.caps.isEmpty else { return }
    page.section("Caps")
    page.say("No configuration raises a cap; a key may tighten it.")
    let rows = contract.caps.map { cap in
      Table.Row([
        .code(cap.name), .words(cap.limit), cap.tightenedBy.map(Prose.code) ?? "–",
        .note(cap.help),
      ])
    }
    page.table(Table(["Cap", "Limit", "Tightened by", "Of what"], rows), none: "None.")
  }
}

// MARK: - Metrics

extension ConfigurationPage {
  /// Longer lists of label values stand below the table.
  private static let valuesInTable = 8

  private func describeMetrics(in page: inout Page) {
    page.section("Metrics")
    let rows = contract.metrics.map { metric in
      Table.Row([
        .code(metric.name), .words(metric.kind.rawValue), .words(metric.unitWords),
        metric.labels.isEmpty ? "–" : .list(metric.labels.map(label)), .note(metric.help),
      ])
    }
    page.table(
      Table(["Metric", "Kind", "Unit", "Labels", "What it is"], rows), none: "There are none.")
    let long = longLabels
    guard !long.isEmpty else { return }
    page.section("Values of labels", level: 3)
    page.bullets(
      long.map { label, metrics in
        Page.Item(
          "\(code: label.name) of \(Prose.codes(metrics)): \(Prose.codes(label.values ?? []))")
      })
  }

  private func label(_ label: LabelDeclaration) -> Prose {
    guard let values = label.values else { return "\(code: label.name): anything" }
    guard values.count <= Self.valuesInTable else {
      return "\(code: label.name): \("\(values.count) values", at: "#values-of-labels")"
    }
    return "\(code: label.name) (\(Prose.codes(values)))"
  }

  /// Each long list once, with the metrics that have it.
  private var longLabels: [(LabelDeclaration, [String])] {
    var found: [(label: LabelDeclaration, metrics: [String])] = []
    for metric in contract.metrics {
      for label in metric.labels where (label.values?.count ?? 0) > Self.valuesInTable {
        if let index = found.firstIndex(where: { $0.label == label }) {
          found[index].metrics.append(metric.name)
        } else {
          found.append((label, [metric.name]))
        }
      }
    }
    return found.map { ($0.label, $0.metrics) }
  }
}

extension MetricFamily {
  /// The unit in words; what a dashboard calls it where there is no better one.
  fileprivate var unitWords: String {
    let words = [
      "s": "seconds", "percentunit": "ratio", "short": "number", "reqps": "per second",
      "Bps": "bytes per second", "currencyUSD": "US dollars", "dateTimeAsIso": "moment",
    ]
    return words[unit] ?? unit
  }
}

extension Auth {
  fileprivate var readable: String {
    switch self {
    case .anonymous: "anybody"
    case .user: "signed in"
    case .admin: "administrators"
    }
  }
}
