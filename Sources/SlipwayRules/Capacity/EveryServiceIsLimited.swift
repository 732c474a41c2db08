import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every service of the stack has limits of memory and of processors, and reserves no more than it
/// may use. Looks at the bytes: the type already asks for them. (S18-HS-09)
package enum EveryServiceIsLimited: Rule {
  package static let id = "capacity/every-service-is-limited"
  package static let why = "one service without a limit takes the whole machine down with it"
  package static let fix = "state `limit:` and a `reserve:` that is no greater"
  package static let source = ["S18-HS-09", "S18-CL-CON-05", "S18-DC-06"]

  package static let breakers: [Breaker] = [
    .file(
      "no limit of memory", "docker-compose.yml",
      replacing: "        limits:\n          cpus: \"2\"\n          memory: 2G",
      with: "        limits:\n          cpus: \"2\""),
    .file(
      "a reservation above the limit", "docker-compose.yml",
      replacing: "        reservations:\n          cpus: \"1\"",
      with: "        reservations:\n          cpus: \"3\""),
  ]

  package static let implies = ["stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return (stack.tree["services"]?.map ?? []).flatMap { service -> [Violation] in
      let resources = service.value["deploy"]?["resources"]
      let lands = stack.landing("services.\(service.key)", line: service.keyStart.line)
      let written = subject.environment.service(service.key)?.written(.size) ?? []
      return ["cpus", "memory"].compactMap { kind in
        guard let limit = amount(resources?["limits"]?[kind]) else {
          return Violation(.unlimited(service.key, kind), written: written, lands: lands)
        }
        guard let reserve = amount(resources?["reservations"]?[kind]), reserve > limit else {
          return nil
        }
        return Violation(.above(service.key, kind), written: written, lands: lands)
      }
    }
  }

  private static let units: [String: Int64] = [
    "": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30,
  ]

  /// A number of processors, or of bytes with one of Compose's units.
  private static func amount(_ value: LocatedValue?) -> ExactDecimal? {
    guard let text = value?.scalarText else { return nil }
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    guard let number = ExactDecimal(text: String(digits)),
      let unit = units[text.dropFirst(digits.count).uppercased()]
    else { return nil }
    return number * ExactDecimal(unit)
  }
}

extension String {
  fileprivate static func unlimited(_ service: String, _ kind: String) -> String {
    "'\(service)' has no limit of \(kind)"
  }
  fileprivate static func above(_ service: String, _ kind: String) -> String {
    "'\(service)' reserves more \(kind) than it may use"
  }
}
