/// Reads shell as far as rules need it: commands, words, pipelines, blocks, here-documents.
///
/// It never fails. What does not end is taken to the end of the text and noted.
struct ShellReader {
  let characters: [Character]
  var index = 0
  var line: Int
  var column: Int
  let path: String
  var notes: [Note] = []

  var commands: [ShellCommand] = []
  var current: ShellCommand
  var blocks: [ShellCommand.Block] = []
  /// Keywords that opened the blocks.
  var openers: [String] = []
  var conditionDepth = 0
  var pipeline = 0
  var innerCount = 0
  var folder: String? = ""
  var pendingHeredocs: [(name: String, cutsTabs: Bool)] = []
  let depth: Int
  private static let blocksMax = 64

  init(_ text: String, at spot: Spot, depth: Int = 0) {
    // A carriage return before a line feed is one character of Swift.
    characters = text.map { $0 == "\r\n" ? "\n" : $0 }
    line = spot.line
    column = spot.column
    path = spot.path
    self.depth = depth
    current = ShellCommand(spot: spot)
  }

  mutating func readAll() -> [ShellCommand] {
    while index < characters.count { step() }
    finish("\n")
    return commands
  }

  var next: Character? { index < characters.count ? characters[index] : nil }
  func peek(_ offset: Int) -> Character? {
    characters.indices.contains(index + offset) ? characters[index + offset] : nil
  }
  var spot: Spot { Spot(path, line, column) }

  @discardableResult
  mutating func take() -> Character? {
    guard let character = next else { return nil }
    index += 1
    if character == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    return character
  }

  mutating func step() {
    switch next {
    case " "?, "\t"?, "\r"?: take()
    case "\\"? where peek(1) == "\n":
      take()
      take()
    case "\n"?:
      finish("\n")
      take()
      skipHeredocs()
    case "#"?: while let character = next, character != "\n" { take() }
    case ";"?:
      take()
      if next == ";" { take() }
      finish(";")
    case "&"?: ampersand()
    case "|"?: bar()
    case "<"?, ">"?: redirect()
    case "("?: openParenthesis()
    case ")"?: closeParenthesis()
    default: word()
    }
  }

  mutating func ampersand() {
    take()
    if next == "&" {
      take()
      finish("&&")
    } else if next == ">" {
      take()
      if next == ">" { take() }
      skipBlanks()
      let target = scanWord().text
      current.redirects.append(.init(operation: "&>", target: target))
    } else {
      finish("&")
    }
  }

  mutating func bar() {
    take()
    if next == "|" {
      take()
      finish("||")
    } else {
      if next == "&" { take() }
      finish("|")
    }
  }

  mutating func skipBlanks() {
    while next == " " || next == "\t" { take() }
  }

  mutating func openParenthesis() {
    if peek(1) == "(", current.words.isEmpty {
      skipArithmetic()
      return
    }
    // `name() {` is a function.
    if current.words.count == 1, peek(1) == ")" {
      let name = current.words[0].text
      take()
      take()
      current.words = []
      blocks.append(.function(name))
      openers.append("name()")
      return
    }
    take()
    finish(";")
    blocks.append(.group)
    openers.append("(")
  }

  mutating func closeParenthesis() {
    take()
    if openers.last == "(" {
      finish(";")
      openers.removeLast()
      blocks.removeLast()
    } else {
      // The pattern of a `case`.
      current.words = []
    }
  }

  mutating func skipArithmetic() {
    var open = 0
    while let character = take() {
      if character == "(" { open += 1 }
      if character == ")" { open -= 1 }
      if open == 0 { return }
    }
  }
}

extension ShellReader {
  /// Whether the word was a keyword; it then changes the blocks.
  mutating func keyword(_ text: String) -> Bool {
    switch text {
    case "if": open(.condition, "if"); conditionDepth += 1
    case "then": conditionDepth = max(0, conditionDepth - 1)
    case "elif": conditionDepth += 1
    case "else": break
    case "fi", "done", "esac": close()
    case "while", "until": open(.loop, text); conditionDepth += 1
    case "do": if openers.last != "for" { conditionDepth = max(0, conditionDepth - 1) }
    case "{":
      if openers.last == "name()" { openers[openers.count - 1] = "{" } else { open(.group, "{") }
    case "}": close()
    case "for", "select":
      open(.loop, "for")
      return false
    case "case":
      open(.choice, "case")
      return false
    case "function":
      skipBlanks()
      let name = scanWord().text
      blocks.append(.function(name))
      openers.append("name()")
      if next == "(" { take(); if next == ")" { take() } }
    case "!", "time": break
    default: return false
    }
    return true
  }

  mutating func open(_ block: ShellCommand.Block, _ opener: String) {
    blocks.append(block)
    openers.append(opener)
  }

  mutating func close() {
    guard !blocks.isEmpty else { return }
    blocks.removeLast()
    openers.removeLast()
  }

  mutating func finish(_ separator: String) {
    defer { current = ShellCommand(spot: spot) }
    guard !current.words.isEmpty || !current.assignments.isEmpty || !current.redirects.isEmpty
    else { return }
    current.separator = separator
    current.pipeline = pipeline
    // A nest that no person wrote must not cost its square.
    current.blocks = Array(blocks.suffix(Self.blocksMax))
    current.isCondition = conditionDepth > 0
    current.folder = folder
    if separator != "|" { pipeline += 1 }
    if current.name == "cd" { changeFolder() }
    commands.append(current)
  }

  mutating func changeFolder() {
    let target = current.arguments.last { !$0.hasPrefix("-") } ?? ""
    guard !target.hasPrefix("/"), !target.contains("$"), !target.isEmpty, let here = folder,
      !current.isCondition
    else {
      folder = nil
      return
    }
    if target == "..", here.isEmpty {
      folder = nil
      return
    }
    folder = Paths.join(here, target)
  }

  mutating func redirect() {
    var operation = ""
    while let character = next, "<>&|".contains(character), operation.count < 3 {
      operation.append(character)
      take()
    }
    if operation == "<<", next == "-" {
      take()
      operation = "<<-"
    }
    skipBlanks()
    if next == "(" {
      take()
      inner(until: ")")
      return
    }
    let target = scanWord().text
    if operation.hasPrefix("<<"), operation != "<<<" {
      pendingHeredocs.append((target, operation == "<<-"))
    }
    current.redirects.append(.init(operation: operation, target: target))
  }

  mutating func skipHeredocs() {
    let waiting = pendingHeredocs
    pendingHeredocs = []
    for document in waiting {
      var body = ""
      while index < characters.count {
        var text = ""
        while let character = next, character != "\n" { text.append(character); take() }
        take()
        let compared = document.cutsTabs ? String(text.drop { $0 == "\t" }) : text
        if compared == document.name { break }
        body += text + "\n"
      }
      if !commands.isEmpty { commands[commands.count - 1].heredoc = body }
    }
  }
}
