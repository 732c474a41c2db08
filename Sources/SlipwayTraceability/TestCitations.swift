extension Citations {
  /// Reads `.covers("…")` among the traits of `@Test` and `@Suite`. Anything else that looks like
  /// it, in a comment, a string, a helper or a variable, proves nothing and does not count.
  package init(test text: String, file: String) {
    var reader = TestReader(words: SwiftWords(text).words, file: file)
    reader.read()
    self = reader.citations
  }
}

private struct TestReader {
  let words: [SwiftWords.Placed]
  let file: String
  var citations = Citations()

  private func word(_ index: Int) -> SwiftWords.Word? {
    words.indices.contains(index) ? words[index].word : nil
  }

  mutating func read() {
    var conditions = 0
    for index in words.indices {
      switch (word(index), word(index + 1)) {
      case (.mark("#"), .name("if")): conditions += 1
      case (.mark("#"), .name("endif")): conditions -= 1
      case (.mark("@"), .name("Test")), (.mark("@"), .name("Suite")):
        readAttribute(at: index, isConditional: conditions > 0)
      default: break
      }
    }
  }

  private mutating func report(_ index: Int, _ message: String) {
    citations.problems.append(
      Problem(file: file, line: words[index].line, message: message))
  }

  private mutating func readAttribute(at start: Int, isConditional: Bool) {
    guard word(start + 2) == .mark("("), let end = closing(of: start + 2) else { return }
    let traits = traits(between: start + 2, and: end)
    guard let covers = traits.first(where: { $0.name == "covers" }) else { return }
    guard traits.count(where: { $0.name == "covers" }) == 1 else {
      return report(start, "has `.covers` twice; one is enough")
    }
    guard let ids = literals(after: covers.index), !ids.isEmpty else {
      return report(start, "`.covers` wants ids as plain literals")
    }
    guard let (name, body) = declaration(after: end) else {
      return report(start, "`.covers` stands at nothing that has a name")
    }
    if isConditional {
      return report(start, "'\(name)' covers something, but may not be compiled")
    }
    if traits.contains(where: { ["disabled", "enabled"].contains($0.name) }) {
      return report(start, "'\(name)' covers something, but may not run")
    }
    if word(start + 1) == .name("Suite"), !holdsTest(body) {
      return report(start, "'\(name)' covers something, but holds no test")
    }
    let displayName: String? =
      if case .literal(.some(let text)) = word(start + 3) { text } else { nil }
    citations.found.append(
      Citation(name: displayName ?? name, file: file, line: words[start].line, ids: ids))
  }

  /// The arguments of the form `.name…`, each with the place of its name.
  private func traits(between open: Int, and end: Int) -> [(name: String, index: Int)] {
    var depth = 0
    var found: [(String, Int)] = []
    for index in (open + 1)..<end {
      switch word(index) {
      case .mark("("), .mark("["), .mark("{"): depth += 1
      case .mark(")"), .mark("]"), .mark("}"): depth -= 1
      case .mark(".") where depth == 0:
        let begins = index == open + 1 || word(index - 1) == .mark(",")
        if begins, case .name(let name) = word(index + 1) { found.append((name, index + 1)) }
      default: break
      }
    }
    return found
  }

  /// The strings of a call; `nil` if anything else is among its arguments.
  private func literals(after name: Int) -> [String]? {
    guard word(name + 1) == .mark("("), let end = closing(of: name + 1) else { return nil }
    var found: [String] = []
    for index in (name + 2)..<end {
      switch word(index) {
      case .literal(.some(let text)): found.append(text)
      case .mark(","): continue
      default: return nil
      }
    }
    return found
  }

  private func closing(of open: Int) -> Int? {
    var depth = 0
    for index in words.indices[open...] {
      switch word(index) {
      case .mark("("), .mark("["), .mark("{"): depth += 1
      case .mark(")"), .mark("]"), .mark("}"):
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return nil
  }

  /// The function or type behind an attribute, with the place of its name.
  private func declaration(after end: Int) -> (name: String, index: Int)? {
    for index in words.indices[(end + 1)...] {
      switch word(index) {
      case .name("func"), .name("struct"), .name("class"), .name("enum"), .name("actor"),
        .name("extension"):
        switch word(index + 1) {
        case .name(let name), .quoted(let name): return (name, index + 1)
        default: return nil
        }
      case .mark("{"), .mark("}"), nil: return nil
      default: continue
      }
    }
    return nil
  }

  private func holdsTest(_ name: Int) -> Bool {
    guard let open = words.indices[name...].first(where: { word($0) == .mark("{") }),
      let end = closing(of: open)
    else { return false }
    return (open..<end).contains { word($0) == .mark("@") && word($0 + 1) == .name("Test") }
  }
}
