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
  /// The names of its holes.
  package let names: Set<String>
  /// Read once: all environments render the same templates, and reading costs most.
  private let parsed: Result<MustacheTemplate, any Error>

  package init(path: String, text: String) {
    self.path = path
    self.text = text
    names = Self.names(in: text)
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
    let wanted = names
    let given = Self.allNames(holes)
    let missing = wanted.subtracting(given).sorted()
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

  /// The names between `{{` and `}}`, without the marks of sections.
  package static func names(in text: String) -> Set<String> {
    var names: Set<String> = []
    let bytes = Array(text.utf8)
    var open: Int?
    var index = 0
    while index + 1 < bytes.count {
      let byte = bytes[index]
      guard byte == bytes[index + 1], byte == (open == nil ? 0x7B : 0x7D) else {
        index += 1
        continue
      }
      if let start = open { names.formUnion(name(of: bytes[start..<index])) }
      index += 2
      open = open == nil ? index : nil
    }
    return names
  }

  /// The name in a tag, if it is one: none for comments, settings and ends of sections.
  private static func name(of tag: ArraySlice<UInt8>) -> [String] {
    guard let first = tag.first, !"!%/".utf8.contains(first) else { return [] }
    let name = tag.drop { "#/^& ".utf8.contains($0) }.filter { $0 != 0x20 }
    return name.isEmpty || name == Array(".".utf8) ? [] : [String(decoding: name, as: UTF8.self)]
  }

  private static func allNames(_ holes: [String: Value]) -> Set<String> {
    var names = Set(holes.keys)
    for case .list(let records) in holes.values {
      for record in records { names.formUnion(allNames(record)) }
    }
    return names
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
