import Environments
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import Testing

/// A template that asks for what nobody gives stops the whole run, with the name of the hole.
struct TemplateHoleTests {
  private func generate(_ change: (inout [String: String]) -> Void) throws -> Generation {
    var templates = try Specimen.inputs().templates
    change(&templates)
    let generator = Generator(
      project: Environments.project, lock: ImageLock(), inputs: EmitterInputs(templates: templates))
    return generator.generate(Environments.all)
  }

  @Test(arguments: [
    "scripts/deploy", "scripts/up", "edge/supervise.sh", "systemd/timer.unit",
    "stores/postgres-start.sh",
  ]) func `a hole without a value refuses`(template: String) throws {
    let clean = try Specimen.inputs().templates
    try #require(clean[template] != nil, "\(clean.keys.sorted())")
    let generation = try generate { $0[template, default: ""] += "{{NOBODY}}\n" }
    #expect(generation.isRefused)
    let findings = generation.findings.filter { $0.severity == .error }
    #expect(
      findings.contains {
        $0.rule == "templates/have-no-empty-holes"
          && $0.message == "template '\(template)' has a hole 'NOBODY' that nothing fills"
      }, "\(findings)")
  }

  @Test func `the templates as they are have no such hole`() throws {
    let generation = try generate { _ in }
    #expect(!generation.isRefused)
  }
}
