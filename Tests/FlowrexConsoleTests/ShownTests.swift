import TestSupport
import Testing

@testable import FlowrexConsole

/// Values as people read them: every digit stays.
@Suite struct ShownTests {
  @Test(
    arguments: [
      ("0", "0"), ("999", "999"), ("1000", "1\u{202F}000"),
      ("-1234567.25", "-1\u{202F}234\u{202F}567.25"),
      ("250000 USD", "250\u{202F}000 USD"), ("0.12345678", "0.12345678"), ("", ""), ("-", "-"),
      ("1e5", "1e5"), ("<b>", "<b>"),
    ])
  func `digits are grouped and none is lost`(text: String, shown: String) {
    #expect(Shown.grouped(text) == shown)
  }

  @Test(
    arguments: [
      ("0", "0 %"), ("1", "100 %"), ("0.125", "12.5 %"), ("0.03829385", "3.829385 %"),
      ("0.5", "50 %"), ("1.25", "125 %"), ("0.00001", "0.001 %"), ("x", "x"), ("-0.1", "-0.1"),
      ("1.", "1."),
    ])
  func `a part of one is a percentage`(text: String, shown: String) {
    #expect(Shown.share(text) == shown)
  }

  @Test func `names are words`() {
    #expect(Shown.title("margin_used_usd") == "Margin used USD")
    #expect(Shown.title("is_stopped") == "Stopped")
    #expect(Shown.words("awaiting_approval") == "awaiting approval")
  }
}
