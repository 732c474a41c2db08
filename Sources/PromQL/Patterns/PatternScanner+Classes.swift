extension PatternScanner {
  /// A class in brackets; `[` is read already.
  mutating func readClass() throws(PatternProblem) {
    _ = accept("^")
    var isFirst = true
    while isFirst || peek() != "]" {
      isFirst = false
      if try readNamedClass() { continue }
      if peek() == "\\" {
        let saved = self
        skip()
        if try readClassEscape() { continue }
        self = saved
      }
      let low = try readClassScalar()
      if peek() == "-", let after = peek(1), after != "]" {
        skip()
        guard try readClassScalar() >= low else { throw .badRange }
      }
    }
    skip()
  }

  private mutating func readClassScalar() throws(PatternProblem) -> Unicode.Scalar {
    guard let scalar = next() else { throw PatternProblem("missing closing ]") }
    return scalar == "\\" ? try readEscapedScalar() : scalar
  }

  /// `[:alpha:]` or `[:^alpha:]`; false when the bracket is just a bracket.
  private mutating func readNamedClass() throws(PatternProblem) -> Bool {
    guard peek() == "[", peek(1) == ":" else { return false }
    var name = ""
    var ahead = 2
    while let scalar = peek(ahead) {
      if scalar == ":" && peek(ahead + 1) == "]" {
        if name.hasPrefix("^") { name.removeFirst() }
        guard PatternNames.classes.contains(name) else { throw .badRange }
        skip(ahead + 2)
        return true
      }
      name.unicodeScalars.append(scalar)
      ahead += 1
    }
    return false
  }

  /// `\d` and its like, `\pL`, `\p{Greek}`, after the backslash; false when it is something else.
  mutating func readClassEscape() throws(PatternProblem) -> Bool {
    switch peek() {
    case "d", "D", "s", "S", "w", "W":
      skip()
      return true
    case "p", "P":
      guard peek(1) != nil else { return false }
      skip()
      try readUnicodeClass()
      return true
    default: return false
    }
  }

  private mutating func readUnicodeClass() throws(PatternProblem) {
    guard let first = next() else { throw .badRange }
    var name = String(Character(first))
    if first == "{" {
      name = ""
      while let scalar = next(), scalar != "}" { name.unicodeScalars.append(scalar) }
      guard previous == "}" else { throw .badRange }
      if name.hasPrefix("^") { name.removeFirst() }
    }
    let isKnown =
      name == "Any" || PatternNames.categories.contains(name) || PatternNames.scripts.contains(name)
    guard isKnown else { throw .badRange }
  }

  /// One character after a backslash: an escape, a code, or a sign that stands for itself.
  mutating func readEscapedScalar() throws(PatternProblem) -> Unicode.Scalar {
    guard let scalar = next() else { throw PatternProblem("trailing backslash at end") }
    switch scalar {
    case "0": return readOctal(scalar)
    case "1"..."7":
      guard let after = peek(), "0"..."7" ~= after else { throw .badEscape }
      return readOctal(scalar)
    case "x": return try readHex()
    case "a": return "\u{07}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "a"..."z", "A"..."Z", "8", "9": throw .badEscape
    default:
      guard scalar.isASCII else { throw .badEscape }
      return scalar
    }
  }

  private mutating func readOctal(_ first: Unicode.Scalar) -> Unicode.Scalar {
    var code = first.value - 48
    for _ in 0..<2 {
      guard let digit = peek(), "0"..."7" ~= digit else { break }
      code = code * 8 + digit.value - 48
      skip()
    }
    return Unicode.Scalar(code) ?? first
  }

  private mutating func readHex() throws(PatternProblem) -> Unicode.Scalar {
    var code: UInt32 = 0
    if accept("{") {
      var count = 0
      while let scalar = next(), scalar != "}" {
        guard let digit = hexValue(scalar), code < 0x11000 else { throw .badEscape }
        code = code * 16 + digit
        count += 1
      }
      guard count > 0, previous == "}", code <= 0x10FFFF else { throw .badEscape }
      // Go takes surrogates here; they match no text, and neither does what stands for them.
      return Unicode.Scalar(code) ?? "\u{FFFD}"
    }
    for _ in 0..<2 {
      guard let scalar = next(), let digit = hexValue(scalar) else { throw .badEscape }
      code = code * 16 + digit
    }
    return Unicode.Scalar(code) ?? "\u{FFFD}"
  }

  private func hexValue(_ scalar: Unicode.Scalar) -> UInt32? {
    UInt8(exactly: scalar.value)?.hexValue
  }
}

extension PatternProblem {
  fileprivate static let badEscape = PatternProblem("invalid escape sequence")
  fileprivate static let badRange = PatternProblem("invalid character class range")
}

/// The names of character classes.
enum PatternNames {
  /// Between `[:` and `:]`.
  static let classes: Set<String> = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
  ]

  /// General categories of Unicode.
  static let categories: Set<String> = [
    "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
    "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So",
    "Z", "Zl", "Zp", "Zs",
  ]

  /// Scripts of Unicode 15.
  static let scripts = Set(
    """
    Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak
    Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian
    Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot
    Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs
    Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi
    Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic
    Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi
    Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu
    Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen
    Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs
    Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa
    Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian
    Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage
    Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic
    Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng
    Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil
    Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho
    Warang_Citi Yezidi Yi Zanabazar_Square
    """
    .split(whereSeparator: \.isWhitespace).map(String.init))
}
