/// Names of metrics and labels as Swift writes them.
enum SwiftName {
  /// `node_cpu_seconds_total` without `node_` is `cpuSecondsTotal`.
  static func member(_ name: String, without prefix: String) -> String {
    let rest = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    let words = rest.split { $0 == "_" || $0 == ":" }.map(String.init)
    guard let first = words.first else { return escaped(name) }
    return escaped(lowered(first) + words.dropFirst().map(raised).joined())
  }

  /// `device`, `mountpoint` is `DeviceMountpointLabels`.
  static func type(_ words: [String]) -> String {
    words.flatMap { $0.split(separator: "_").map(String.init) }.map(raised).joined() + "Labels"
  }

  private static func raised(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }

  private static func lowered(_ word: String) -> String {
    word.prefix(1).lowercased() + word.dropFirst()
  }

  private static func escaped(_ name: String) -> String {
    let name = name.first?.isNumber == true ? "_\(name)" : name
    return keywords.contains(name) ? "`\(name)`" : name
  }

  /// Words that Swift keeps for itself wherever a member may stand.
  private static let keywords: Set<String> = [
    "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else",
    "enum", "extension", "false", "for", "func", "guard", "if", "import", "in", "init",
    "internal", "is", "let", "nil", "operator", "private", "protocol", "public", "repeat",
    "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "true",
    "try", "var", "where", "while",
  ]
}

/// A Swift string literal of at most `width` characters; what is too long ends in `…`.
func literal(_ text: String, width: Int = .max) -> String {
  let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  var result = ""
  for character in flat {
    switch character {
    case "\\": result += "\\\\"
    case "\"": result += "\\\""
    default: result.append(character)
    }
  }
  guard result.count + 2 > width else { return "\"\(result)\"" }
  var short = result.prefix(width - 3)
  while let last = short.last, last == "\\" || last == " " { short = short.dropLast() }
  if let space = short.lastIndex(of: " "), short.distance(from: space, to: short.endIndex) < 20 {
    short = short[..<space]
  }
  return "\"\(short)…\""
}
