/// A generator whose numbers follow from its seed
/// ([SplitMix64](https://prng.di.unimi.it/splitmix64.c)), so that a failure can be run again.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Strings that some reader somewhere takes for something else.
enum Hostile {
  /// Whole strings with a history.
  static let known: [String] = [
    "", " ", "  ", "~", "null", "Null", "NULL", "true", "True", "FALSE", "yes", "Yes", "NO", "no",
    "on", "On", "OFF", "off", "y", "Y", "n", "N", "0", "-0", "+1", "0123", "0o17", "0x1F", "0b101",
    "1_000", "1:30", "190:20:30", "22:22", "80:80", ".5", "5.", "1e3", "1.5e+3", "1.0E-2", ".inf",
    "-.inf", "+.INF", ".nan", ".NaN", "2001-12-14", "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5", "=", "<<", "==", "<", "-", "--", "---", "--- x", "...", "... x",
    "-x", "- x", "?", "? x", ":", ": x", "x:", "x: y", "a:b", "#", "# x", "x #y", "x#y", "&a", "*a",
    "!t", "!!str 1", "|", ">", "|-", "'", "\"", "''", "\"\"", "'a'", "\"a\"", "it's", "say \"hi\"",
    "%", "%YAML 1.1", "@x", "`x`", "[", "]", "[]", "{", "}", "{}", "{{ $labels.x }}", "${{ a.b }}",
    "$HOME", "${HOME}", "${A:-b}", "$$", "\\$x", "$", "{$", "a,b", ", a", "\\", "\\\\", "a\\",
    "\\n",
    "\\\"", "\\'", "a\\'b", "\t", "\ta", "a\t", "a\tb", "\n", "\n\n", "a\n", "a\n\n", "\na", "a\nb",
    "a\n b", " a\nb", "a \nb", "a\t\nb", "a\n\tb", "a\r\nb", "\r", "a\rb", "a\u{85}b", "a\u{2028}b",
    "a\u{2029}b", "\u{FEFF}a", "a\u{FEFF}", "\u{7F}", "\u{1}", "\u{1B}[0m", "\u{80}", "\u{A0}",
    "\u{A0}a", "\u{3000}", "é", "e\u{301}", "日本", "🚀", "a 🚀 b", "a\n🚀\n", "👩‍👩‍👧", "\u{E000}",
    "\u{E000}🚀\n",
    "\u{F8FF}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}", "\u{10FFFF}", "a ", " a", "a  b", "; rm -rf /",
    "a;b", "a{b", "${a}{", "}x", "a}", "\\.php$", "\\{", "^/(a|b){2}$", "http://x#y", "export",
    "<<EOF",
    "--flag", "[\"a\"]", "a b=c", "rate(x[5m])", "sum by (job) (rate(x{a=\"b\"}[5m])) > 0.5",
    String(repeating: "long ", count: 60), String(repeating: "k", count: 200),
    "#!/bin/sh\nset -eu\n\nif [ \"$1\" = x ]; then\n\techo \"a: b\"\nfi\n",
  ]

  private static let pieces: [String] = [
    "a", "b", "Z", "0", "1", "9", "_", "-", ".", ":", ": ", " ", " ", "  ", "\t", "\n", "\n", "\r",
    "\r\n", "'", "\"", "\\", "#", " #", "$", "${", "{", "}", "[", "]", ",", ", ", "&", "*", "!",
    "|",
    ">", "%", "@", "`", "?", "? ", "=", "<<", "~", "/", "+", "(", ")", ";", "^", "é", "日", "🚀",
    "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{E000}", "\u{1}", "\u{7F}", "\u{9F}", "\u{FFFE}",
    "e", "E", "x", "o", "on", "no", "null", "T", "EOF", "word ", "{{ x }}", "- ", "--", "\\n",
    "\\\"",
  ]

  /// A string from the known ones, or put together from pieces of trouble.
  static func string(_ random: inout Seeded) -> String {
    if random.chance(25) { return random.pick(known) }
    var text = ""
    for _ in 0..<random.below(9) { text += random.pick(pieces) }
    return text
  }

  /// A string without line feeds, carriage returns and other controls, for syntaxes of one line.
  static func line(_ random: inout Seeded) -> String {
    let text = string(&random).unicodeScalars.filter {
      ($0.value >= 0x20 && $0.value != 0x7F) || $0.value == 0x09
    }
    return String(String.UnicodeScalarView(text))
  }

  /// Bytes that are likely to look like a document of some syntax, for readers.
  static func bytes(_ random: inout Seeded, from sample: [UInt8]) -> [UInt8] {
    var bytes = sample
    for _ in 0..<(1 + random.below(4)) {
      let place = random.below(bytes.count + 1)
      switch random.below(4) {
      case 0: bytes.insert(contentsOf: Array(string(&random).utf8), at: place)
      case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + random.below(6)))
      default:
        let from = random.below(bytes.count + 1)
        let piece = Array(bytes[from..<min(bytes.count, from + random.below(12))])
        bytes.insert(contentsOf: piece, at: place)
      }
    }
    return bytes
  }
}

extension String {
  /// The string as bytes in which difference is difference; `==` of `String` follows Unicode.
  var exact: [UInt8] { Array(utf8) }
}
