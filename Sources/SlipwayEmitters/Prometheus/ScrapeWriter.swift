import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// `prometheus.yml`: intervals, labels, rule files, Alertmanager, targets. (S18-PROM-01 … 08)
struct ScrapeWriter {
  let environment: ResolvedEnvironment
  let ruleFiles: [String]

  /// A target that exports more is broken; its samples are refused before they fill the memory,
  /// and the alert on targets says so. The largest known, PostgreSQL's exporter, has some thousand.
  private static let samplesMax = 50_000

  private var monitoring: MonitoringValue { environment.specification.monitoring }
  private var intervalOrigins: [Origin] { [monitoring.origin.at("scrapesEvery")] }

  var document: YAMLNode {
    let interval = monitoring.scrapesEvery
    return .map([
      .entry(
        "global",
        .map([
          .entry("scrape_interval", .string(interval.prometheusText, from: intervalOrigins)),
          .entry("scrape_timeout", .string(timeout(interval), from: intervalOrigins)),
          .entry("evaluation_interval", .string(interval.prometheusText, from: intervalOrigins)),
          .entry(
            "external_labels",
            .map([
              .entry("cluster", .string(environment.stack, from: [environment.origin])),
              .entry("environment", .string(environment.name, from: [environment.origin])),
            ])),
        ])),
      // Named one by one: a pattern that matches nothing loads nothing, and tells nobody. (C14)
      .entry("rule_files", .list(ruleFiles.map { .string($0) })),
      .entry("alerting", alerting),
      .entry("scrape_configs", .list(environment.scrapes.map(job))),
    ])
  }

  private var alerting: YAMLNode {
    .map([
      .entry(
        "alertmanagers",
        .list([
          .map([
            .entry("scheme", "http"),
            .entry(
              "dns_sd_configs",
              addresses(of: [PartName.alertmanager], port: alertmanagerPort, from: [])),
          ])
        ]))
    ])
  }

  private var alertmanagerPort: Int {
    environment.service(PartName.alertmanager)?.ports.first?.number ?? 9093
  }

  private func job(_ job: ScrapeJob) -> YAMLNode {
    .map(
      [
        .entry("job_name", .string(job.name, from: [job.origin])),
        .entry("scrape_interval", .string(job.interval.prometheusText, from: intervalOrigins)),
        .entry("scrape_timeout", .string(timeout(job.interval), from: intervalOrigins)),
        .entry("metrics_path", .string(job.path)),
        .entry("sample_limit", .integer(Self.samplesMax)),
        .entry("dns_sd_configs", addresses(of: job.services, port: job.port, from: [job.origin])),
        .entry("relabel_configs", .list([serviceLabel])),
      ], from: [job.origin])
  }

  /// Each container is asked by its own address; one name with many addresses is answered in turns,
  /// and counters of different processes would mix. (M03)
  private func addresses(of names: [String], port: Int, from origins: [Origin]) -> YAMLNode {
    .list([
      .map([
        .entry("names", .list(names.map { .string($0, from: origins) })),
        .entry("type", "A"),
        .entry("port", .integer(port, from: origins)),
        .entry(
          "refresh_interval",
          .string(monitoring.scrapesEvery.prometheusText, from: intervalOrigins)),
      ])
    ])
  }

  /// Of which service a target is a container: a job may ask several.
  private var serviceLabel: YAMLNode {
    .map([
      .entry("source_labels", ["__meta_dns_name"]),
      .entry("target_label", "service"),
    ])
  }

  /// Two thirds of the interval: a slow target must not delay its own next question.
  private func timeout(_ interval: Duration) -> String {
    Duration.milliseconds(max(1, interval.wholeMilliseconds * 2 / 3)).prometheusText
  }
}

extension Duration {
  /// As Prometheus and Alertmanager read time: `90s` is `1m30s`, 1.5 s is `1s500ms`.
  var prometheusText: String {
    var rest = wholeMilliseconds
    guard rest > 0 else { return "0s" }
    var text = ""
    for (name, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] {
      if rest >= size { text += "\(rest / size)\(name)" }
      rest %= size
    }
    return rest > 0 ? text + "\(rest)ms" : text
  }
}
