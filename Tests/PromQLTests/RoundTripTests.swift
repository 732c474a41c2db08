import Testing

@testable import PromQL

@Suite struct RoundTripTests {
  private static let treesPerSeed = 2_500

  @Test(arguments: UInt64(1)...8)
  func `a random tree is written and read as itself`(_ seed: UInt64) throws {
    var generator = ExpressionGenerator(seed: seed)
    for number in 0..<RoundTripTests.treesPerSeed {
      let tree = generator.expression(depth: number % 6)
      let text = Printer.text(tree)
      do {
        let read = try Parser.parse(text)
        guard read == tree else {
          Issue.record("seed \(seed), tree \(number): \(text) became \(read)")
          return
        }
        let pretty = Printer.pretty(tree, columns: 40)
        guard try Parser.parse(pretty) == tree else {
          Issue.record("seed \(seed), tree \(number): \(pretty)")
          return
        }
      } catch {
        Issue.record("seed \(seed), tree \(number): \(text): \(error)")
        return
      }
    }
  }

  @Test func `the generator reaches every kind of node`() {
    var generator = ExpressionGenerator(seed: 99)
    var functions: Set<Function> = []
    var features: Features = []
    for _ in 0..<3_000 {
      let inventory = Inventory(generator.expression(depth: 5))
      for use in inventory.selectors {
        for case .function(let function) in use.enclosures { functions.insert(function) }
      }
      features.formUnion(inventory.features)
    }
    #expect(features == .all)
    #expect(functions.count > 70)
  }
}
