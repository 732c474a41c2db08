import ServiceContract
import Slipway
import SlipwayDiagnostics
package import SlipwayModel

/// Environments differ only where the project says so and why, or where a value follows from an
/// environment's own names. (S17-PR-05, S17-CL-ENV-03)
package enum DifferencesAreDeclared: ProjectRule {
  package static let id = "parity/differences-are-declared"
  package static let why = "what was tried in one environment proves nothing about one that differs"
  package static let fix =
    "make them the same, or declare the difference in the project, with a reason"
  package static let source = ["S17-PR-05", "S17-CL-ENV-03"]

  package static let breakers: [ProjectBreaker] = [
    .model("a setting of one environment", in: "prod") { environment in
      environment.edit("backend") { $0.state("STATEMENT_TIMEOUT_SECONDS", "3") }
    },
    .model("a service of one environment", in: "prod") { environment in
      environment.services.append(
        ResolvedService(
          name: "extra", image: .release(variable: "EXTRA"),
          size: environment.services[0].size, placement: .anywhere, origin: environment.origin))
    },
  ]

  package static func check(_ environments: [ResolvedEnvironment]) -> [Violation] {
    guard environments.count > 1, let project = environments.first?.project else { return [] }
    let declared = Dictionary(
      project.differences.map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
    let found = Differences(environments).found
    let undeclared = found.filter { declared[$0.subject] == nil }.map { difference in
      Violation(
        .undeclared(difference), written: difference.origins, label: "differs here",
        fix: .declare(difference.subject, in: project.differences.first?.origin))
    }
    let subjects = Set(found.map(\.subject))
    let idle = project.differences.filter { !subjects.contains($0.subject) }.map {
      Violation(
        .idle($0.subject), written: [$0.origin], label: "declared here",
        fix: "delete the declaration")
    }
    return undeclared + idle
  }
}

/// A difference that was found.
struct FoundDifference {
  let subject: Difference.Subject
  /// `'dev' has 5, 'prod' has 10`.
  let words: String
  let origins: [Origin]
}

/// What differs between environments and does not follow from their names or their stages.
struct Differences {
  private let environments: [ResolvedEnvironment]
  private let contract: Contract

  init(_ environments: [ResolvedEnvironment]) {
    self.environments = environments
    contract = environments[0].project.contract
  }

  var found: [FoundDifference] { settings + services + sizes + alerts }

  private var settings: [FoundDifference] {
    let follow = Set(contract.bindings.facts.map(\.key))
    let components = names { $0.specification.runs.map(\.component.name) }
    return contract.keys.filter { !follow.contains($0.name) }.compactMap { key in
      for component in components {
        let told = environments.compactMap { environment -> (String, String, [Origin])? in
          let reads = environment.specification.runs.contains {
            $0.component.name == component
              && $0.component.keys.contains { $0.name == key.name }
          }
          guard reads, let service = environment.service(component) else { return nil }
          let entry = service.environment.first { $0.key == key.name }
          return (environment.name, entry?.value ?? key.defaultText ?? "", entry?.origins ?? [])
        }
        guard Set(told.map(\.1)).count > 1 else { continue }
        return FoundDifference(
          subject: .setting(key.name),
          words: told.map { "'\($0.0)' has '\($0.1)'" }.joined(separator: ", "),
          origins: told.flatMap(\.2))
      }
      return nil
    }
  }

  private var services: [FoundDifference] {
    // Exporters follow what they watch.
    let names = names { $0.services.map(\.name) }.filter { !$0.contains("exporter") }
    return names.compactMap { name in
      let with = environments.filter { $0.service(name) != nil }
      guard with.count < environments.count else { return nil }
      return FoundDifference(
        subject: .service(name),
        words: "only \(with.map { "'\($0.name)'" }.joined(separator: ", ")) runs it",
        origins: with.compactMap { $0.service(name)?.origin })
    }
  }

  private var sizes: [FoundDifference] {
    let different = names { $0.services.map(\.name) }.first { name in
      let services = environments.compactMap { $0.service(name) }
      return Set(services.map(\.size)).count > 1 || Set(services.map(\.replicas)).count > 1
    }
    guard let different else { return [] }
    return [
      FoundDifference(
        subject: .sizes, words: "'\(different)' is the first of them",
        origins: environments.compactMap { $0.service(different)?.written(.size).first })
    ]
  }

  private var alerts: [FoundDifference] {
    // Standard alerts follow from the parts that they watch.
    let names = names { $0.ruleAlerts.filter { !$0.isStandard }.map(\.name) }
    return names.compactMap { name in
      let with = environments.filter { $0.ruleAlerts.contains { $0.name == name } }
      guard with.count < environments.count else { return nil }
      return FoundDifference(
        subject: .alert(name),
        words: "only \(with.map { "'\($0.name)'" }.joined(separator: ", ")) watches for it",
        origins: with.compactMap { $0.ruleAlerts.first { $0.name == name }?.origin })
    }
  }

  /// Names in all environments, each once, in the order in which they come.
  private func names(_ list: (ResolvedEnvironment) -> [String]) -> [String] {
    var seen: Set<String> = []
    return environments.flatMap(list).filter { seen.insert($0).inserted }
  }
}

extension Difference.Subject {
  fileprivate var words: String {
    switch self {
    case .setting(let key): "setting '\(key)'"
    case .service(let name): "service '\(name)'"
    case .alert(let name): "alert '\(name)'"
    case .sizes: "sizes and replicas"
    }
  }
}

extension String {
  fileprivate static func undeclared(_ difference: FoundDifference) -> String {
    "\(difference.subject.words): environments differ without a declared reason; "
      + difference.words
  }
  /// The line to add, and the file that has its like.
  fileprivate static func declare(_ subject: Difference.Subject, in list: Origin?) -> String {
    let line =
      switch subject {
      case .setting(let key): "`.setting(\"\(key)\", because: …)`"
      case .service(let name): "`.service(\"\(name)\", because: …)`"
      case .alert(let name): "`.alert(\"\(name)\", because: …)`"
      case .sizes: "`.sizes(because: …)`"
      }
    let place = list.map(\.shortFile) ?? "`differences:` of the project"
    return "make them the same, or add \(line) to \(place)"
  }
  fileprivate static func idle(_ subject: Difference.Subject) -> String {
    "\(subject.words): a difference is declared, and environments agree"
  }
}
