import FlowrexAPI
import FlowrexContract
import FlowrexSupport
import Foundation
import ServiceContract
import TestSupport
import Testing

/// The service against its contract, both ways: what it exports, mounts and opens is what the
/// contract says, and the reverse. What a compiler cannot see is seen here.
@Suite struct TwoWayTests {
  @Test(
    .covers("S17-CL-OBS-03", "C-23", "S17-MET-08", "S04-OBS-01", "S18-HS-08"))
  func `metrics exposed are the contract's, with its labels and values`() async throws {
    try await RunningService.run { service in
      let text = try await service.metrics()
      var types: [String: String] = [:]
      var labels: [String: [String: Set<String>]] = [:]
      for line in text.split(separator: "\n") {
        if line.hasPrefix("# TYPE ") {
          let words = line.split(separator: " ")
          types[String(words[2])] = String(words[3])
        } else if !line.hasPrefix("#") {
          let name = String(line.prefix { $0 != "{" && $0 != " " })
          for pair in line.matches(of: /([a-z_]+)="([^"]*)"/) {
            labels[name, default: [:]][String(pair.1), default: []].insert(String(pair.2))
          }
        }
      }
      let families = Program.backend.metrics
      #expect(
        types == Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0.kind.rawValue) }))
      for family in families {
        for series in family.seriesNames {
          var found = labels[series] ?? [:]
          if series.hasSuffix("_bucket") {
            #expect(found["le"] == Set(family.buckets + ["+Inf"]), "\(series)")
            found["le"] = nil
          }
          #expect(Set(found.keys) == Set(family.labels.map(\.name)), "\(series)")
          for label in family.labels {
            guard let values = label.values else { continue }
            #expect(found[label.name]?.isSubset(of: Set(values)) == true, "\(series)")
            // What cannot occur together is not listed; each value occurs somewhere.
            let isRequest = series.hasPrefix("http_request")
            #expect(isRequest || found[label.name] == Set(values), "\(series) \(label.name)")
          }
        }
      }
    }
  }

  @Test(.covers("S18-ARCH-04", "S04-DOC-05"))
  func `routes mounted are the contract's, less those not yet served`() async throws {
    try await RunningService.run { service in
      let document = try #require(await service.ask("GET", "/api/v1/openapi.json"))
      struct Document: Decodable {
        let openapi: String
        let paths: [String: [String: Ignored]]
      }
      struct Ignored: Decodable {}
      let published = try JSONDecoder().decode(Document.self, from: Data(document.body.utf8))
      #expect(published.openapi == "3.1.0")
      let operations = published.paths.flatMap { path, methods in
        methods.keys.map { "\($0.uppercased()) \(path)" }
      }
      // OpenAPI has no WebSockets.
      let described = Program.backend.routes.filter { $0.method != .webSocket }
      #expect(Set(operations) == Set(described.map(\.text)))

      for route in Program.backend.routes {
        let path = route.path.replacing(/\{[a-z]+\}/, with: "1")
        let method = route.method == .webSocket ? "GET" : route.method.rawValue
        let answer = try #require(await service.ask(method, path))
        // Nobody is signed in: it asks who it is, or answers.
        #expect(answer.status != 404 && answer.status != 405, "\(route.text)")
        if route.auth != .anonymous {
          #expect(answer.status == 401, "\(route.text)")
        }
      }
    }
  }

  @Test(.covers("C-05", "S17-MET-09", "S17-VAR-54"))
  func `ports opened are the contract's two, and metrics are on the inner one only`() async throws {
    try await RunningService.run { service in
      #expect(Program.backend.ports.count == 2)
      // The one is opened a moment after the other.
      let ports: Set = [service.port, service.metricsPort]
      for _ in 0..<100 where try service.listeningPorts() != ports {
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(try service.listeningPorts() == ports)
      #expect(await service.ask("GET", "/metrics")?.status == 404)
      for route in Program.backend.insideRoutes {
        let answer = try #require(
          await RawClient.ask("GET", route.path, port: service.metricsPort))
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      }
      for route in Program.backend.routes where route.method == .get {
        let answer = await RawClient.ask("GET", route.path, port: service.metricsPort)
        #expect(answer?.status == 404, "\(route.path)")
      }
    }
  }

  @Test(.covers("C-33", "S17-VAR-05"))
  func `the process says the digest that the release record asks for`() async throws {
    let workflow = try String(
      contentsOfFile: "\(packageRoot)/.github/workflows/deploy.yml", encoding: .utf8)
    let digest = try #require(workflow.firstMatch(of: /CONTRACT: .?([0-9a-f]{64})/)?.1)
    try await RunningService.run(["APP_VERSION": "1.2.3", "APP_COMMIT": "abc"]) { service in
      let series =
        #"flowrex_build_info{version="1.2.3",commit="abc",contract_digest="\#(digest)"}"#
      let value = try await service.metric(series)
      #expect(value == 1)
    }
  }
}
