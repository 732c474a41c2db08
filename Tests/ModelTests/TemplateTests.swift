import SlipwayDiagnostics
import SlipwayModel
import Testing

struct TemplateTests {
  private func rendered(_ text: String, _ holes: [String: Template.Value]) -> String? {
    try? Template(path: "t.sh", text: text).render(holes).get()
  }

  private func rules(_ text: String, _ holes: [String: Template.Value]) -> [String] {
    switch Template(path: "t.sh", text: text).render(holes) {
    case .success: []
    case .failure(let failure): failure.findings.map(\.message)
    }
  }

  @Test func `holes are filled and nothing is escaped`() {
    #expect(rendered("a={{A}}\n", ["A": "<x> & 'y'"]) == "a=<x> & 'y'\n")
  }

  @Test func `a list repeats its part`() {
    let list = Template.Value.list([["NAME": "a"], ["NAME": "b"]])
    #expect(rendered("{{#ITEMS}}- {{NAME}}\n{{/ITEMS}}", ["ITEMS": list]) == "- a\n- b\n")
  }

  @Test func `a list without elements needs nothing inside`() {
    let text = "[{{#ITEMS}}{{NAME}}{{#PARTS}}{{PART}}{{/PARTS}}{{/ITEMS}}]"
    #expect(rendered(text, ["ITEMS": .list([])]) == "[]")
    #expect(rendered(text, ["ITEMS": .list([["NAME": "a", "PARTS": .list([])]])]) == "[a]")
    #expect(
      rules("{{^ITEMS}}{{NONE}}{{/ITEMS}}", ["ITEMS": .list([])])
        == ["template 't.sh' has a hole 'NONE' that nothing fills"])
    #expect(
      rules(text + "{{NAME}}", ["ITEMS": .list([])])
        == ["template 't.sh' has a hole 'NAME' that nothing fills"])
  }

  @Test func `a flag chooses`() {
    let text = "{{#ON}}yes{{/ON}}{{^ON}}no{{/ON}}"
    #expect(rendered(text, ["ON": .flag(true)]) == "yes")
    #expect(rendered(text, ["ON": .flag(false)]) == "no")
  }

  @Test func `the mark of a section takes its line with it if it stands there alone`() {
    let text = "a\n  {{#ON}}\nb\n  {{/ON}}  \nc {{#ON}}d{{/ON}}\n{{#ON}}{{/ON}}\n{{! why }}\ne"
    #expect(rendered(text, ["ON": .flag(true)]) == "a\nb\nc d\n\ne")
    #expect(rendered(text, ["ON": .flag(false)]) == "a\nc \n\ne")
  }

  @Test func `names are looked up in the record around as well`() {
    let list = Template.Value.list([["NAME": "a"], ["NAME": "b", "OF": "y"]])
    #expect(
      rendered("{{#ITEMS}}{{NAME}}{{OF}} {{/ITEMS}}", ["ITEMS": list, "OF": "x"]) == "ax by ")
  }

  @Test(arguments: [
    ("a\n{{A", "line 2: '{{' without '}}'"), ("{{a b}}", "line 1: '{{a b}}' is no tag"),
    ("{{}}", "line 1: '{{}}' is no tag"), ("{{{A}}}", "line 1: '{{{A}}' is no tag"),
    ("{{#A}}\n", "line 1: 'A' is not closed"), ("\n{{/A}}", "line 2: '{{/A}}' closes nothing"),
    ("{{#A}}{{^B}}{{/A}}", "line 1: '{{/A}}' closes nothing"),
  ])
  func `a template that cannot be read says where`(_ text: String, _ fault: String) {
    #expect(rules(text, ["A": "x"]) == ["template 't.sh' cannot be read: \(fault)"])
  }

  @Test func `a list or a flag is no text`() {
    let list = Template.Value.list([["NAME": "a"]])
    #expect(
      rules("{{A}}{{#L}}{{NAME}}{{/L}}{{L}}", ["A": .flag(true), "L": list])
        == ["A", "L"].map { "template 't.sh' has a hole '\($0)' that nothing fills" })
  }

  @Test func `single braces are text`() {
    #expect(rendered("${A} { {{A}} }", ["A": "x"]) == "${A} { x }")
  }

  @Test func `a hole without a value is refused`() {
    #expect(
      rules("{{A}}{{B}}", ["A": "x"]) == ["template 't.sh' has a hole 'B' that nothing fills"])
  }

  @Test func `a value without a hole is refused`() {
    #expect(rules("{{A}}", ["A": "x", "C": "y"]) == ["template 't.sh' has no hole for 'C'"])
  }

  @Test func `a template that does not exist is refused`() {
    let inputs = EmitterInputs(templates: [:])
    switch inputs.render("scripts/nothing.sh", [:]) {
    case .success: Issue.record("rendered nothing")
    case .failure(let failure):
      #expect(failure.findings.map(\.message) == ["template 'scripts/nothing.sh' does not exist"])
    }
  }
}
