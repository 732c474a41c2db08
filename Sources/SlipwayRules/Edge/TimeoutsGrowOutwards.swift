import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// Whoever waits for somebody waits longer than that one may take, all the way from the store to
/// the engine. (C-35, engine fact F9)
package enum TimeoutsGrowOutwards: Rule {
  package static let id = "edge/timeouts-grow-outwards"
  package static let why =
    "who waits for less than the other takes gives up on work that then happens all the same"
  package static let fix = "lower the shorter span's setting, or raise those that wait for it"
  package static let source = ["C-35", "S17-VAR-16", "S18-NGX-16", "S03-VAR-05", "S03-VAR-13"]

  package static let breakers: [Breaker] = [
    .model("a statement that outlives its request") { environment in
      environment.edit("backend") { $0.state("STATEMENT_TIMEOUT_SECONDS", "12") }
    },
    .model("a request that outlives the edge's patience") { environment in
      environment.edit("backend") { $0.state("REQUEST_TIMEOUT_SECONDS", "15") }
    },
    .model("an engine that kills before the edge has given up") { environment in
      environment.edit("backend") { $0.stopsWithin = .seconds(14) }
    },
  ]

  package static let implies = ["stack/settings-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    return environment.specification.runs.flatMap { run -> [Violation] in
      guard let service = environment.service(run.component.name) else { return [] }
      let isBehindEdge =
        environment.edge?.upstreams.contains { $0.service == service.name } ?? false
      let spans = environment.project.contract.timeouts.compactMap {
        span(of: $0, in: service, keys: run.component.keys, isBehindEdge: isBehindEdge)
      }
      return zip(spans, spans.dropFirst()).compactMap { inner, outer in
        guard inner.seconds >= outer.seconds else { return nil }
        return Violation(
          .inverted(service.name, inner, outer),
          written: inner.written + outer.written, label: "written here")
      }
    }
  }

  /// The step's span for this service; `nil` for one that it has no part in.
  private static func span(
    of step: TimeoutStep, in service: ResolvedService, keys: [KeyDeclaration], isBehindEdge: Bool
  ) -> Span? {
    switch step.place {
    case .key(let name):
      guard let key = keys.first(where: { $0.name == name }),
        let seconds = service.value(of: key).flatMap({ ExactDecimal(text: $0) })
      else { return nil }
      let stated = service.environment.first { $0.key == name }?.origins ?? []
      return Span(name: step.name, seconds: seconds, written: stated)
    case .edge:
      guard isBehindEdge else { return nil }
      return Span(name: step.name, seconds: step.limit.number, written: [])
    case .engine:
      return Span(
        name: step.name, seconds: service.stopsWithin.number,
        written: service.written(.stopsWithin))
    }
  }
}

private struct Span {
  let name: String
  let seconds: ExactDecimal
  let written: [Origin]
}

extension String {
  fileprivate static func inverted(_ service: String, _ inner: Span, _ outer: Span) -> String {
    "'\(service)': \(inner.name) may take \(inner.seconds) s, and \(outer.name) waits "
      + "\(outer.seconds) s"
  }
}
