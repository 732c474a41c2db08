import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The engine asks every container whether it lives, and believes no container for ever. An image
/// that holds one program and no client cannot be asked from inside; Prometheus asks it instead.
/// Looks at the bytes: the type already asks for a check. (S18-HS-01)
package enum EveryServiceIsProbed: Rule {
  package static let id = "health/every-service-is-probed"
  package static let why = "a container that hangs looks like one that works, so nobody replaces it"
  package static let fix = "this is a defect of the generator: please report the service"
  package static let source = ["S18-HS-01", "S18-CL-CON-04", "C-32"]

  package static let breakers: [Breaker] = [
    .file(
      "no check", "docker-compose.yml", replacing: "    healthcheck:\n      test:",
      with: "    x-healthcheck:\n      test:"),
    .file(
      "a check that is switched off", "docker-compose.yml",
      replacing: "    healthcheck:\n      test:\n      - CMD\n",
      with: "    healthcheck:\n      test:\n      - NONE\n"),
  ]

  package static let implies = ["stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return (stack.tree["services"]?.map ?? []).compactMap { service in
      let check = service.value["healthcheck"]
      let words = check?["test"]?.list?.compactMap(\.scalarText) ?? []
      if words.count > 1, words[0].hasPrefix("CMD"), check?["disable"]?.bool != true { return nil }
      let model = subject.environment.service(service.key)
      let scraped = subject.environment.scrapes.contains { $0.services.contains(service.key) }
      if let model, model.health == nil, scraped { return nil }
      return Violation(
        .unasked(service.key),
        written: model?.written(.health) ?? [],
        lands: stack.landing("services.\(service.key)", line: service.keyStart.line))
    }
  }
}

extension String {
  fileprivate static func unasked(_ service: String) -> String {
    "nobody asks '\(service)' whether it lives"
  }
}
