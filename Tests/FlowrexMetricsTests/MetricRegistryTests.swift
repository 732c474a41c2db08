import FlowrexContract
import FlowrexMetrics
import Foundation
import ServiceContract
import TestSupport
import Testing

@Suite struct MetricRegistryTests {
  @Test(
    .covers("S17-CL-OBS-03", "S04-OBS-01", "S17-MET-09"), arguments: Program.allCases)
  func `every metric of a program is there from the start, at zero`(program: Program) {
    let text = MetricRegistry(program).text()
    for family in program.metrics {
      #expect(text.contains("# TYPE \(family.name) \(family.kind.rawValue)\n"))
      let isOpen = family.labels.contains { $0.values == nil }
      let names = family.seriesNames.map { "\n\($0)" }
      for name in names {
        #expect(text.contains(name + "{") || text.contains(name + " ") || isOpen, "\(name)")
      }
    }
    let values = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .compactMap { $0.split(separator: " ").last }
    #expect(values.allSatisfy { $0 == "0" })
    #expect(values.count > 0 || program.metrics.isEmpty)
  }

  @Test(.covers("C-23"))
  func `the number of series is bounded before anybody asks`() {
    let text = MetricRegistry(.backend).text()
    #expect(text.split(separator: "\n").count < 4_000)
    for route in Program.backend.routes where route.method != .webSocket {
      #expect(
        text.contains(
          "http_requests_total{method=\"\(route.method.rawValue)\",endpoint=\"\(route.path)\","
            + "status=\"5xx\"} 0\n"))
    }
  }

  @Test(.covers("S17-MET-01", "S17-MET-02"))
  func `what is recorded stands in its series and in no other`() {
    let registry = MetricRegistry(.backend)
    let before = registry.text().split(separator: "\n")
    registry.add(
      to: Flowrex.httpRequests, .of(\.status, .success), .of(\.method, .post),
      .of(\.endpoint, .login))
    registry.observe(
      Flowrex.httpRequestDuration, .milliseconds(30), .of(\.method, .get),
      .of(\.endpoint, .health))
    registry.set(Flowrex.webSocketConnectionsLimit, to: 100)
    registry.add(1, to: Flowrex.httpRequestsInProgress)
    registry.add(-1, to: Flowrex.httpRequestsInProgress)
    let changed = Set(registry.text().split(separator: "\n")).subtracting(before)
    let bucket = #"http_request_duration_seconds_bucket{method="GET",endpoint="/health",le="#
    let rest = #"{method="GET",endpoint="/health"}"#
    #expect(
      changed
        == Set(
          [
            #"http_requests_total{method="POST",endpoint="/api/v1/auth/login",status="2xx"} 1"#,
            "websocket_connections_limit 100",
            "http_request_duration_seconds_sum\(rest) 0.03",
            "http_request_duration_seconds_count\(rest) 1",
          ].map { Substring($0) }
            + ["0.05", "0.1", "0.25", "0.5", "1", "2", "5", "10", "+Inf"].map {
              "\(bucket)\"\($0)\"} 1"
            }))
  }

  @Test func `what could not occur is listed once it did`() {
    let registry = MetricRegistry(.backend)
    let line = #"http_requests_total{method="DELETE",endpoint="/health",status="4xx"}"#
    #expect(!registry.text().contains(line))
    registry.add(
      to: Flowrex.httpRequests, .of(\.method, .delete), .of(\.endpoint, .health),
      .of(\.status, .clientError))
    #expect(registry.text().contains(line + " 1\n"))
  }

  @Test func `a value on a bucket's bound is in that bucket`() {
    let registry = MetricRegistry(.backend)
    registry.observe(
      Flowrex.httpRequestDuration, .seconds(2), .of(\.method, .get), .of(\.endpoint, .health))
    let text = registry.text()
    #expect(text.contains(#"endpoint="/health",le="1"} 0"#))
    #expect(text.contains(#"endpoint="/health",le="2"} 1"#))
  }

  @Test func `what an open label holds cannot break the text`() {
    let registry = MetricRegistry(.backend)
    registry.set(
      Flowrex.buildInfo, to: 1, .of(\.version, "1\n\"\\"), .of(\.commit, "c"),
      .of(\.contract, "d"))
    let line = #"flowrex_build_info{version="1\n\"\\",commit="c",contract_digest="d"} 1"#
    #expect(registry.text().contains(line + "\n"))
  }

  @Test func `a metric of another program ends the process`() async {
    await #expect(processExitsWith: .failure) {
      MetricRegistry(.migrate).add(to: Flowrex.logins)
    }
  }

  @Test func `a label that is not given ends the process`() async {
    await #expect(processExitsWith: .failure) {
      MetricRegistry(.backend).add(to: Flowrex.loginFailures)
    }
  }

  @Test(.covers("S17-ALERT-09", "S17-ALERT-10"))
  func `the kernel says what this process uses`() throws {
    let registry = MetricRegistry(.worker)
    ProcessFacts.collect(into: registry)
    func value(_ name: String) throws -> Double {
      let line = try #require(
        registry.text().split(separator: "\n").first { $0.hasPrefix(name + " ") })
      return try #require(Double(line.dropFirst(name.count + 1)))
    }
    #expect(try value("process_resident_memory_bytes") > 1_000_000)
    #expect(try value("process_cpu_seconds_total") >= 0)
    #expect(try (3..<100_000).contains(Int(value("process_open_fds"))))
    #expect(try value("process_max_fds") >= value("process_open_fds"))
    let started = try value("process_start_time_seconds")
    #expect(abs(started - Date.now.timeIntervalSince1970) < 86_400)
  }

  @Test(.covers("S17-MET-09"))
  func `Prometheus' own tool reads the text`() async throws {
    let registry = MetricRegistry(.backend)
    ProcessFacts.collect(into: registry)
    let output = try await Tool.run("promtool", ["check", "metrics"], input: registry.text())
    // Status 3 is advice on names, which are the documents'; a text it cannot read is status 1.
    #expect([0, 3].contains(output.status), "\(output)")
    #expect(!output.stderr.contains("error while linting"), "\(output)")
  }
}
