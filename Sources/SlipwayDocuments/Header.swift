/// The first comment of a generated file: where the file comes from and how to make it again.
///
/// It stands on the first line, or behind a shebang or the parser directives of a Dockerfile, in
/// every syntax that has comments; JSON has none.
package struct Header: Hashable, Sendable {
  /// What the file was made from, as a reader finds it in the repository:
  /// `environments/Production.swift`.
  package var source: String
  /// The command that makes it again: `make generate`.
  package var command: String

  /// A header that names this source and this command.
  package init(source: String, command: String) {
    self.source = source
    self.command = command
  }

  /// The sentence, without a comment marker.
  package var sentence: String {
    "Generated from \(source) by `\(command)`. Edit the Swift, not this."
  }

  /// The sentence, checked to be one line of comment.
  ///
  /// - Throws: `PrintError` if the source or the command holds a control character.
  func checkedSentence() throws(PrintError) -> String {
    let lines = try CommentText.lines(of: sentence, at: [])
    guard lines.count == 1, let line = lines.first else {
      throw PrintError(at: [], "the header is longer than one line")
    }
    return line
  }
}
