import FlowrexConfiguration
import FlowrexContract
import FlowrexSupport
import Foundation
import ServiceContract
import TestSupport
import Testing

extension ServedConsole {
  /// The console against its part of the contract, both ways.
  @Suite struct TwoWayTests {
    @Test(.covers("S17-CL-OBS-03", "C-23"))
    func `metrics exposed are the contract's, with its labels and values`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let (types, labels) = Self.read(try await console.metrics())
        let families = Program.console.metrics
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
              #expect(found[label.name] == Set(values), "\(series) \(label.name)")
            }
          }
        }
      }
    }

    /// What a text exposes: the kind of each family, and of each series its labels' values.
    private static func read(
      _ text: String
    ) -> (types: [String: String], labels: [String: [String: Set<String>]]) {
      var types: [String: String] = [:]
      var labels: [String: [String: Set<String>]] = [:]
      for line in text.split(separator: "\n") {
        if line.hasPrefix("# TYPE ") {
          let words = line.split(separator: " ")
          types[String(words[2])] = String(words[3])
        } else if !line.hasPrefix("#") {
          let name = String(line.prefix { $0 != "{" && $0 != " " })
          guard let open = line.firstIndex(of: "{"), let close = line.lastIndex(of: "}") else {
            continue
          }
          for pair in line[line.index(after: open)..<close].split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            let value = String(parts[1].dropFirst().dropLast())
            labels[name, default: [:]][String(parts[0]), default: []].insert(value)
          }
        }
      }
      return (types, labels)
    }

    @Test(.covers("S17-CL-OBS-03"))
    func `every route is mounted, drives its metrics, and nothing else is there`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let session = try await console.signedIn()
        let before = try await console.metrics()
        for route in Program.console.routes {
          let path = route.path.replacing(/\{[a-z]+\}/, with: "1")
          let answer =
            route.method == .get
            ? try await console.get(path, cookie: session.cookie)
            : try await console.post(path, [], cookie: session.cookie)
          #expect(answer.status != 405, "\(route.path)")
          // A form without its token is refused, and so it is there.
          if route.method == .post { #expect(answer.status == 403, "\(route.path)") }
        }
        let after = try await console.metrics()
        for route in Program.console.routes {
          let series =
            "console_requests_total{method=\"\(route.method.rawValue)\",page=\"\(route.path)\""
          let count = { (text: String) in
            text.split(separator: "\n").filter { $0.hasPrefix(series) }
              .compactMap { Int($0.split(separator: " ").last ?? "") }.reduce(0, +)
          }
          #expect(count(after) > count(before), "\(route.path)")
        }
        for path in ["/metrics", "/health", "/admin", "/orders/1/2", "/.env", "/static/"] {
          #expect(try await console.get(path).status == 404, "\(path)")
        }
        let wrong = try #require(await console.ask("DELETE", "/orders"))
        #expect(wrong.status == 405 && wrong["allow"] == "GET, POST")
      }
    }

    @Test(.covers("C-05")) func `ports opened are the contract's two`() async throws {
      try await RunningConsole.runWithService { console, _ in
        #expect(Program.console.ports.count == 2)
        let ports: Set = [console.port, console.metricsPort]
        for _ in 0..<100 where try console.listeningPorts() != ports {
          try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try console.listeningPorts() == ports)
        for route in Program.console.routes where route.method == .get {
          let answer = await RawClient.ask("GET", route.path, port: console.metricsPort)
          #expect(answer?.status == 404, "\(route.path)")
        }
      }
    }

    @Test
    func `keys and secrets read are the contract's`() throws {
      let configuration = try ConsoleConfiguration.read(["ENVIRONMENT": "development"]) { _, _ in
        nil
      }
      #expect(configuration.keysRead == Set(Program.console.keys.map(\.name)))
      #expect(configuration.secretsRead == Set(Program.console.secrets.map(\.name)))
      #expect(configuration.settings.process.component == "console")
    }

    @Test(.covers("C-33", "S17-VAR-05"))
    func `the process says the digest that the release record asks for`() async throws {
      let workflow = try String(
        contentsOfFile: "\(packageRoot)/.github/workflows/deploy.yml", encoding: .utf8)
      let digest = try #require(workflow.firstMatch(of: /CONTRACT: .?([0-9a-f]{64})/)?.1)
      try await RunningConsole.runWithService(["APP_VERSION": "1.2.3", "APP_COMMIT": "abc"]) {
        console, _ in
        let series =
          #"flowrex_build_info{version="1.2.3",commit="abc",contract_digest="\#(digest)"}"#
        let value = try await console.metric(series)
        #expect(value == 1)
      }
    }
  }
}
