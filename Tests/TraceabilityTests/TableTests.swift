import SlipwayTraceability
import Testing

/// From pages and citations to the table, and everything that would make it untrue.
struct TableTests {
  private static let chapter = """
    # Chapter

    ## Part (S17-HS)

    | id | class | what must hold |
    | --- | --- | --- |
    | S17-HS-01 | deploy gate | A failing test stops it |
    | S17-HS-02 | deploy gate | Low coverage stops it |
    | S17-HS-03 | compile-time rule | A missing secret stops it |

    """
  private static let questions = """
    # Contradictions

    | id | question | decision |
    | --- | --- | --- |
    | C-01 | How long? | Short |

    """
  private static let index = """
    # Requirements

    | file | source | rows |
    | --- | --- | ---: |
    | [chapter.md](chapter.md) | S17 | 3 |
    | [contradictions.md](contradictions.md) | C | 1 |

    All have **3** rows.
    """
  private static let decided = """
    # Decided

    | id | state | reason |
    | --- | --- | --- |
    | S17-HS-02 | planned | with the gate |

    """

  private func table(
    chapter: String = chapter, index: String = index, decided: String = decided,
    test: String = "@Test(.covers(\"S17-HS-01\", \"C-01\")) func `it | stops`() {}"
  ) -> Traceability {
    let folder = Inventory.folder
    let pages = [
      Page(path: folder + "README.md", text: index),
      Page(path: folder + "chapter.md", text: chapter),
      Page(path: folder + "contradictions.md", text: Self.questions),
    ]
    return Traceability(
      inventory: Inventory(pages: pages), decisions: Decisions(page: decided),
      citations: Citations(test: test, file: "Tests/A.swift"))
  }

  private func problems(_ table: Traceability) -> [String] { table.problems.map(\.description) }

