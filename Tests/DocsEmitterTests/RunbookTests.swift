import Fixtures
import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// Whoever is woken up finds a page that is right. (S18-INC-05)
struct RunbookTests {
  @Test(.covers("S18-INC-05", "S04-DOC-03"), arguments: Specimen.allCases)
  func `every alert stands on the page that it leads to, with its expression`(
    specimen: Specimen
  ) throws {
    let documented = try specimen.documented
    for environment in documented.environments {
      for alert in environment.ruleAlerts {
        let page = try documented.page("generated/runbooks/\(alert.runbook.name).md")
        let text = MarkdownText(page)
        #expect(text.headings.contains { $0.title == alert.name })
        let expression = [alert.expression.description]
        #expect(text.blocks.contains { $0.language == "promql" && $0.lines == expression })
        #expect(page.contains("| `\(environment.name)` | \(alert.level.rawValue) |"))
      }
    }
  }

  @Test(arguments: Specimen.allCases)
  func `the index lists every page`(specimen: Specimen) throws {
    let documented = try specimen.documented
    let folder = "generated/runbooks/"
    let index = MarkdownText(try documented.page(folder + "README.md"))
    let pages = documented.pages.keys.filter { $0.hasPrefix(folder) }
      .map { String($0.dropFirst(folder.count)) }.filter { $0 != "README.md" }
    #expect(index.links.sorted() == pages.sorted())
  }

  @Test(.covers("C-17"), arguments: Specimen.allCases)
  func `every command that a page names is a script of each environment that people depend on`(
    specimen: Specimen
  ) throws {
    let documented = try specimen.documented
    var named: Set<String> = []
    for (path, text) in documented.markdown where path.hasPrefix("generated/runbooks/") {
      for part in text.split(separator: "scripts/").dropFirst() {
        named.insert(String(part.prefix { $0.isLetter || $0 == "-" }))
      }
    }
    #expect(named.isSuperset(of: ["status", "rollback", "maintenance", "secrets-check"]))
    let paths = documented.paths
    let deployed = documented.environments.filter(\.stage.isDeployed)
    for environment in deployed {
      for name in named {
        #expect(
          paths.contains(environment.folder + "scripts/\(name)"),
          "\(environment.name) has no script '\(name)'")
      }
    }
  }

  @Test(
    .covers(
      "S18-INC-01", "S18-INC-02", "S18-INC-03", "S18-INC-04", "S18-INC-06", "S18-INC-07",
      "S18-INC-08", "S18-INC-09", "S18-INC-10", "S18-EMG-01", "S04-DOC-04"))
  func `the standing pages are those of the requirements`() throws {
    let pages = try Specimen.own.documented.pages
    let names = ["incidents", "emergency", "rollback", "routines", "first-24-hours"]
    for name in names { #expect(pages["generated/runbooks/\(name).md"] != nil) }
    let incidents = MarkdownText(
      try Specimen.own.documented.page("generated/runbooks/incidents.md"))
    let severities = try #require(incidents.table("Severity"))
    #expect(
      severities.map { $0[2] } == [
        "at once", "within 15 minutes", "within an hour", "on the next working day",
      ])
    #expect(
      incidents.headings.filter { $0.level == 3 }.prefix(6).map(\.title) == [
        "1. Detection", "2. Triage", "3. Investigation", "4. Mitigation", "5. Resolution",
        "6. Review",
      ])
    let emergency = try Specimen.own.documented.page("generated/runbooks/emergency.md")
    for path in ["emergency`", "emergency/release`", "positions/close-all`"] {
      #expect(emergency.contains("`POST /api/v1/admin/\(path)"))
    }
  }

  @Test func `a service without orders is told nothing of them`() throws {
    let documented = try Specimen.shop.documented
    for name in ["incidents", "emergency", "first-24-hours"] {
      let page = try documented.page("generated/runbooks/\(name).md").lowercased()
      #expect(!page.contains("broker"), "\(name)")
      #expect(!page.contains("position"), "\(name)")
      #expect(!page.contains("trading"), "\(name)")
    }
  }

  @Test func `a machine that nobody depends on has no standing pages`() throws {
    let environments = try Specimen.resolve(
      [AnyEnvironment(ShopEnvironments.development)], of: .shop, lock: ImageLock())
    let emission = RunbooksEmitter().emit(environments, using: EmitterInputs(templates: [:]))
    let paths = emission.artefacts.map(\.path)
    #expect(paths.contains("generated/runbooks/README.md"))
    #expect(!paths.contains("generated/runbooks/incidents.md"))
    #expect(emission.findings.allSatisfy { $0.rule == "runbooks/name-scripts-that-exist" })
  }

  @Test(.covers("C-17")) func `a step that names a script which nobody has is refused`() throws {
    var inputs = try Specimen.inputs().templates
    inputs["scripts/rollback"] = nil
    let emission = RunbooksEmitter().emit(
      try Specimen.shop(), using: EmitterInputs(templates: inputs))
    let findings = emission.findings.filter { $0.rule == "runbooks/name-scripts-that-exist" }
    #expect(
      findings.map(\.message).contains(
        "template 'playbooks/rollback.md' asks for 'scripts/rollback', which does not exist"))
    #expect(
      findings.map(\.message).contains(
        "runbook 'targets-missing' asks for 'scripts/rollback', which does not exist"))
  }

  @Test func `a template that is missing is a finding, and its page is not listed`() throws {
    var inputs = try Specimen.inputs().templates
    inputs["playbooks/routines.md"] = nil
    let emission = RunbooksEmitter().emit(
      try Specimen.shop(), using: EmitterInputs(templates: inputs))
    #expect(
      emission.findings.map(\.message) == ["template 'playbooks/routines.md' does not exist"])
    let index = try #require(
      emission.artefacts.first { $0.path == "generated/runbooks/README.md" })
    #expect(!(try index.document.print()).contains("routines"))
  }

  @Test func `one name that means two things is refused`() throws {
    let findings = try findings(
      of: Runbook("api-errors", meaning: "Something else.", firstSteps: ["Look."]))
    #expect(
      findings.map(\.message) == ["runbook 'api-errors' is written twice, and differently"])
    #expect(findings.first?.written.count == 2)
  }

  @Test func `a runbook cannot hide a standing page`() throws {
    let findings = try findings(
      of: Runbook("rollback", meaning: "Something else.", firstSteps: ["Look."]))
    #expect(
      findings.map(\.message) == [
        "runbook 'rollback' has the name of a page that is there for everybody"
      ])
  }

  /// What is said when one more environment has an alert that leads to this runbook.
  private func findings(of runbook: Runbook) throws -> [Finding] {
    let environments = try Specimen.resolve(
      [AnyEnvironment(ShopEnvironments.production), AnyEnvironment(.bare(runbook: runbook))],
      of: .shop, lock: ImageLock())
    return RunbooksEmitter().emit(environments, using: try Specimen.inputs()).findings
  }
}
