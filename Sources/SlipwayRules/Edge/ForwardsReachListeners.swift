import ServiceContract
import SlipwayDiagnostics
import SlipwayModel

/// What the edge forwards to is a service that listens there. (N02, M01)
package enum ForwardsReachListeners: Rule {
  package static let id = "edge/forwards-reach-listeners"
  package static let why = "nginx answers 502 for every request that it cannot hand on"
  package static let fix = "forward to a component that this environment runs, on one of its ports"
  package static let source = ["C-05", "S17-VAR-09", "S18-NGX-07"]

  package static let breakers: [Breaker] = [
    .model("the backend is gone") { environment in
      environment.services.removeAll { $0.name == environment.edge?.upstreams.first?.service }
    },
    .model("the backend listens elsewhere") { environment in
      guard let name = environment.edge?.upstreams.first?.service else { return }
      environment.edit(name) { $0.ports.removeAll { $0.reach == .edge } }
    },
  ]
  package static let implies = [
    "scrapes/reach-listeners", "database/schema-is-migrated", "secrets/reach-their-readers",
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let edge = subject.environment.edge else { return [] }
    return edge.upstreams.compactMap { upstream in
      guard let service = subject.environment.service(upstream.service) else {
        return Violation(
          .missing(upstream.service), written: [edge.origin.at("forwards")],
          label: "forwarded here")
      }
      if service.ports.contains(where: { $0.number == upstream.port }) { return nil }
      return Violation(
        .silent(upstream.service, upstream.port),
        written: [edge.origin.at("forwards")] + service.written(.ports), label: "forwarded here")
    }
  }
}

extension String {
  fileprivate static func missing(_ name: String) -> String {
    "the edge would forward to '\(name)', which this environment does not run"
  }
  fileprivate static func silent(_ name: String, _ port: Int) -> String {
    "the edge would forward to '\(name)' on port \(port), where nobody listens"
  }
}
