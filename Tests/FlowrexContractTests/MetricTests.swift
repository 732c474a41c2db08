import FlowrexContract
import ServiceContract
import TestSupport
import Testing

/// What holds for every metric of ours, so that its name alone says what it is.
@Suite struct MetricTests {
  private let metrics = Contract.flowrex.metrics

  @Test func `every name is snake case`() {
    for metric in metrics {
      #expect(metric.name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(metric.name)")
      for label in metric.labels {
        #expect(label.name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil)
        #expect(!["job", "instance", "le", "quantile"].contains(label.name), "\(metric.name)")
      }
    }
  }

  @Test func `counters and nothing else end in total`() {
    for metric in metrics {
      #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
    }
  }

  @Test func `the unit is the last word of the name`() {
    let suffixes = [
      Duration.display: "_seconds", ByteCount.display: "_bytes", Ratio.display: "_ratio",
      Money.display: "_usd", Moment.display: "_timestamp_seconds",
    ]
    // The name that every client library uses for it.
    for metric in metrics where metric.name != "process_start_time_seconds" {
      let name = metric.kind == .counter ? String(metric.name.dropLast(6)) : metric.name
      if let suffix = suffixes[metric.unit] {
        #expect(name.hasSuffix(suffix), "\(metric.name) is in \(metric.unit)")
      } else {
        #expect(!suffixes.values.contains { name.hasSuffix($0) }, "\(metric.name)")
      }
    }
  }

  @Test func `every help cites where the metric comes from`() {
    for metric in metrics { #expect(metric.help.citesSource, "\(metric.name): \(metric.help)") }
  }

  @Test(.covers("C-23")) func `a metric has fewer than 2,000 series`() {
    for metric in metrics {
      let series = metric.labels.reduce(1) { $0 * ($1.values?.count ?? 1) }
      #expect(series < 2_000, "\(metric.name) may have \(series) series")
    }
  }

  @Test func `only builds have labels that nobody can list`() {
    let open = metrics.filter { $0.labels.contains { $0.values == nil } }.map(\.name)
    #expect(open == ["flowrex_build_info"])
  }

  @Test func `label values are snake case, wire words or templates`() {
    for label in metrics.flatMap(\.labels) {
      for value in label.values ?? [] {
        #expect(
          value.wholeMatch(of: /[a-z0-9_]+|[A-Z]+|[0-9]xx|\/[a-z0-9_\/.{}-]*/) != nil,
          "\(label.name): \(value)")
      }
    }
  }

  @Test func `buckets ascend`() {
    for metric in metrics where metric.kind == .histogram {
      let bounds = metric.buckets.compactMap { ExactDecimal(text: $0) }
      #expect(bounds.count == metric.buckets.count && bounds.count > 5, "\(metric.name)")
      #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count, "\(metric.name)")
    }
  }

  @Test func `request buckets hold the target, the alert and the page`() {
    let buckets = Flowrex.httpRequestDuration.family.buckets
    for bound in ["0.05", "0.1", "2"] { #expect(buckets.contains(bound)) }
  }

  @Test func `trade counters can be divided by each other`() {
    let labels = Flowrex.tradesAttempted.family.labels
    #expect(Flowrex.tradesFailed.family.labels == labels)
    #expect(Flowrex.tradesExecuted.family.labels == labels)
  }

  @Test(.covers("C-23")) func `the labels of the documents are kept`() {
    let labels = Dictionary(
      uniqueKeysWithValues: metrics.map { ($0.name, $0.labels.map(\.name)) })
    #expect(labels["http_requests_total"] == ["method", "endpoint", "status"])
    #expect(labels["http_request_duration_seconds"] == ["method", "endpoint"])
    #expect(labels["trades_executed_total"] == ["symbol", "side", "execution_mode"])
    #expect(labels["signals_generated_total"] == ["strategy", "signal_type"])
    #expect(labels["active_strategies"] == [])
    #expect(labels["websocket_connections"] == [])
  }
}

extension String {
  /// Whether it names a requirement, a decision or a fact of the engines.
  var citesSource: Bool { contains(/S(03|04|17|18)-[A-Z0-9]+-\d\d|C-\d\d|engine fact F\d/) }
}
