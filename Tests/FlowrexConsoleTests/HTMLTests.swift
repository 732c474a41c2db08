import FlowrexConsole
import FlowrexContract
import TestSupport
import Testing

/// What the builder makes of any text: never markup. (CWE-79)
@Suite struct HTMLTests {
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>", "&lt;script&gt;", "javascript:alert(1)", "`onclick`",
    "<!--", "]]>", "\u{2028}alert(1)", "\u{0}<b>", "\u{202E}txt", "<svg/onload=alert(1)>",
    "{{7*7}}", "%3Cscript%3E", "＜script＞",
  ]

  @Test(.covers("S04-NET-05"), arguments: hostile)
  func `text and values cannot become markup`(text: String) {
    let node = Node.tag(.p, [.class(text), .id(text), .value(text)], .text(text))
    let written = HTMLPrinter.text(node)
    let inner = written.dropFirst("<p class=\"".count).dropLast("</p>".count)
    #expect(!inner.contains("<"))
    // The three values and the end of the start tag are all the marks there are.
    #expect(written.filter { $0 == "\"" }.count == 6)
    #expect(written.filter { $0 == ">" }.count == 2)
    #expect(!written.contains("'") && !written.contains("`"))
  }

  @Test func `what is escaped reads back as it was`() {
    #expect(
      HTMLPrinter.text(.text(#"<a href="x">&'`</a>"#))
        == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&#96;&lt;/a&gt;")
    #expect(HTMLPrinter.text("1.08502\n€ 5") == "1.08502\n€ 5")
  }

  @Test func `control characters and turned text are shown as what they are`() {
    for scalar in ["\u{0}", "\u{8}", "\u{1B}", "\u{7F}", "\u{85}", "\u{202E}", "\u{2066}"] {
      #expect(HTMLPrinter.text(.text("a\(scalar)b")) == "a\u{FFFD}b")
    }
  }

  @Test func `void elements have no end, others always`() {
    #expect(HTMLPrinter.text(.tag(.input, [.required])) == "<input required>")
    #expect(HTMLPrinter.text(.tag(.script, [.defer])) == "<script defer></script>")
    #expect(HTMLPrinter.page(.tag(.html)) == "<!doctype html>\n<html></html>\n")
  }

  @Test func `no element can hold a program or a style`() {
    let names = Set(Tag.allCases.map(\.rawValue))
    for name in ["style", "iframe", "object", "embed", "base", "svg", "math", "template"] {
      #expect(!names.contains(name))
    }
  }

  @Test(
    .covers("C-61"),
    arguments: [
      ("1", "/orders/1"), ("../sign-in", "/orders/..%2Fsign-in"), ("..", "/orders/%EF%BF%BD"),
      (".", "/orders/%EF%BF%BD"), ("a b?c#d", "/orders/a%20b%3Fc%23d"), ("", "/orders/"),
      ("//evil.example", "/orders/%2F%2Fevil.example"), ("é", "/orders/%C3%A9"),
      ("a.b-c_d~e", "/orders/a.b-c_d~e"),
    ])
  func `an id is one segment of an address`(id: String, text: String) {
    #expect(Link(.order, id).text == text)
  }

  @Test func `a query holds whatever it is given, and nothing more`() {
    let link = Link(.orders, query: [("after", "a&b=c#d"), ("done", "ü")])
    #expect(link.text == "/orders?after=a%26b%3Dc%23d&done=%C3%BC")
  }
}
