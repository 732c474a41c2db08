import ServiceContract
package import SlipwayModel

/// What is wrong with the value of a secret. Nothing here can hold the value.
package enum SecretFault: Sendable, Hashable {
  case missing
  case empty
  /// One of the values that the documents print, or that people put in their place.
  case denied
  case placeholder
  case tooWeak(bits: Int, needed: Int)
  /// Long enough, and not random: repeated, counted up, one letter.
  case regular
  case hasBlanks
  case wrongForm(String)

  package var words: String {
    switch self {
    case .missing: "is missing"
    case .empty: "is empty"
    case .denied: "is a value that is published"
    case .placeholder: "is a placeholder"
    case .tooWeak(let bits, let needed): "has at most \(bits) of \(needed) bits"
    case .regular: "follows a pattern"
    case .hasBlanks: "begins or ends with a blank or holds a line break"
    case .wrongForm(let form): "is no \(form)"
    }
  }
}

/// Judges values by what can be said of them from outside: how many there could be of this length
/// and alphabet, and whether this one looks drawn at random. (S17-HS-07, S04-AUTH-02)
package enum SecretStrength {
  package static func fault(
    _ value: [UInt8], _ key: SecretExpectations.Key, denied: Set<String>
  ) -> SecretFault? {
    guard !value.isEmpty else { return .empty }
    if denied.contains(SlipwayModel.SHA256.hex(value)) { return .denied }
    guard let text = String(validating: value, as: UTF8.self) else {
      return .wrongForm("UTF-8 text")
    }
    if key.form == .pem { return pem(text) }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return .hasBlanks }
    switch key.form {
    case .pem: return nil
    case .passwordHash: return passwordHash(text)
    case .url: return url(text, key, denied)
    case .random:
      return random(text, needed: key.bits) ?? (isPlaceholder(text) ? .placeholder : nil)
    case .issued:
      // A third party chose it; a name may be short, a key may have a pattern.
      if isPlaceholder(text) { return .placeholder }
      let bits = capacity(text)
      return bits < key.bits ? .tooWeak(bits: bits, needed: key.bits) : nil
    }
  }

  // MARK: Random text

  private static func random(_ text: String, needed: Int) -> SecretFault? {
    if isPlaceholder(text) { return .placeholder }
    let bits = capacity(text)
    if bits < needed { return .tooWeak(bits: bits, needed: needed) }
    return isRegular(Array(text.utf8)) ? .regular : nil
  }

  /// The logarithm of how many texts of this length there are over the smallest usual alphabet that
  /// holds all its characters.
  static func capacity(_ text: String) -> Int {
    let bytes = Set(text.utf8)
    let digits = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
    let lower = Set(UInt8(ascii: "a")...UInt8(ascii: "z"))
    let upper = Set(UInt8(ascii: "A")...UInt8(ascii: "Z"))
    let base64 = Set("+/=-_".utf8)
    let alphabets: [(Set<UInt8>, Int)] = [
      (digits, 3322), (digits.union(Set("abcdef".utf8)), 4000),
      (digits.union(Set("ABCDEF".utf8)), 4000), (lower, 4700), (upper, 4700),
      (digits.union(lower), 5170), (digits.union(upper), 5170), (lower.union(upper), 5700),
      (digits.union(lower).union(upper), 5954),
      (digits.union(lower).union(upper).union(base64), 6000),
    ]
    // In thousandths of a bit for each character; what is printable has 94.
    let each = alphabets.first { bytes.isSubset(of: $0.0) }?.1 ?? 6555
    return text.utf8.count * each / 1000
  }

  /// Whether this is not what a source of random text gives, all but surely: few different
  /// characters, a piece that comes again, or a run up or down the alphabet.
  static func isRegular(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8 else { return true }
    // Of 16 hexadecimal digits a random text of 32 lacks some, but never most.
    guard Set(bytes).count * 4 >= min(bytes.count, 32) else { return true }
    if hasRepetition(bytes) { return true }
    var steps = 0
    for (one, next) in zip(bytes, bytes.dropFirst())
    where next == one &+ 1 || next == one || next == one &- 1 {
      steps += 1
    }
    return steps * 2 > bytes.count
  }

  /// Whether a third of it, or 12 characters, stands there twice.
  private static func hasRepetition(_ bytes: [UInt8]) -> Bool {
    let size = max(6, min(12, bytes.count / 3))
    guard bytes.count >= 2 * size else { return false }
    var seen: [ArraySlice<UInt8>: Int] = [:]
    for start in 0...(bytes.count - size) {
      let piece = bytes[start..<(start + size)]
      if let first = seen[piece], start - first >= size { return true }
      if seen[piece] == nil { seen[piece] = start }
    }
    return false
  }

  // MARK: Placeholders

  private static let words = [
    "changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me", "placeholder",
    "example", "your-", "your_", "yourpassword", "yoursecret", "insert", "dummy", "todo", "fixme",
    "notasecret", "supersecret", "letmein", "qwerty", "password", "xxxxxx",
  ]

  /// Whether a person wrote it to be replaced. Words of six letters and more do not occur in random
  /// text by chance.
  private static func isPlaceholder(_ text: String) -> Bool {
    let lower = text.lowercased()
    if lower.hasPrefix("<") && lower.hasSuffix(">") { return true }
    if lower.hasPrefix("${") || lower.hasPrefix("{{") || lower.hasPrefix("$(") { return true }
    return words.contains { word in
      // Shorter words do occur; they count only where a word begins.
      word.utf8.count >= 6 ? lower.contains(word) : lower.hasPrefix(word)
    }
  }

  // MARK: Other forms

  private static func pem(_ text: String) -> SecretFault? {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.first, let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }),
      first.hasPrefix("-----BEGIN "), first.hasSuffix("-----"), last.hasPrefix("-----END "),
      lines.count >= 3
    else { return .wrongForm("PEM text") }
    return nil
  }

  /// bcrypt of cost 12 or more, or Argon2id. (S04-AUTH-04, C-46)
  private static func passwordHash(_ text: String) -> SecretFault? {
    if let match = text.wholeMatch(of: /\$2[aby]\$(\d\d)\$[.\/A-Za-z0-9]{53}/) {
      guard let cost = Int(match.1), (12...31).contains(cost) else {
        return .wrongForm("bcrypt hash of cost 12 or more")
      }
      return nil
    }
    if text.wholeMatch(of: /\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[^$]{16,}\$[^$]{22,}/) != nil {
      return nil
    }
    return .wrongForm("bcrypt or Argon2id hash")
  }

  /// Its path, query and user are what nobody may guess.
  private static func url(
    _ text: String, _ key: SecretExpectations.Key, _ denied: Set<String>
  ) -> SecretFault? {
    guard let match = text.wholeMatch(of: /https:\/\/([^\/?#]+)([\/?].*)?/) else {
      return .wrongForm("https address")
    }
    let user = match.1.split(separator: "@").dropLast().joined()
    let rest = user + String(match.2 ?? "")
    if denied.contains(SlipwayModel.SHA256.hex(rest)) { return .denied }
    if isPlaceholder(rest) || match.1.hasSuffix(".example") { return .placeholder }
    let bits = capacity(rest.filter { $0 != "/" })
    return bits < key.bits ? .tooWeak(bits: bits, needed: key.bits) : nil
  }
}
