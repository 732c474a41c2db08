package import SlipwayDiagnostics

/// Which values of a specification made each line of a printed document.
///
/// The printed text is read again with the reader of its syntax; the path of the node on a line is
/// then looked up in the tree that was printed. Nothing is remembered from printing, so the answer
/// is also a check of the printer.
package struct Provenance: Sendable {
  /// What stands behind one line.
  package struct Trace: Hashable, Sendable {
    /// The node that the line belongs to; empty for the root.
    package let path: DocumentPath
    /// Where the node itself was written; empty if the generator made it.
    package let own: [Origin]
    /// Where the nearest node around it was written that has origins; empty if none has.
    package let around: [Origin]
  }

  private let origins: [DocumentPath: [Origin]]
  private let locations: LocationIndex

  /// The provenance of a document that was printed as `text` under `header`.
  ///
  /// - Throws: `PrintError` if the header is no comment, or if the text cannot be read back.
  package init(
    of document: Document, header: Header? = nil, text: String
  ) throws(PrintError) {
    let headed = try document.headed(by: header)
    var index = OriginIndex()
    index.visit(headed)
    origins = index.origins
    do {
      locations = try Provenance.read(headed, text).locations
    } catch {
      throw PrintError(at: [], "the printed text cannot be read back: \(error)")
    }
  }

  private static func read(
    _ document: Document, _ text: String
  ) throws(SyntaxError) -> any LocatedTree {
    switch document {
    case .yaml: try YAMLReader.read(text)
    case .json: try JSONReader.read(text)
    case .nginx: try NginxReader.read(text)
    case .dockerfile: try DockerfileReader.read(text)
    case .dotenv: try DotenvReader.read(text)
    case .text: LocatedText(text)
    }
  }

  /// What stands behind a line, counted from 1; `nil` for a line outside of the tree, such as the
  /// header of a YAML document.
  package func trace(atLine line: Int) -> Trace? {
    guard let path = locations.path(atLine: line) else { return nil }
    var around: [Origin] = []
    var outer = path.parent
    while let here = outer, around.isEmpty {
      around = origins[here] ?? []
      outer = here.parent
    }
    return Trace(path: path, own: origins[path] ?? [], around: around)
  }

  /// Where the line was written: the origins of its own node, or if the generator made that, of the
  /// nearest node around it. Empty if the generator made all of them.
  package func origins(atLine line: Int) -> [Origin] {
    guard let trace = trace(atLine: line) else { return [] }
    return trace.own.isEmpty ? trace.around : trace.own
  }
}

/// Text without a syntax: each line is a node.
struct LocatedText: LocatedTree {
  let locations: LocationIndex

  /// The lines of the text.
  init(_ text: String) {
    var index = LocationIndex()
    var lines = text.linesByFeed.count
    if text.utf8.last == 0x0A || text.isEmpty { lines -= 1 }
    for line in 0..<lines {
      _ = index.add(
        [.index(line)], parent: nil, start: Position(line: line + 1, column: 1))
    }
    locations = index
  }
}

/// The origins of every node of a document by its path, as the reader of its syntax names it.
struct OriginIndex {
  private(set) var origins: [DocumentPath: [Origin]] = [:]

  /// Visits all nodes of a document.
  mutating func visit(_ document: Document) {
    switch document {
    case .yaml(let root): visit(root, at: [])
    case .json(let root): visit(root, at: [])
    case .nginx(let nodes): visit(nodes, at: [])
    case .dockerfile(let instructions): visit(instructions)
    case .dotenv(let entries): visit(entries)
    case .text(let text):
      for (index, line) in text.lines.enumerated() { origins[[.index(index)]] = line.origins }
    }
  }

  private mutating func visit(_ node: YAMLNode, at path: DocumentPath) {
    origins[path] = node.origins
    switch node.content {
    case .null, .bool, .number, .string: break
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        visit(element, at: path.appending(.index(index)))
      }
    case .map(let entries):
      for entry in entries { visit(entry.value, at: path.appending(.key(entry.key))) }
    }
  }

  private mutating func visit(_ node: JSONNode, at path: DocumentPath) {
    origins[path] = node.origins
    switch node.content {
    case .null, .bool, .number, .string: break
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        visit(element, at: path.appending(.index(index)))
      }
    case .map(let entries):
      for entry in entries { visit(entry.value, at: path.appending(.key(entry.key))) }
    }
  }

  private mutating func visit(_ nodes: [NginxNode], at path: DocumentPath) {
    var steps = SiblingCounter()
    for node in nodes {
      switch node.content {
      case .comment(let text): comment(text, node.origins, at: path, &steps)
      case .simple(let directive), .raw(let directive, _):
        origins[path.appending(steps.next(directive.name))] = node.origins
      case .block(let directive, let children):
        let here = path.appending(steps.next(directive.name))
        origins[here] = node.origins
        visit(children, at: here)
      }
    }
  }

  private mutating func visit(_ instructions: [DockerfileInstruction]) {
    var steps = SiblingCounter()
    for instruction in instructions {
      switch instruction.content {
      case .comment(let text): comment(text, instruction.origins, at: [], &steps)
      case .parserDirective(let name, _):
        origins[[steps.next("# " + name)]] = instruction.origins
      case .instruction(let keyword, _, _): origins[[steps.next(keyword)]] = instruction.origins
      }
    }
  }

  private mutating func visit(_ entries: [DotenvEntry]) {
    var steps = SiblingCounter()
    for entry in entries {
      switch entry.content {
      case .comment(let text): comment(text, entry.origins, at: [], &steps)
      case .variable(let key, _): origins[[.key(key)]] = entry.origins
      }
    }
  }

  /// A comment of several lines is as many nodes to a reader.
  private mutating func comment(
    _ text: String, _ lineOrigins: [Origin], at path: DocumentPath, _ steps: inout SiblingCounter
  ) {
    for _ in text.linesByFeed { origins[path.appending(steps.next("#"))] = lineOrigins }
  }
}
