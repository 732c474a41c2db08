import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The gate of an environment that people depend on asks for the coverage that the project states,
/// and the project cannot state less than 80 %. Looks at the bytes of `gate.json`. (S17-HS-02)
package enum CoverageIsAsked: Rule {
  package static let id = "delivery/coverage-is-asked"
  package static let why = "code that no test runs is tried on the people who trade with it"
  package static let fix = "this is a defect of the generator: please report the project's coverage"
  package static let source = ["S17-HS-02", "S17-GATE-03", "C-41"]

  package static let breakers: [Breaker] = [
    .file("a lower floor", "gate.json", replacing: "\"floor\": 80", with: "\"floor\": 50"),
    .file(
      "no floor", "gate.json", replacing: "\"coverage\": {", with: "\"coverages\": {"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let file = subject.file("gate.json") else {
      return []
    }
    let least = subject.environment.project.coverage.rawValue
    let coverage = (try? JSONReader.read(file.text).root)?["coverage"]
    let floor = coverage?["floor"]
    if let stated = floor?.integer, stated >= least { return [] }
    return [
      Violation(
        .unasked(floor?.integer, least),
        written: [subject.environment.project.origin.at("coverage")],
        lands: Landing(path: file.path, place: "coverage.floor", line: floor?.start.line))
    ]
  }
}

extension String {
  fileprivate static func unasked(_ stated: Int?, _ least: Int) -> String {
    guard let stated else { return "the gate would ask for no coverage; \(least) % is promised" }
    return "the gate would ask for \(stated) % coverage; \(least) % is promised"
  }
}
