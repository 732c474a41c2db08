import Fixtures
import Foundation
import RuleSupport
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import SlipwayRules
import TestSupport
import Testing

/// What people let pass: for a reason, for a time, in every report; never a hard stop.
struct WaiverTests {
  private static let rule = "edge/timeouts-grow-outwards"

  private static func waiver(
    _ rule: WaivableRule = .timeoutsGrowOutwards, in environment: String? = "prod",
    because: String = "the report takes twelve seconds", owner: String = "platform",
    until: Day = .day(2027, 3, 31)
  ) -> Waiver {
    .waive(
      rule, in: environment, because: because, owner: owner, until: until,
      file: "/shop/environments/Shop.swift", line: 7)
  }

  /// Production with a statement that outlives its request, which one rule refuses.
  private func generated(_ waivers: [Waiver]) throws -> Generation {
    var project = Project.shop
    project.waivers = waivers
    let inputs = EmitterInputs(templates: try Clean.templates())
    return Generator(project: project, lock: ImageLock(), inputs: inputs).generate(
      [
        AnyEnvironment(
          ShopEnvironments.production(
            settings: [Setting.poolSize(10), Setting.statementTimeout(.seconds(12))]))
      ], isWhole: false)
  }

  private func errors(_ generation: Generation) -> [String] {
    generation.findings.filter { $0.severity == .error }.map { "\($0.rule): \($0.message)" }
  }

  @Test func `what is waived is still said, with who answers for it, and stops nothing`() throws {
    #expect(errors(try generated([])).allSatisfy { $0.hasPrefix(Self.rule + ": ") })
    #expect(try generated([]).isRefused)
    let generation = try generated([Self.waiver()])
    #expect(errors(generation) == [])
    let finding = try #require(generation.findings.first { $0.rule == Self.rule })
    #expect(finding.severity == .warning)
    let words = "waived by platform until 2027-03-31: the report takes twelve seconds"
    #expect(finding.waiver?.words == words)
    let source = NoSourceText()
    #expect(TextPrinter(source: source).print(finding).contains(" = \(words)\n"))
    #expect(GitHubPrinter(source: source).print([finding]).hasSuffix(". \(words)\n"))
    #expect(
      JSONPrinter(source: source).print([finding]).contains(
        #""waiver": {"owner": "platform", "reason": "the report takes twelve seconds", "#
          + #""until": "2027-03-31"}"#))
  }

  @Test func `the page that reviewers read first names it`() throws {
    func page(_ waivers: [Waiver]) throws -> String {
      try #require(
        try generated(waivers).files.first { $0.path == "generated/prod/README.md" }
      ).printed.text
    }
    #expect(try !page([]).contains("Waivers"))
    let text = try page([Self.waiver()])
    #expect(text.contains("## Waivers"))
    #expect(text.contains("`\(Self.rule)`"))
    #expect(text.contains("the report takes twelve seconds"))
    #expect(text.contains("2027-03-31"))
  }

  @Test func `a waiver is for its environment and its rule only`() throws {
    #expect(
      errors(try generated([Self.waiver(in: "staging")])).contains { $0.hasPrefix(Self.rule) })
    let other = errors(try generated([Self.waiver(.keysAreRead)]))
    #expect(other.contains { $0.hasPrefix(Self.rule) })
    #expect(
      other.contains(
        "waivers/are-used: the waiver of configuration/keys-are-read in 'prod' lets nothing pass"))
  }

  @Test func `one that lets nothing pass names its line`() throws {
    let generation = try generated([Self.waiver(), Self.waiver(.keysAreRead)])
    let idle = try #require(generation.findings.first { $0.rule == "waivers/are-used" })
    #expect(idle.written.map(\.line) == [7])
    #expect(idle.written.first?.file == "/shop/environments/Shop.swift")
    #expect(idle.fix == "delete the waiver")
  }

  @Test func `a waiver of an environment that was not asked for is not judged`() throws {
    #expect(errors(try generated([Self.waiver(), Self.waiver(in: "dev")])) == [])
  }

  @Test func `with all environments, one of an environment that there is not is found`() throws {
    var project = Project.shop
    project.waivers = [Self.waiver(in: "moon"), Self.waiver(.environmentsShareNothing, in: nil)]
    let inputs = EmitterInputs(templates: try Clean.templates())
    let generation = Generator(project: project, lock: ImageLock(), inputs: inputs).generate([
      AnyEnvironment(ShopEnvironments.development), AnyEnvironment(ShopEnvironments.production),
    ])
    #expect(
      errors(generation) == [
        "waivers/are-used: the waiver of edge/timeouts-grow-outwards in 'moon' lets nothing pass",
        "waivers/are-used: the waiver of parity/environments-share-nothing lets nothing pass",
      ])
  }

  @Test func `after its last day it stops every run, and names its line`() {
    let waivers = Waivers([Self.waiver(until: .day(2027, 3, 31))])
    #expect(waivers.expired(on: .day(2027, 3, 31)) == [])
    let expired = waivers.expired(on: .day(2027, 4, 1))
    #expect(expired.map(\.severity) == [.error])
    #expect(expired.map(\.rule) == ["waivers/are-in-force"])
    #expect(
      expired.map(\.message) == [
        "the waiver of edge/timeouts-grow-outwards in 'prod' ended on 2027-03-31"
      ])
    #expect(expired.flatMap(\.written).map(\.line) == [7])
  }

  @Test func `what is generated does not depend on the day`() throws {
    let bytes = { (generation: Generation) in generation.files.map(\.printed.text) }
    let old = try generated([Self.waiver(until: .day(2001, 1, 1))])
    let again = try generated([Self.waiver(until: .day(2001, 1, 1))])
    #expect(errors(old) == [])
    #expect(bytes(old) == bytes(again))
  }

  @Test func `a waiver says why, who and until when`() {
    let waivers = Waivers([
      Self.waiver(because: " ", owner: "", until: .day(2027, 2, 29)), Self.waiver(),
    ])
    #expect(
      waivers.incomplete.map(\.message) == [
        "the waiver of edge/timeouts-grow-outwards in 'prod' gives no reason",
        "the waiver of edge/timeouts-grow-outwards in 'prod' has no owner",
        "the waiver of edge/timeouts-grow-outwards in 'prod' ends on 2027-02-29, which is no day",
      ])
  }

  @Test func `rules with a hard stop cannot be named, and all others can`() throws {
    let sources =
      Rules.all.map { (String(describing: $0), $0.id, $0.source) }
      + ProjectRules.all.map { (String(describing: $0), $0.id, $0.source) }
    let hard = sources.filter { $0.2.contains { $0.contains("-HS-") } }
    let soft = sources.filter { !$0.2.contains { $0.contains("-HS-") } }
    #expect(WaivableRule.all.map(\.id).sorted() == soft.map(\.1).sorted())
    let text = try String(
      contentsOfFile: packageRoot + "/Sources/Slipway/WaivableRule.swift", encoding: .utf8)
    let spelt = text.replacing(/\s+/, with: " ").replacing("( ", with: "(")
    func member(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }
    for (name, id, source) in hard {
      #expect(spelt.contains("static var \(member(name)): Self { .init(\"\(id)\") }"), "\(id)")
      let stops = Set(source.filter { $0.contains("-HS-") }).sorted().joined(separator: ", ")
      #expect(text.contains("a hard stop cannot be waived [\(id), \(stops)]"), "\(id)")
    }
    for (name, id, _) in soft {
      #expect(spelt.contains("static let \(member(name)) = Self(\"\(id)\")"), "\(id)")
    }
    #expect(text.count { $0 == "@" } == hard.count)
  }
}
