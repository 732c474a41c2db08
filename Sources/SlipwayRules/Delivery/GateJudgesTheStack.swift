import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What the gate looks for is what is deployed: each service with as many replicas as the stack
/// has, each job that Prometheus scrapes, each secret that values are made for. Looks at the bytes
/// of `gate.json` and of the files it speaks of. (S17-HS-10, S18-HS-07, S18-HS-08)
package enum GateJudgesTheStack: Rule {
  package static let id = "delivery/gate-judges-the-stack"
  package static let why =
    "a gate that looks for something else lets in what is broken, or nothing at all"
  package static let fix = "this is a defect of the generator: please report the environment"
  package static let source = ["S17-HS-10", "S18-HS-07", "S18-HS-08", "S17-HS-03"]

  package static let breakers: [Breaker] = [
    .file(
      "a service that there is not", "gate.json", replacing: "\"name\": \"backend\"",
      with: "\"name\": \"backent\""),
    .file(
      "fewer replicas than are deployed", "gate.json", replacing: "\"replicas\": 3",
      with: "\"replicas\": 1"),
    .file(
      "a target that is not scraped", "gate.json", replacing: "\"job\": \"backend\"",
      with: "\"job\": \"backent\""),
    .file(
      "a secret that nobody asks for", "gate.json",
      replacing: "\"name\": \"DATABASE_PASSWORD\"", with: "\"name\": \"DATABASE_PASS\""),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let file = subject.file("gate.json"),
      let gate = subject.readings.json(file)
    else { return [] }
    return [
      (
        "services", names(gate["services"], "name") { " ×\($0["replicas"]?.scalarText ?? "")" },
        deployed(subject, on: gate["nodes"]?.list ?? [])
      ),
      ("scrapes", names(gate["scrapes"], "job"), scraped(subject)),
      ("secrets.keys", names(gate["secrets"]?["keys"], "name"), made(subject)),
    ].flatMap { place, asked, there -> [Violation] in
      let node = place.split(separator: ".").reduce(gate as LocatedValue?) { $0?[String($1)] }
      let lands = Landing(path: file.path, place: place, line: node?.start.line)
      return asked.subtracting(there).sorted().map { Violation(.strange($0, place), lands: lands) }
        + there.subtracting(asked).sorted().map { Violation(.unasked($0, place), lands: lands) }
    }
  }

  private static func names(
    _ list: LocatedValue?, _ key: String, more: (LocatedValue) -> String = { _ in "" }
  ) -> Set<String> {
    Set((list?.list ?? []).map { ($0[key]?.scalarText ?? "") + more($0) })
  }

  /// One on every machine is as many as there are machines with its label.
  private static func deployed(_ subject: Subject, on nodes: [LocatedValue]) -> Set<String> {
    Set(
      (subject.stack?.tree["services"]?.map ?? []).map { service in
        let deploy = service.value["deploy"]
        if let count = deploy?["replicas"]?.scalarText { return "\(service.key) ×\(count)" }
        let label = deploy?["placement"]?["constraints"]?.list?.first?.scalarText.flatMap {
          $0.split(separator: " ").first?.split(separator: ".").last
        }
        let machines = nodes.filter { node in
          guard let label else { return true }
          return (node["labels"]?.list ?? []).contains { $0.scalarText == String(label) }
        }
        return "\(service.key) ×\(machines.count)"
      })
  }

  private static func scraped(_ subject: Subject) -> Set<String> {
    names(subject.yaml("prometheus/prometheus.yml")?.tree["scrape_configs"], "job_name")
  }

  private static func made(_ subject: Subject) -> Set<String> {
    names(subject.file("secrets.json").flatMap(subject.readings.json)?["secrets"], "key")
  }
}

extension String {
  fileprivate static func strange(_ name: String, _ place: String) -> String {
    "the gate would ask for '\(name)' under '\(place)', which is not deployed"
  }
  fileprivate static func unasked(_ name: String, _ place: String) -> String {
    "'\(name)' is deployed, and the gate would not ask for it under '\(place)'"
  }
}
