import RuleSupport
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import SlipwayRules
import TestSupport
import Testing

/// What every rule must do; a new rule needs no test of its own for it. (design §6)
struct RuleContractTests {
  static let clean = Clean.subject

  @Test func `the clean environment breaks no rule`() throws {
    let subject = try #require(Self.clean)
    #expect(Rules.check(subject).filter { $0.severity == .error } == [])
  }

  @Test(arguments: Rules.all.map { $0.id })
  func `every breaker is refused by its own rule, and by no other without leave`(id: String) throws
  {
    let rule = try #require(Rules.rule(id))
    let subject = try #require(Self.clean)
    #expect(!rule.breakers.isEmpty)
    for breaker in rule.breakers {
      var broken = subject
      let changed = broken.apply(breaker.edit)
      #expect(changed, "'\(breaker.name)' changes nothing")
      let rules = Set(Rules.check(broken).filter { $0.severity == .error }.map(\.rule))
      #expect(rules.contains(id), "'\(breaker.name)' is not refused")
      #expect(rules.subtracting([id]).isSubset(of: Set(rule.implies)), "'\(breaker.name)'")
    }
  }

  @Test(arguments: Rules.all.map { $0.id })
  func `every rule says why, what to do and where it comes from`(id: String) throws {
    let rule = try #require(Rules.rule(id))
    #expect(!rule.why.isEmpty && !rule.fix.isEmpty && !rule.source.isEmpty)
    #expect(rule.why.first?.isLowercase == true && rule.why.last != ".")
    #expect(rule.fix.last != ".")
    let parts = id.split(separator: "/")
    #expect(parts.count == 2)
    // Type = file = rule id: `network/datastores-stay-private` is `DatastoresStayPrivate`.
    let type = parts[1].split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
    let area = String(describing: rule)
    #expect(area.hasSuffix(type), "\(area) is not called \(type)")
  }

  @Test func `names of rules are unique`() {
    #expect(Set(Rules.all.map { $0.id }).count == Rules.all.count)
  }
}

/// What every rule over all environments must do.
struct ProjectRuleContractTests {
  static let clean: [ResolvedEnvironment]? = try? Clean.generation().parts.compactMap(\.environment)

  @Test func `the clean environments break no rule`() throws {
    let environments = try #require(Self.clean)
    #expect(environments.count == 2)
    #expect(ProjectRules.check(environments) == [])
  }

  @Test(arguments: ProjectRules.all.map { $0.id })
  func `every breaker is refused by its own rule`(id: String) throws {
    let rule = try #require(ProjectRules.all.first { $0.id == id })
    #expect(!rule.why.isEmpty && !rule.fix.isEmpty && !rule.source.isEmpty)
    #expect(!rule.breakers.isEmpty)
    for breaker in rule.breakers {
      var broken = try #require(Self.clean)
      breaker.edit(&broken)
      let rules = Set(ProjectRules.check(broken).map(\.rule))
      #expect(rules.contains(id), "'\(breaker.name)' is not refused")
    }
  }

  @Test func `two environments may share neither data nor names nor machines`() throws {
    var environments = try #require(Self.clean)
    let last = try #require(environments.last)
    environments.append(last)
    let kinds = Set(
      EnvironmentsShareNothing.findings(in: environments).compactMap {
        $0.message.firstMatch(of: /share (.+?) '/).map { String($0.output.1) }
      })
    #expect(
      kinds == [
        "CACHE_PREFIX", "the name", "the public name", "the secrets under", "the bucket",
        "the node",
      ])
  }
}
