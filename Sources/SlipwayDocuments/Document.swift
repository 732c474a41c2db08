/// The content of one generated file: a tree of its syntax, or lines of text.
package enum Document: Hashable, Sendable {
  /// A YAML stream of one document.
  case yaml(YAMLNode)
  /// A JSON text.
  case json(JSONNode)
  /// The directives of an nginx configuration file.
  case nginx([NginxNode])
  /// The instructions of a Dockerfile.
  case dockerfile([DockerfileInstruction])
  /// The variables of an `env_file`.
  case dotenv([DotenvEntry])
  /// Lines of any other format.
  case text(TextDocument)

  /// The bytes of the file, as UTF-8, under this header.
  ///
  /// The same document always prints the same bytes; origins never reach them.
  ///
  /// - Throws: `PrintError`, with the path of the node, for what the syntax cannot say.
  package func print(header: Header? = nil) throws(PrintError) -> String {
    switch try headed(by: header) {
    case .yaml(let root):
      let text = try YAMLPrinter.text(of: root)
      guard let header else { return text }
      return CommentText.line(try header.checkedSentence()) + "\n" + text
    case .json(let root): return try JSONPrinter.text(of: root)
    case .nginx(let nodes): return try NginxPrinter.text(of: nodes)
    case .dockerfile(let instructions): return try DockerfilePrinter.text(of: instructions)
    case .dotenv(let entries): return try DotenvPrinter.text(of: entries)
    case .text(let document): return try document.printed()
    }
  }

  /// The document with its header as part of the tree, where comments are part of the tree.
  func headed(by header: Header?) throws(PrintError) -> Document {
    guard let header else { return self }
    let sentence = try header.checkedSentence()
    switch self {
    case .yaml, .json: return self
    case .nginx(let nodes): return .nginx([.comment(sentence)] + nodes)
    case .dotenv(let entries): return .dotenv([.comment(sentence)] + entries)
    case .text(let document): return .text(try document.headed(by: header))
    case .dockerfile(let instructions):
      let directives = instructions.prefix { $0.isParserDirective }.count
      var copy = instructions
      copy.insert(.comment(sentence), at: directives)
      return .dockerfile(copy)
    }
  }
}
