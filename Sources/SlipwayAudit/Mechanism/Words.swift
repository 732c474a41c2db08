/// Small questions about text.
extension StringProtocol {
  /// Whether one of these stands in the text, capitals aside.
  func mentions(_ words: String...) -> Bool {
    let small = lowercased()
    return words.contains { small.contains($0) }
  }

  /// Without blanks at both ends.
  var trimmed: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }

  /// Up to the first of this character, and what follows it.
  func cut(at mark: Character) -> (before: String, after: String?) {
    guard let index = firstIndex(of: mark) else { return (String(self), nil) }
    return (String(self[..<index]), String(self[self.index(after: index)...]))
  }

  /// The lines, whatever ends them.
  var textLines: [SubSequence] { split(omittingEmptySubsequences: false) { $0.isNewline } }
}

/// `${NAME:-default}` and its like in Compose files and scripts.
struct Interpolation: Hashable, Sendable {
  let name: String
  /// `:-`, `-`, `:?`, `?`, `:+`, `+`, or nothing.
  let operation: String
  let argument: String

  /// Whether an absent value is met with a default or refused.
  var isGuarded: Bool { !operation.isEmpty }

  /// All that stand in a text; `$$` is none.
  static func all(in text: String) -> [Interpolation] {
    var found: [Interpolation] = []
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      rest = rest[rest.index(after: dollar)...]
      switch rest.first {
      case "$"?: rest = rest.dropFirst()
      case "{"?:
        let inside = rest.dropFirst()
        let name = inside.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !name.isEmpty else { continue }
        let body = balanced(inside.dropFirst(name.count))
        let operation = body.prefix { ":-?+".contains($0) }
        let argument = String(body.dropFirst(operation.count))
        found.append(Interpolation(String(name), String(operation), argument))
        found += all(in: argument)
        rest = inside.dropFirst(name.count + body.count)
      case let letter? where letter.isLetter || letter == "_":
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        found.append(Interpolation(String(name), "", ""))
        rest = rest.dropFirst(name.count)
      default: continue
      }
    }
    return found
  }

  private init(_ name: String, _ operation: String, _ argument: String) {
    self.name = name
    self.operation = operation
    self.argument = argument
  }

  /// Up to the brace that closes, with inner pairs.
  private static func balanced(_ text: Substring) -> Substring {
    var depth = 1
    for index in text.indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" { depth -= 1 }
      if depth == 0 { return text[..<index] }
    }
    return text
  }
}

/// Which names hold secrets.
enum SecretName {
  /// Whether a variable of this name holds something that must not be read by others.
  static func holds(_ name: String) -> Bool {
    let small = name.lowercased()
    if small.hasSuffix("_file") || small.hasSuffix("_path") || small.contains("expire") {
      return false
    }
    if small.hasSuffix("_id") || small.hasSuffix("_name") || small.hasSuffix("_algorithm") {
      return false
    }
    let parts = small.split { $0 == "_" || $0 == "-" || $0 == "." }
    // A word about a secret is none.
    let about: Set<Substring> = [
      "allow", "enable", "enabled", "disable", "disabled", "require", "required", "random", "min",
      "max", "length", "timeout", "ttl", "lifetime", "policy", "type", "url", "uri", "endpoint",
      "host", "port", "header", "issuer", "audience", "rotation", "count", "reset", "use",
    ]
    if parts.contains(where: about.contains) { return false }
    let marks: Set<Substring> = [
      "password", "passwd", "secret", "token", "credential", "credentials", "pass", "apikey",
    ]
    if parts.contains(where: { marks.contains($0) }) { return true }
    return ["api_key", "secret_key", "private_key", "access_key", "auth_key", "jwt_key"].contains {
      small.contains($0)
    }
  }
}
