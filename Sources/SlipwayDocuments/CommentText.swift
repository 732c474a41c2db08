/// The lines of a comment, checked once for every syntax.
enum CommentText {
  /// A comment cut at its line feeds.
  ///
  /// - Throws: `PrintError` if a line holds a control character or a line break of another
  ///   alphabet, either of which could end the comment for some reader.
  static func lines(of text: String, at path: DocumentPath) throws(PrintError) -> [String] {
    let isPlain = text.withBytes { bytes in
      bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x09 }
    }
    let isSound =
      isPlain
      || text.unicodeScalars.allSatisfy {
        $0.value == 0x0A || $0.value == 0x09 || $0.isYAMLPrintable
      }
    guard isSound else {
      throw PrintError(at: path, "a comment holds a control character")
    }
    return text.linesByFeed.map(String.init)
  }

  /// A line of comment behind this marker, without a blank at its end.
  static func line(_ text: String, marker: String = "#") -> String {
    var line = text.isEmpty ? marker : marker + " " + text
    while let last = line.utf8.last, last.isBlank { line.unicodeScalars.removeLast() }
    return line
  }
}
