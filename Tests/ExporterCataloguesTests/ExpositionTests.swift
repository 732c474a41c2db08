import CatalogueGenerator
import Testing

/// The reader of Prometheus' text format.
@Suite struct ExpositionTests {
  @Test func `kind, help and labels are read`() throws {
    let families = try ExpositionParser.families(
      of: """
        # HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
        # TYPE node_cpu_seconds_total counter
        node_cpu_seconds_total{cpu="0",mode="idle"} 1.5e+03 1700000000000
        """)
    let family = try #require(families.first)
    #expect(families.count == 1)
    #expect(family.name == "node_cpu_seconds_total")
    #expect(family.kind == "counter")
    #expect(family.help == "Seconds the CPUs spent in each mode.")
    #expect(family.labels == ["cpu", "mode"])
  }

  @Test func `a histogram's series belong to it`() throws {
    let families = try ExpositionParser.families(
      of: """
        # TYPE x_seconds histogram
        x_seconds_bucket{handler="/",le="0.1"} 1
        x_seconds_bucket{handler="/",le="+Inf"} 2
        x_seconds_sum{handler="/"} 0.2
        x_seconds_count{handler="/"} 2
        # TYPE x_seconds_other_count gauge
        x_seconds_other_count 1
        """)
    #expect(families.map(\.name) == ["x_seconds", "x_seconds_other_count"])
    #expect(families[0].labels == ["handler"])
    #expect(families[0].samples.count == 4)
  }

  @Test func `escapes are undone`() throws {
    let families = try ExpositionParser.families(
      of: #"""
        # HELP a One \\ two\nthree
        a{path="C:\\x \"y\", {z}=1\n"} 0
        """#)
    #expect(families[0].help == "One \\ two\nthree")
    #expect(families[0].samples[0].labels[0].value == "C:\\x \"y\", {z}=1\n")
  }

  @Test func `blank lines, comments and unknown kinds are allowed`() throws {
    let families = try ExpositionParser.families(of: "\n# a note\n  up 1\n#\n")
    #expect(families.map(\.kind) == ["untyped"])
  }

  @Test(arguments: [
    ("{a=\"1\"} 2", "line 1: a sample begins with a metric's name"),
    ("up", "line 1: 'up' has no value"),
    ("\nup{a=1} 2", "line 2: a label is `name=\"value\"`"),
    ("up{a=\"1} 2", "line 1: the value of 'a' does not end"),
  ])
  func `a line of another form is refused`(_ text: String, _ message: String) {
    #expect { try ExpositionParser.families(of: text) } throws: { "\($0)" == message }
  }

  @Test func `two scrapes of one exporter become one`() throws {
    let one = "# TYPE a gauge\na{x=\"1\"} 1\n"
    let two = "# TYPE a gauge\na{y=\"2\"} 1\n# TYPE b counter\nb_total 3\nb 3\n"
    let families = try ExpositionParser.families(of: one + two)
    #expect(families.first?.labels == ["x", "y"])
    #expect(families.map(\.name) == ["a", "b", "b_total"])
  }
}
