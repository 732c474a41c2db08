import Testing

@testable import PromQL

@Suite struct PatternTests {
  /// Patterns that Go compiles; promtool is asked about each of them.
  static let accepted = [
    "", "a", "abc", "a|b", "a||b", "|", "(a)", "(?:a)", "(?i)a", "(?i:a)", "(?-s:.)", "(?i-s)a",
    "(?P<n>a)", "()", "(|a)", "a*", "a+?", "a??", "a{2}", "a{2,}", "a{2,3}?", "a{0}", "a{,3}",
    "a{", "a{x}", "{", "}", "a{1,x}", "x{2}{", "a{01}", "[a-z]", "[^a-z]", "[]a]", "[^]a]", "[a-]",
    "[-a]", "[a-c-e]", "[[:alpha:]]", "[[:^digit:]x]", "[[:alpha]", "[a[b]", "[\\]]", "[\\d\\w]",
    "[\\pL\\p{Greek}]", "[\\x41-\\x{5A}]", "[\\n]", "\\d\\D\\s\\S\\w\\W", "\\pL", "\\PL",
    "\\p{^Lu}", "\\p{Han}", "\\P{Latin}", "\\p{Any}", "^a$", "\\Aa\\z", "\\ba\\B", "\\x41",
    "\\x{1F600}", "\\101", "\\0", "\\07", "\\a\\f\\n\\r\\t\\v", "\\.\\*\\_\\-\\/", "\\Qa.b\\E",
    "(?P<n>a)(?P<n>b)", "\\Q*+?\\E*", "(a{10}){100}", "(a{1000})*", "a{1000}", "(((((a)))))", "^*",
    "$+",
    "(?:^)*", "é+", "[é-ü]", "x*y*z*", "(a*)*", "(a|b*)+", "a(?i)b|C", "(?s).*", "(?m)^a$",
    "(?U)a*", "(?:)", "a]", "[a-\\x7f]", ".", "..*", "(a)(b)(c)", "\\\\",
  ]

  /// Patterns that only the Go of Prometheus 3 compiles, or that only Prometheus 3 closes.
  static let acceptedByThree = ["(?<n>a)", "\\Qa.b", "a|\\Q", "\\Qa\\"]

  /// Patterns that Go does not compile; promtool is asked about each of them.
  static let refused = [
    "(", ")", "a)", "(a", "(?", "(?:", "(?:a", "(?P<n", "(?P<>a)", "(?P<a b>x)",
    "(?=a)", "(?!a)", "(?<=a)", "(?>a)", "(?#a)", "(?x)a", "(?-)a", "(?i-)a", "(?--i)", "(?P=n)",
    "*", "+", "?", "|*", "(*)", "(?i)*", "a**", "a*+", "a+*", "a?*", "a*??", "a{2}{3}", "a{2}*",
    "{2}", "a{1001}", "a{2,1}", "a{1,1001}", "(a{100}){100}", "((a{10}){11}){10}", "a{99999999999}",
    "[", "[]", "[^]", "[a", "[z-a]", "[a-\\d]", "[[:nope:]]", "[\\q]", "[\\b]", "[a-", "[\\",
    "\\", "\\q", "\\8", "\\1", "\\18", "\\C", "\\E", "\\G", "\\Z", "\\xg", "\\x1", "\\x{", "\\x{}",
    "\\x{110000}", "\\x{41", "\\p", "\\pX", "\\p{Nope}", "\\p{Greek", "\\p{}", "\\é", "a\\",
  ]

  @Test(arguments: accepted + acceptedByThree)
  func `what Go compiles is accepted`(_ pattern: String) {
    #expect(Pattern.problem(StringValue(pattern)) == nil)
  }

  @Test(arguments: refused)
  func `what Go does not compile is refused`(_ pattern: String) {
    #expect(Pattern.problem(StringValue(pattern)) != nil)
  }

  /// Whether the pattern matches the empty string; promtool is asked through `{x=~…}`.
  static let matchesEmpty: [(String, Bool)] = [
    ("", true), ("a", false), (".*", true), (".+", false), (".", false), ("a?", true),
    ("a|", true), ("a|b", false), ("(a|b*)", true), ("(a*)(b?)", true), ("a*b", false),
    ("(a*)+", true), ("a+", false), ("a{0}", true), ("a{0,5}", true), ("a{1,5}", false),
    ("(a?){3}", true), ("^", true), ("$", true), ("^$", true), ("\\A\\z", true), ("\\b", false),
    ("\\B", true), ("()", true), ("(?:)", true), ("(?i)", true), ("(?i)a", false), ("\\Q\\E", true),
    ("\\Qa\\E", false), ("[^a]", false), ("a*|b", true), ("(|a)b", false), ("\\Qab\\E*", false),
    ("a(?i)*", true), ("(?s:.*)", true), ("(?:a*b*c*)*", true), ("x{0}y", false),
  ]

  @Test(arguments: matchesEmpty)
  func `what matches the empty string is known`(_ pattern: String, _ wanted: Bool) {
    #expect(Pattern.matchesEmpty(StringValue(pattern)) == wanted)
    #expect(Matcher.matches("x", pattern).acceptsEmpty == wanted)
    #expect(Matcher.doesNotMatch("x", pattern).acceptsEmpty == !wanted)
  }

  @Test func `a pattern may nest as deep as Go allows and no deeper`() {
    let open = { (count: Int) in
      StringValue(
        String(repeating: "(", count: count) + "a" + String(repeating: ")", count: count))
    }
    #expect(Pattern.problem(open(400)) == nil)
    #expect(Pattern.problem(open(1001)) == "expression nests too deeply")
    #expect(Pattern.problem(open(50_000)) == "expression nests too deeply")
  }

  @Test func `an escaped text matches itself only`() {
    #expect(Pattern.escaped("a.b*c") == "a\\.b\\*c")
    #expect(Pattern.escaped("é \"x\"") == "é \"x\"")
    for text in ["(", "[", "a|b", "\\", "{2}", "^$", "?"] {
      #expect(Pattern.problem(StringValue(Pattern.escaped(text))) == nil, "\(text)")
    }
  }

  @Test func `a pattern that is not UTF-8 does not compile`() {
    #expect(Pattern.problem(StringValue(bytes: [0xFF])) == "it is not UTF-8")
  }
}