  @Test func `each row has its state`() {
    let table = table()
    #expect(problems(table) == [])
    #expect(
      table.chapters.flatMap { $0.rows.map(\.state.name) } == ["covered", "planned", "uncovered"])
    #expect(table.contradictions.rows.map(\.state.name) == ["covered"])
  }

  @Test func `the page says it`() {
    #expect(
      table().page == """
        # Traceability

        <!-- Written by `make traceability` from docs/requirements/, the tests and the rules. -->

        What proves each requirement: the test that would fail without it, or what was decided
        about it. How a state comes about: [docs/requirements](requirements/README.md).

        | document | rows | covered | planned | superseded | decided by a person | uncovered |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: |
        | [Chapter](requirements/chapter.md) | 3 | 1 | 1 | 0 | 0 | 1 |
        | **all** | 3 | 1 | 1 | 0 | 0 | 1 |
        | [Contradictions](requirements/contradictions.md) | 1 | 1 | 0 | 0 | 0 | 0 |

        ## Chapter

        | id | state | by |
        | --- | --- | --- |
        | S17-HS-01 | covered | it \\| stops (`Tests/A.swift`) |
        | S17-HS-02 | planned | with the gate |
        | S17-HS-03 | uncovered |  |

        ## Contradictions

        | id | state | by |
        | --- | --- | --- |
        | C-01 | covered | it \\| stops (`Tests/A.swift`) |

        """)
  }

  @Test func `a row that disappears is missed, by number and by count`() {
    let less = Self.chapter.replacing(
      "| S17-HS-02 | deploy gate | Low coverage stops it |\n", with: "")
    #expect(
      problems(table(chapter: less)) == [
        "docs/requirements/chapter.md: has 2 rows; the index declares 3",
        "docs/requirements/chapter.md:8: 'S17-HS-03' stands where number 2 is due",
        "docs/requirements/decided.md:5: 'S17-HS-02' is no row",
      ])
  }

  @Test func `the last row is missed by the count, and the count by the sum`() {
    let less = Self.chapter.replacing(
      "| S17-HS-03 | compile-time rule | A missing secret stops it |\n", with: "")
    #expect(
      problems(table(chapter: less)) == [
        "docs/requirements/chapter.md: has 2 rows; the index declares 3"
      ])
    let index = Self.index.replacing("S17 | 3 |", with: "S17 | 2 |")
    #expect(
      problems(table(chapter: less, index: index)) == [
        "docs/requirements/README.md: declares 3 rows in all, and 2 file by file"
      ])
  }

  @Test func `a file that disappears is missed`() {
    let index = Self.index.replacing("(chapter.md)", with: "(other.md)")
    #expect(
      problems(table(index: index, decided: "", test: "")) == [
        "docs/requirements/other.md: has 0 rows; the index declares 3"
      ])
  }

  @Test func `a row that stands twice is refused`() {
    let twice = Self.chapter.replacing("S17-HS-02", with: "S17-HS-01")
    #expect(
      problems(table(chapter: twice, decided: "")) == [
        "docs/requirements/chapter.md:8: 'S17-HS-01' stands twice; "
          + "first in docs/requirements/chapter.md:7",
        "docs/requirements/chapter.md:8: 'S17-HS-01' stands where number 2 is due",
        "docs/requirements/chapter.md:9: 'S17-HS-03' stands where number 2 is due",
      ])
  }

  @Test func `an id that does not exist is refused`() {
    #expect(
      problems(table(test: "@Test(.covers(\"S17-HS-99\")) func a() {}")) == [
        "Tests/A.swift:1: 'a' names 'S17-HS-99', which is no row"
      ])
  }

  @Test func `a row is covered or decided, not both`() {
    #expect(
      problems(table(test: "\n@Test(.covers(\"S17-HS-02\")) func a() {}")) == [
        "docs/requirements/decided.md:5: 'S17-HS-02' is covered by Tests/A.swift:2; delete it here"
      ])
  }

  @Test(arguments: [
    (
      "| S17-HS-03 | later | x |",
      "6: 'S17-HS-03' is in the state 'later'; "
        + "known are planned, superseded, decided by a person"
    ),
    ("| S17-HS-03 | planned |  |", "6: a row wants id, state and reason"),
    (
      "| S17-HS-03 | superseded | better now |",
      "6: 'S17-HS-03' is superseded by nothing that has a name"
    ),
    ("| S17-HS-02 | planned | again |", "6: 'S17-HS-02' was decided in line 5 already"),
    ("| S17-HS-77 | planned | x |", "6: 'S17-HS-77' is no row"),
  ])
  func `a decision that says nothing is refused`(row: String, sentence: String) {
    #expect(
      problems(table(decided: Self.decided + row + "\n"))
        == ["docs/requirements/decided.md:\(sentence)"])
  }

  @Test func `a rule counts with its sources, while the test that breaks it is there`() throws {
    let rule = Page(
      path: "Sources/SlipwayRules/A/SecretsArePresent.swift",
      text: """
        package enum SecretsArePresent: Rule {
          // "S17-HS-01" is another rule's.
          package static let source = ["S17-HS-03", "F9", "S17-HS"]
          static let other = ["S17-HS-01"]
        }
        """)
    let proof = "Tests/RuleTests/RuleContractTests.swift"
    let name = "every breaker is refused by its own rule, and by no other without leave"
    let test = Page(path: proof, text: "@Test(arguments: Rules.all) func `\(name)`() {}")
    let proven = TraceabilitySources.read(root + [rule, test])
    #expect(problems(proven) == [])
    #expect(
      proven.page.contains(
        "| S17-HS-03 | covered | rule SecretsArePresent, broken on purpose by `\(proof)` "
          + "(`Sources/SlipwayRules/A/SecretsArePresent.swift`) |"))
    let unproven = TraceabilitySources.read(root + [rule])
    #expect(problems(unproven) == ["\(proof): the test '\(name)' is not there"])
    #expect(unproven.chapters[0].rows.map(\.state.name) == ["uncovered", "planned", "uncovered"])
  }

  @Test func `a rule without a source, or with one that is no row, is told`() {
    let file = "Sources/SlipwayAudit/Rules/A.swift"
    let proof = "Tests/AuditTests/OwnOutputTests.swift"
    let test = Page(path: proof, text: "@Test func `nothing is found in generated files`() {}")
    func problems(_ text: String) -> [String] {
      self.problems(TraceabilitySources.read(root + [Page(path: file, text: text), test]))
    }
    #expect(problems("struct Helper {}") == [])
    #expect(
      problems("enum A: AuditRule { static let why = \"x\" }") == ["\(file): 'A' names no source"])
    #expect(
      problems("enum A: AuditRule { static let source = [\"S17-HS-1\"] }") == [
        "\(file):1: 'rule A, over all generated files by `\(proof)`' names 'S17-HS-1', "
          + "which is no row"
      ])
  }

  private var root: [Page] {
    [
      Page(path: Inventory.folder + "README.md", text: Self.index),
      Page(path: Inventory.folder + "chapter.md", text: Self.chapter),
      Page(path: Inventory.folder + "contradictions.md", text: Self.questions),
      Page(path: Inventory.folder + "decided.md", text: Self.decided),
    ]
  }
}
