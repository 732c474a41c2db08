import SlipwayAudit
import SlipwayDiagnostics
import TestSupport
import Testing

/// What every rule of the audit must do; a new rule needs no test of its own for it. (design §6)
struct RuleContractTests {
  @Test(arguments: AuditRules.all.map { $0.id })
  func `a rule finds its wrong files at the right line and nothing in its right ones`(id: String)
    throws
  {
    let rule = try #require(AuditRules.rule(id))
    #expect(!rule.wrong.isEmpty && !rule.right.isEmpty)
    for (number, fixture) in rule.wrong.enumerated() {
      let place = try #require(fixture.at)
      let found = fixture.report(rule).findings.filter { $0.rule == id }.compactMap(\.lands)
      let places = found.map { "\($0.path):\($0.line ?? 0)" }
      #expect(places == ["\(place.path):\(place.line)"], "wrong \(number)")
    }
    for (number, fixture) in rule.right.enumerated() {
      let found = fixture.report(rule).findings.filter { $0.rule == id }
      #expect(found.isEmpty, "right \(number): \(found.map(\.message))")
    }
  }

  @Test(arguments: AuditRules.all.map { $0.id })
  func `the files of every fixture can be read`(id: String) throws {
    let rule = try #require(AuditRules.rule(id))
    for fixture in rule.wrong + rule.right {
      let report = fixture.report(rule)
      #expect(report.findings.filter { $0.rule == "files/can-be-read" } == [])
      #expect(report.notes.filter { !$0.message.contains("nothing here reads") } == [])
      #expect(report.understood > 0)
    }
  }

  @Test(arguments: AuditRules.all.map { $0.id })
  func `every rule says why, what to do and where it comes from`(id: String) throws {
    let rule = try #require(AuditRules.rule(id))
    #expect(!rule.why.isEmpty && !rule.fix.isEmpty && !rule.source.isEmpty)
    #expect(rule.why.last != "." && rule.fix.last != ".")
    let parts = id.split(separator: "/")
    #expect(parts.count == 2)
    let type = parts[1].split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
    #expect(String(describing: rule) == type)
  }

  @Test func `names of rules are unique`() {
    #expect(Set(AuditRules.all.map { $0.id }).count == AuditRules.all.count)
  }
}

extension Fixture {
  func report(_ rule: any AuditRule.Type) -> AuditReport {
    Audit.run(
      files.map { AuditedFile(path: $0.path, shown: $0.path, bytes: Array($0.text.utf8)) },
      rules: [rule])
  }
}
