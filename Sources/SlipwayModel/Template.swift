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
  /// The names of its holes and sections.
  package let names: Set<String>
  private let uses: [Use]
  /// Read once: all environments render the same templates.
  private let tree: Result<TemplateTree, TemplateTree.Fault>

  package init(path: String, text: String) {
    self.path = path
    tree = Result { () throws(TemplateTree.Fault) in try TemplateTree(text) }
    var uses: [Use] = []
    if case .success(let tree) = tree { Self.add(tree.parts, within: [], to: &uses) }
    self.uses = uses
    names = Set(uses.map(\.name))
  }

  /// The text with every hole filled, or what is wrong. Nothing is escaped: scripts and Markdown
  /// are not HTML, and the linters judge what comes out.
  package func render(_ holes: [String: Value]) -> Result<String, TemplateFindings> {
    switch tree {
    case .failure(let fault):
      let finding = finding("template '\(path)' cannot be read: \(fault)", fix: "mend its tags")
      return .failure(TemplateFindings(findings: [finding]))
    case .success(let tree):
      let problems = problems(with: holes)
      guard problems.isEmpty else { return .failure(TemplateFindings(findings: problems)) }
      var rendering = TemplateRendering()
      rendering.write(tree.parts, [holes])
      guard rendering.unfilled.isEmpty else {
        return .failure(TemplateFindings(findings: rendering.unfilled.sorted().map(unfilled)))
      }
      return .success(rendering.text)
    }
  }

  private func problems(with holes: [String: Value]) -> [Finding] {
    let given = Self.allNames(holes)
    let empty = Self.emptyLists(holes)
    // The part of a list without elements, or of a flag that is down, is not rendered, so its holes
    // stay unfilled.
    let missing = Set(
      uses.filter { !given.contains($0.name) && empty.isDisjoint(with: $0.within) }.map(\.name)
    ).sorted()
    let unused = Set(holes.keys).subtracting(names).sorted()
    return missing.map(unfilled)
      + unused.map {
        finding("template '\(path)' has no hole for '\($0)'", fix: "use it, or stop passing it")
      }
  }

  private func unfilled(_ hole: String) -> Finding {
    finding(
      "template '\(path)' has a hole '\(hole)' that nothing fills",
      fix: "give '\(hole)' a value in the emitter, or remove the hole")
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

  private static func add(
    _ parts: [TemplateTree.Part], within: [String], to uses: inout [Use]
  ) {
    for part in parts {
      switch part {
      case .text: break
      case .hole(let name): uses.append(Use(name: name, within: within))
      case .section(let name, let inner):
        uses.append(Use(name: name, within: within))
        add(inner, within: within + [name], to: &uses)
      case .opposite(let name, let inner):
        // What stands for an empty list is rendered because the list is empty.
        uses.append(Use(name: name, within: within))
        add(inner, within: within, to: &uses)
      }
    }
  }

  private static func allNames(_ holes: [String: Value]) -> Set<String> {
    var names = Set(holes.keys)
    for case .list(let records) in holes.values {
      for record in records { names.formUnion(allNames(record)) }
    }
    return names
  }

  /// The names of lists that have no elements and of flags that are down, wherever they are given.
  private static func emptyLists(_ holes: [String: Value]) -> Set<String> {
    holes.reduce(into: []) { names, hole in
      switch hole.value {
      case .text, .flag(true): break
      case .flag(false): names.insert(hole.key)
      case .list(let records):
        if records.isEmpty { names.insert(hole.key) }
        for record in records { names.formUnion(emptyLists(record)) }
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
