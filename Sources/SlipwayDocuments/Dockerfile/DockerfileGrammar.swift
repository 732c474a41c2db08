/// What the builder knows about keywords, by BuildKit's parser
/// (https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go).
enum DockerfileGrammar {
  /// How the text behind a keyword and its flags is read.
  enum Form {
    /// A JSON array, or else text for a shell.
    case execOrShell
    /// A JSON array, or else words between blanks.
    case execOrWords
    /// Words between blanks.
    case words
    /// Words that may hold quotes, each a name or a name with a value.
    case namesOrPairs
    /// Names with values.
    case pairs
    /// The rest of the line.
    case line
    /// `NONE`, or `CMD` and what it takes.
    case health
    /// Another instruction.
    case instruction
  }

  /// The form of a keyword in capitals, or `nil` if the builder does not know it.
  static func form(of keyword: String) -> Form? {
    switch keyword {
    case "RUN", "CMD", "ENTRYPOINT", "SHELL": .execOrShell
    case "COPY", "ADD", "VOLUME": .execOrWords
    case "FROM", "EXPOSE": .words
    case "ARG": .namesOrPairs
    case "ENV", "LABEL": .pairs
    case "USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER": .line
    case "HEALTHCHECK": .health
    case "ONBUILD": .instruction
    default: nil
    }
  }

  /// Whether here-documents may follow the keyword.
  static func takesHeredocs(_ keyword: String) -> Bool {
    ["RUN", "COPY", "ADD"].contains(keyword)
  }

  /// The name in small letters and the value of a parser directive, or `nil` if the text of a
  /// comment is none.
  static func parserDirective(_ comment: Substring) -> (name: String, value: String)? {
    let bytes = Array(comment.utf8)
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let name = String(trimming: bytes[..<equals]).lowercased()
    let value = String(trimming: bytes[(equals + 1)...])
    return ["syntax", "escape", "check"].contains(name) && !value.isEmpty ? (name, value) : nil
  }
}

/// The here-documents that a line announces.
struct DockerfileHeredocMark: Hashable, Sendable {
  /// The word that ends the document.
  var name: String
  /// Whether the word stands without quotes, so that the builder expands variables.
  var expandsVariables: Bool
  /// Whether leading tabs are cut (`<<-`).
  var cutsTabs: Bool
  /// The word of the line that announces it: `<<EOF`.
  var word: String

  /// The marks in a line, in their order. A mark is a whole word `<<NAME`, `<<-NAME`, `3<<NAME` or
  /// `<< NAME`, with or without quotes around the name. The escape here is a backslash even where
  /// the file has another.
  static func all(in line: String) -> [DockerfileHeredocMark] {
    guard line.utf8.contains(UInt8(ascii: "<")) else { return [] }
    return DockerfileWords.split(line, escape: UInt8(ascii: "\\"), joinsHeredocs: true)
      .compactMap(DockerfileHeredocMark.init)
  }

  private init?(word: String) {
    var rest = Array(word.utf8)[...].drop { $0.isASCIIDigit }
    guard rest.starts(with: "<<".utf8) else { return nil }
    rest = rest.dropFirst(2)
    cutsTabs = rest.first == UInt8(ascii: "-")
    if cutsTabs { rest = rest.dropFirst() }
    guard !rest.contains(UInt8(ascii: "<")) else { return nil }
    let written = String(trimming: rest)
    name = DockerfileValue(written, escape: UInt8(ascii: "\\")).text
    guard !name.isEmpty else { return nil }
    let isQuote = { (byte: UInt8) in byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
    expandsVariables = name.utf8.count(where: isQuote) == written.utf8.count(where: isQuote)
    self.word = word
  }
}

/// Words of a Dockerfile line, with their quotes and escapes left in.
enum DockerfileWords {
  /// The words between blanks of any alphabet, outside quotes, by `parseWords` of BuildKit; blanks
  /// behind `<<` belong to its word if `joinsHeredocs`.
  static func split(
    _ line: String, escape: UInt8, joinsHeredocs: Bool = false
  ) -> [String] {
    let escape = Unicode.Scalar(escape)
    var words: [String] = []
    var word = String.UnicodeScalarView()
    var quote: Unicode.Scalar?
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == escape, quote != "'" {
        // The last character of the line is dropped when it is the escape.
        guard let next = rest.popFirst() else { break }
        word += [scalar, next]
        continue
      }
      if quote == nil, scalar.properties.isWhitespace {
        if !word.isEmpty { words.append(String(word)) }
        word = String.UnicodeScalarView()
        continue
      }
      if joinsHeredocs, quote == nil, scalar == "<", rest.first == "<" {
        word += [scalar, scalar]
        rest = rest.dropFirst()
        while let blank = rest.first, blank == " " || blank == "\t" || blank == "\r" {
          word.append(blank)
          rest = rest.dropFirst()
        }
        continue
      }
      if scalar == quote {
        quote = nil
      } else if quote == nil, scalar == "\"" || scalar == "'" {
        quote = scalar
      }
      word.append(scalar)
    }
    if !word.isEmpty { words.append(String(word)) }
    return words
  }
}
