import ServiceContract
import SlipwayEvidence
import SlipwayModel
import Testing

/// What would be deployed, as it lies on the machine that asks; and the proof of the hard caps.
struct StackEvidenceTests {
  private static let mend = "deploy the files that were generated; edit the specification, not them"

  private func read(_ text: String) throws(ReadingFailure) -> StackFact {
    try StackFact.read(Array(text.utf8))
  }

  private func ruling(_ criterion: some Criterion, _ services: [StackFact.Service]) -> Ruling {
    var scene = Scene()
    scene.evidence.stack = .fresh(StackFact(services: services), of: .none, at: Scene.noon)
    return scene.judge(criterion)
  }

  @Test func `settings and words that switch debugging on are read, in every form`() throws {
    let fact = try read(
      """
      services:
        a:
          environment: {SHOP_DEBUG: "True", LOG_LEVEL: TRACE, DEBUG_PORT: "1"}
          command: [serve, --reload, --verbose]
        b:
          environment: [DEBUG=1, RELOAD=no, LOG_LEVEL=info]
        c: {}
      """)
    #expect(fact.services.map(\.name) == ["a", "b", "c"])
    #expect(
      fact.services.map(\.debugging) == [["SHOP_DEBUG", "LOG_LEVEL", "--reload"], ["DEBUG"], []])
  }

  @Test func `limits that are missing are read`() throws {
    let fact = try read(
      """
      services:
        a: {deploy: {resources: {limits: {cpus: "1", memory: 1G}}}}
        b: {deploy: {resources: {limits: {cpus: 0.5}, reservations: {memory: 1G}}}}
        c: {}
      """)
    #expect(fact.services.map(\.unlimited) == [[], ["memory"], ["cpus", "memory"]])
  }

  @Test(arguments: [
    ("", "it cannot be read: the file is empty"), ("services: {}", "it holds no service"),
    ("services: [a]", "it holds no service"),
  ])
  func `what is no stack says why`(text: String, clause: String) {
    #expect(refusal(text) { bytes throws(ReadingFailure) in try StackFact.read(bytes) } == clause)
  }

  @Test func `a debug setting and a missing limit stop a release, and are named`() {
    let clean = StackFact.Service(name: "a")
    #expect(ruling(DebugIsOff(), [clean]) == .pass("1 service without a debug setting"))
    #expect(ruling(LimitsAreSet(), [clean, clean]) == .pass("2 services with limits"))
    #expect(
      ruling(DebugIsOff(), [clean, .init(name: "b", debugging: ["DEBUG", "--reload"])])
        == .fail("'b' would run with DEBUG, --reload", fix: Self.mend))
    #expect(
      ruling(LimitsAreSet(), [.init(name: "b", unlimited: ["cpus", "memory"]), clean])
        == .fail("'b' has no limit of cpus, memory", fix: Self.mend))
  }

  @Test func `a stack that is not there or cannot be read proves nothing`() {
    var scene = Scene()
    #expect(
      scene.judge(DebugIsOff()) == .unproven("nobody looked at the stack", fix: Self.mend))
    scene.evidence.stack = .unreadable("'x': it holds no service")
    #expect(
      scene.judge(LimitsAreSet())
        == .unproven("the stack cannot be used: 'x': it holds no service", fix: Self.mend))
  }

  @Test func `in development debugging is nobody's business`() {
    var scene = Scene()
    #expect(DebugIsOff().applies(to: scene.expectations))
    scene.expectations.stage = .development
    #expect(!DebugIsOff().applies(to: scene.expectations))
  }

  // MARK: Hard caps (S18-HS-10)

  private func caps(_ passed: [String: Int], failed: [String] = []) -> Ruling {
    var scene = Scene()
    scene.expectations.capProofs = ["RiskTests", "LedgerTests"]
    var report = TestReport()
    report.passed = passed
    report.failed = failed
    scene.evidence.tests = .fresh(report)
    return scene.judge(CapsAreProved())
  }

  @Test func `the tests of the caps ran and passed`() {
    let fix = "run all tests on this commit: make test"
    #expect(
      caps(["RiskTests": 90, "LedgerTests": 10, "Other": 1])
        == .pass("100 tests of the caps passed"))
    #expect(
      caps(["RiskTests": 90]) == .fail("no test of the caps ran in LedgerTests", fix: fix))
    #expect(
      caps(["RiskTests": 90, "LedgerTests": 9], failed: ["RiskTests.CapsTests/a()"])
        == .fail("tests of the caps failed in RiskTests", fix: fix))
    #expect(
      caps(["RiskTests": 90, "LedgerTests": 9], failed: ["RiskTestsToo.A/a()"]).verdict == .pass)
  }

  @Test func `a contract without caps asks for no proof`() {
    #expect(!CapsAreProved().applies(to: Scene().expectations))
  }
}
