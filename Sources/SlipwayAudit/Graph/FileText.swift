import SlipwayDocuments

/// The bytes of a file, by its lines.
struct FileText: Sendable {
  let bytes: [UInt8]
  private let starts: LineStarts
  /// A minified file may be one line with thousands of findings; more than this no terminal shows.
  private static let shownBytes = 4096
  private static let shownCharacters = 90

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    starts = bytes.withUnsafeBufferPointer(LineStarts.init)
  }

  /// The text of a line, counted from 1, cut to what a terminal shows; `nil` for one that is blank
  /// or that the file does not have.
  func shown(_ line: Int) -> String? {
    guard let range = starts.bytes(ofLine: line) else { return nil }
    let text = String(decoding: bytes[range].prefix(Self.shownBytes), as: UTF8.self).trimmed
    return text.isEmpty ? nil : String(text.prefix(Self.shownCharacters))
  }
}
