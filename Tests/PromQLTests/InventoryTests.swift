import Testing

@testable import PromQL

@Suite struct InventoryTests {
  private func inventory(_ text: String) throws -> Inventory {
    Inventory(try Parser.parse(text))
  }

  @Test func `every selector is listed with what is done to it`() throws {
    let text = """
      histogram_quantile(0.9, sum by (le) (rate(latency_bucket{job="a"}[5m])))
        > on (job) {__name__="limit", job="a"} offset 1h
      """
    let uses = try inventory(text).selectors
    #expect(uses.map(\.metric) == ["latency_bucket", "limit"])
    let first = try #require(uses.first)
    #expect(first.function == .rate)
    #expect(first.enclosures.map(\.name) == ["rate", "sum", "histogram_quantile"])
    #expect(first.range?.seconds == 300)
    #expect(first.matchers == [.equal("job", "a")])
    let start = try #require(first.place.range?.start)
    #expect((start.line, start.column) == (1, 43))
    let second = try #require(uses.last)
    #expect(second.function == nil)
    #expect(second.range == nil)
    #expect(second.matchers == [.equal("job", "a")])
    #expect(second.place.range?.start.line == 2)
  }

  @Test func `subqueries around a selector are listed, the nearest first`() throws {
    let uses = try inventory("max_over_time(sum_over_time(rate(a[1m])[5m:])[1h:10m])").selectors
    let use = try #require(uses.first)
    #expect(use.subqueries.map(\.range.seconds) == [300, 3600])
    #expect(use.function == .rate)
    #expect(use.enclosures.map(\.name) == ["rate", "sum_over_time", "max_over_time"])
  }

  @Test func `every label is listed with its role and the selectors it speaks of`() throws {
    let text = """
      sum by (a) (x) / on (b) group_left (c) sum without (d) (y + ignoring (e) group_right (f) z)
      """
    let labels = try inventory(text).labels
    let found = labels.map { "\($0.name) \($0.role.rawValue) \($0.scope)" }
    #expect(
      found == [
        "a by 0..<1", "e ignoring 1..<3", "f group_right 1..<2", "d without 1..<3", "b on 0..<3",
        "c group_left 1..<3",
      ])
    #expect(labels.first?.place.range?.start.column == 9)
  }

  @Test func `labels in strings are listed too`() throws {
    let cases: [(String, [String])] = [
      (
        "label_replace(x, 'new', '$1', 'old', '(.*)')", ["new written", "old source"]
      ),
      ("label_join(x, 'new', '-', 'a', 'b')", ["new written", "a source", "b source"]),
      ("count_values by (a) ('v', x)", ["v written", "a by"]),
      ("sort_by_label(x, 'a', 'b')", ["a sort", "b sort"]),
      ("histogram_quantiles(x, 'q', 0.5)", ["q written"]),
    ]
    for (text, wanted) in cases {
      let found = try inventory(text).labels.map { "\($0.name) \($0.role.rawValue)" }
      #expect(found == wanted, "\(text)")
    }
  }

  @Test func `what the server must have enabled is listed`() throws {
    let cases: [(String, [String])] = [
      ("rate(a[5m])", []), ("a offset -5m", []), ("a[--5m]", []),
      ("limitk(1, a)", ["promql-experimental-functions"]),
      ("info(a)", ["promql-experimental-functions"]),
      ("a[5m:step()]", ["promql-duration-expr"]), ("a offset -step()", ["promql-duration-expr"]),
      ("rate(a[5m] smoothed)", ["promql-extended-range-selectors"]),
      ("a + fill (0) b", ["promql-binop-fill-modifiers"]),
    ]
    for (text, wanted) in cases {
      #expect(try inventory(text).features.flags == wanted, "\(text)")
    }
  }

  @Test func `a tree that was built has no places`() {
    let uses = Inventory(.rate(VectorSelector(metric: "a"), over: .seconds(60))).selectors
    #expect(uses.count == 1)
    #expect(uses.first?.place.range == nil)
  }
}
