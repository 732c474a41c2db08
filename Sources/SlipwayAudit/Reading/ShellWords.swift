/// Words of a shell: quotes, variables, substitutions.
extension ShellReader {
  mutating func word() {
    let start = spot
    if current.words.isEmpty, current.assignments.isEmpty { current.spot = start }
    if current.words.isEmpty, let assignment = assignment() {
      current.assignments.append(assignment)
      return
    }
    let read = scanWord()
    guard !read.raw.isEmpty else {
      take()
      return
    }
    // A number before a redirection belongs to it.
    if next == ">" || next == "<", read.text.allSatisfy(\.isNumber), !read.isQuoted { return }
    if current.words.isEmpty, !read.isQuoted, keyword(read.text) { return }
    current.words.append(
      ShellWord(text: read.text, spot: start, isQuoted: read.isQuoted, isLiteral: read.isLiteral))
    if ["[[", "["].contains(read.text), current.words.count == 1 { test(until: read.text) }
  }

  /// The words of a test, in which `&&`, `<` and the like are words too.
  mutating func test(until open: String) {
    let close = open == "[[" ? "]]" : "]"
    while let character = next {
      if character == " " || character == "\t" {
        take()
      } else if character == "\n", open == "[" {
        return
      } else if open == "[[", "<>&|()\n;".contains(character) {
        let start = spot
        take()
        current.words.append(
          ShellWord(text: String(character), spot: start, isQuoted: false, isLiteral: false))
      } else if ";&|<>()".contains(character) {
        return
      } else {
        let start = spot
        let read = scanWord()
        if read.raw.isEmpty { take() }
        current.words.append(
          ShellWord(
            text: read.text, spot: start, isQuoted: read.isQuoted, isLiteral: read.isLiteral))
        if read.text == close { return }
      }
    }
  }

  mutating func assignment() -> ShellCommand.Assignment? {
    var length = 0
    while let character = peek(length), character.isLetter || character.isNumber || character == "_"
    { length += 1 }
    guard length > 0, peek(0)?.isNumber == false else { return nil }
    let plus = peek(length) == "+" && peek(length + 1) == "="
    guard peek(length) == "=" || plus else { return nil }
    let start = spot
    let name = String(characters[index..<(index + length)])
    for _ in 0..<(length + (plus ? 2 : 1)) { take() }
    if next == "(" {
      let first = index
      skipArithmetic()
      return .init(
        name: name, value: String(characters[first..<index]), spot: start, isLiteral: false)
    }
    let value = scanWord()
    return .init(name: name, value: value.text, spot: start, isLiteral: value.isLiteral)
  }

  struct Scanned {
    var text = ""
    var raw = ""
    var isQuoted = false
    var isLiteral = false
  }

  /// One word with quotes removed; commands in `$(…)` are read as commands of their own.
  mutating func scanWord() -> Scanned {
    var result = Scanned()
    scan: while let character = next {
      switch character {
      case " ", "\t", "\n", ";", "&", "|", "<", ">", "(", ")": break scan
      case "'":
        result.isQuoted = true
        result.isLiteral = true
        take()
        while let inner = next, inner != "'" { result.text.append(inner); take() }
        if take() == nil { notes.append(Note("a quote that does not end", spot)) }
      case "\"":
        result.isQuoted = true
        quoted(&result.text)
      case "\\":
        take()
        if next == "\n" { take() } else if let escaped = take() { result.text.append(escaped) }
      case "$": dollar(&result.text)
      case "`": backticks(&result.text)
      default:
        result.text.append(character)
        take()
      }
      result.raw.append(character)
    }
    return result
  }

  mutating func quoted(_ text: inout String) {
    take()
    while let character = next {
      switch character {
      case "\"":
        take()
        return
      case "\\":
        take()
        if let escaped = take(), escaped != "\n" {
          if !"\"\\$`".contains(escaped) { text.append("\\") }
          text.append(escaped)
        }
      case "$": dollar(&text)
      case "`": backticks(&text)
      default:
        text.append(character)
        take()
      }
    }
    notes.append(Note("a quote that does not end", spot))
  }

  mutating func dollar(_ text: inout String) {
    let start = index
    take()
    switch next {
    case "("?:
      if peek(1) == "(" {
        skipArithmetic()
      } else {
        take()
        inner(until: ")")
      }
    case "{"?: braces()
    default: break
    }
    text += String(characters[start..<index])
  }

  mutating func braces() {
    var open = 0
    while let character = take() {
      if character == "{" { open += 1 }
      if character == "}" { open -= 1 }
      if open == 0 { return }
    }
  }

  mutating func backticks(_ text: inout String) {
    let start = index
    take()
    inner(until: "`")
    text += String(characters[start..<index])
  }

  /// Reads the commands of a substitution.
  mutating func inner(until close: Character) {
    let start = spot
    let first = index
    var open = 0
    var quote: Character?
    while let character = next {
      if character == "\\" {
        take()
      } else if let mark = quote {
        if character == mark { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == close, open == 0 {
        break
      } else if character == "(" {
        open += 1
      } else if character == ")" {
        open -= 1
      }
      take()
    }
    let body = String(characters[first..<index])
    take()
    guard depth < 8 else { return }
    var reader = ShellReader(body, at: start, depth: depth + 1)
    defer { innerCount += 1 }
    for var command in reader.readAll() {
      command.blocks = blocks.suffix(64) + [.substitution] + command.blocks
      // Far from the numbers of the outer commands.
      command.pipeline += (innerCount + 1) * 1_000_000
      command.folder = folder
      commands.append(command)
    }
  }
}
