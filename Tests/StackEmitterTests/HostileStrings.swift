import TestSupport

/// Values that some reader between a specification and a process takes for something else. (F7)
enum HostileStrings {
  static let listed: [String] = quotes + dollars + yaml + space + shell + letters

  static let quotes = [
    "'", "\"", "`", "''", "\"\"", "'single'", "\"double\"", "it's", "say \"no\"", "'\"'", "\"'\"",
    "\"unbalanced", "'unbalanced", "ends in '", "ends in \"", "\\", "\\\\", "\\\"", "\\'", "a\\nb",
    "a\\tb", "\\$HOME", "C:\\dir\\file", "ends in \\", "\\x41", "\\u0041", "\\0",
  ]
  static let dollars = [
    "$", "$$", "$$$", "$HOME", "${HOME}", "$${HOME}", "${HOME:-x}", "${HOME:?x}", "${HOME+x}", "${",
    "${}", "$(id)", "$()", "`id`", "p${HOME}w", "a$", "$1", "$-", "${UNSET}", "$UNSET.x", "%HOME%",
    "{{ }}", "{{ .Values.x }}", "{{.Node.Hostname}}", "{{.Task.Slot}}", "{{ env \"HOME\" }}", "{{",
    "{{{", "{{{{", "{{\"{{\"}}", "{{- x -}}", "$\u{1DA10}x", "{\u{301}{", "$\u{301}{HOME}", "{$",
    "}}", "{% x %}", "<% x %>", "#{x}", "@{x}", "!Ref x",
  ]
  static let yaml = [
    "on", "off", "yes", "no", "y", "n", "Y", "true", "False", "null", "Null", "~", "", "0", "0123",
    "0o17", "0x1F", "0b1", "1e3", "1_000", ".5", "5.", "-0", "+1", ".inf", "-.INF", ".nan", "12:30",
    "1:20:30", "2026-11-21", "2026-11-21T00:00:00Z", "=", "<<", "-", "- a", "--- a", "---", "...",
    "?", "? a", ":", "a: b", "a:b", ": a", "[a]", "{a: b}", "[", "{", "}", "]", ",", "a, b", "*a",
    "&a", "!a", "!!str a", "|", ">", "|-", "@a", "%YAML 1.2", "# c", "a # c", "a#b", "x # c",
  ]
  static let space = [
    " ", "  ", " a", "a ", "  a  ", "a b", "x y", "\t", "\ta", "a\t", "a\tb", "\n", "a\n", "\na",
    "a\nb", "a\n\nb", "a\n b", "a\n  b\n", "\n\n", "a\r", "\r", "a\rb", "a\r\nb", "\r\n", "a \nb",
    "a\n\tb", "KEY=value", "=value", "a=b=c", "export A=1", "A=1\nB=2", "\u{B}", "\u{C}",
  ]
  static let shell = [
    "a;b", "a&&b", "a||b", "a|b", "a>b", "a<b", "(a)", "*", "?", "~", "~/x", "!", "!!", "^", "&",
    "--flag", "-c", "/", "//", "../..", "a\\\nb", "$IFS", "\u{1B}[31m", "\u{7}", "\u{8}", "\u{1}",
    "\u{7F}",
  ]
  static let letters = [
    "é", "e\u{301}", "ü", "ß", "ı", "日本", "🙂", "👩‍👩‍👧‍👦", "🇨🇭", "\u{202E}abc", "\u{200B}",
    "\u{200F}", "\u{FEFF}", "\u{FEFF}a", "\u{85}", "\u{A0}", "\u{A0}a\u{A0}", "\u{2028}",
    "a\u{2029}b", "\u{FFFD}", "\u{FFFE}", "\u{10FFFF}", "\u{E000}", "\u{AD}",
    String(repeating: "long ", count: 400), String(repeating: "x", count: 5_000),
  ]

  /// Random values out of pieces that matter; the same for the same seed.
  static func random(_ count: Int, seed: UInt64) -> [String] {
    var generator = SplitMix64(seed: seed)
    let pieces = listed.filter { $0.utf8.count < 16 } + ["a", "b", "word", "7", "_", "."]
    return (0..<count).map { _ in
      (0...Int.random(in: 0...5, using: &generator)).map { _ in
        // Any scalar now and then, but NUL, which no process can have in its environment.
        if Int.random(in: 0..<4, using: &generator) == 0,
          let scalar = Unicode.Scalar(UInt32.random(in: 1..<0x11_0000, using: &generator))
        {
          return String(Character(scalar))
        }
        return pieces.randomElement(using: &generator) ?? ""
      }.joined()
    }
  }
}
