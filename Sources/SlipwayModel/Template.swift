import Mustache
package import SlipwayDiagnostics

/// Text with typed holes, for what a tree would only obscure: scripts, pages, runbooks.
///
/// A hole is `{{NAME}}`; a list is walked by `{{#NAME}}…{{/NAME}}`, its elements being records of
/// holes themselves. Every hole must be given, and every value must have a hole: a template that
/// silently renders nothing is how scripts lose their arguments.
package struct Template: Sendable {
  /// What fills a hole.
  package enum Value: Sendable, Hashable, ExpressibleByStringLiteral {
    case text(String)
    case list([[String: Value]])
    case flag(Bool)
    package init(stringLiteral value: String) { self = .text(value) }
  }

  package let path: String
  package let text: String
  private let uses: [Use]
  /// Read once: all environments render the same templates, and reading costs most.
  private let parsed: Result<MustacheTemplate, any Error>

  package init(path: String, text: String) {
    self.path = path
    self.text = text
    uses = Self.uses(in: text)
    // Scripts and Markdown are not HTML: nothing is escaped, the printer's linters judge.
    parsed = Result { try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text) }
  }

  /// The text with every hole filled, or what is wrong.
  package func render(_ holes: [String: Value]) -> Result<String, TemplateFindings> {
    let problems = problems(with: holes)
    guard problems.isEmpty else { return .failure(TemplateFindings(findings: problems)) }
    switch parsed {
    case .success(let template): return .success(template.render(Self.plain(holes)))
    case .failure(let error):
      let finding = finding(
        "template '\(path)' cannot be read: \(error)", fix: "mend its tags")
      return .failure(TemplateFindings(findings: [finding]))
    }
  }

  private func problems(with holes: [String: Value]) -> [Finding] {
    let wanted = Set(uses.map(\.name))
    let given = Self.allNames(holes)
    let empty = Self.emptyLists(holes)
    // The part of a list without elements is not rendered, so its holes stay unfilled.
    let missing = Set(
      uses.filter { !given.contains($0.name) && empty.isDisjoint(with: $0.within) }.map(\.name)
    ).sorted()
    let unused = Set(holes.keys).subtracting(wanted).sorted()
    return missing.map {
      finding(
        "template '\(path)' has a hole '\($0)' that nothing fills",
        fix: "give '\($0)' a value in the emitter, or remove the hole")
    }
      + unused.map {
        finding("template '\(path)' has no hole for '\($0)'", fix: "use it, or stop passing it")
      }
  }

  private func finding(_ message: String, fix: String) -> Finding {
    Finding(
      rule: "templates/have-no-empty-holes", message: message,
      lands: Landing(path: "templates/\(path)"),
      why: "a hole that renders as nothing changes what a script does without a word", fix: fix)
  }

  /// A hole, and the sections around it.
  private struct Use {
    let name: String
    let within: [String]
  }

  /// The names between `{{` and `}}`, without the marks of sections.
  package static func names(in text: String) -> Set<String> { Set(uses(in: text).map(\.name)) }

  private static func uses(in text: String) -> [Use] {
    var uses: [Use] = []
    var within: [String] = []
    for tag in tags(in: Array(text.utf8)) {
      let name = tag.drop { "#/^& ".utf8.contains($0) }.filter { $0 != 0x20 }
      let word = String(decoding: name, as: UTF8.self)
      switch tag.first {
      case UInt8(ascii: "/"):
        if within.last == word || within.last == "^" + word { within.removeLast() }
      case UInt8(ascii: "!"), UInt8(ascii: "%"), nil: break
      case let first:
        guard !word.isEmpty, word != "." else { continue }
        uses.append(Use(name: word, within: within))
        // What stands for an empty list is rendered because the list is empty.
        if first == UInt8(ascii: "#") { within.append(word) }
        if first == UInt8(ascii: "^") { within.append("^" + word) }
      }
    }
    return uses
  }

  /// What stands between `{{` and `}}`.
  private static func tags(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var tags: [ArraySlice<UInt8>] = []
    var open: Int?
    var index = 0
    while index + 1 < bytes.count {
      let byte = bytes[index]
      guard byte == bytes[index + 1], byte == (open == nil ? UInt8(ascii: "{") : UInt8(ascii: "}"))
      else {
        index += 1
        continue
      }
      if let start = open { tags.append(bytes[start..<index]) }
      index += 2
      open = open == nil ? index : nil
    }
    return tags
  }

  private static func allNames(_ holes: [String: Value]) -> Set<String> {
    var names = Set(holes.keys)
    for case .list(let records) in holes.values {
      for record in records { names.formUnion(allNames(record)) }
    }
    return names
  }

  /// The names of lists that have no elements, wherever they are given.
  private static func emptyLists(_ holes: [String: Value]) -> Set<String> {
    holes.reduce(into: []) { names, hole in
      guard case .list(let records) = hole.value else { return }
      if records.isEmpty { names.insert(hole.key) }
      for record in records { names.formUnion(emptyLists(record)) }
    }
  }

  private static func plain(_ holes: [String: Value]) -> [String: any Sendable] {
    holes.mapValues { value -> any Sendable in
      switch value {
      case .text(let text): text
      case .flag(let flag): flag
      case .list(let records): records.map(plain)
      }
    }
  }
}

/// What is wrong with a template or its holes.
package struct TemplateFindings: Error, Sendable {
  package let findings: [Finding]
}

extension EmitterInputs {
  /// A rendered template as text, or what is wrong with it.
  package func render(
    _ path: String, _ holes: [String: Template.Value]
  ) -> Result<String, TemplateFindings> {
    guard let template = prepared[path] else {
      return .failure(
        TemplateFindings(findings: [
          Finding(
            rule: "templates/have-no-empty-holes", message: "template '\(path)' does not exist",
            lands: Landing(path: "templates/\(path)"),
            why: "an emitter asks for it", fix: "write templates/\(path)")
        ]))
    }
    return template.render(holes)
  }
}
