/// Where the lines of a file begin. They are found once: a file may have a finding on every line,
/// and to look for each line from the top would cost the square of their number.
struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// Four bytes each; a file that is read has at most 16 MiB.
  private let starts: [UInt32]
  /// A minified file may be one line with thousands of findings; more than this no terminal shows.
  private static let shownBytes = 4096
  private static let shownCharacters = 90

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts: [UInt32] = [0]
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        if bytes[index] == 0x0A { starts.append(UInt32(clamping: index + 1)) }
        index += 1
      }
    }
    self.starts = starts
  }

  var all: [UInt8] { bytes }

  /// The text of a line, counted from 1, cut to what a terminal shows; `nil` for one that is blank
  /// or that the file does not have.
  func shown(_ line: Int) -> String? {
    guard starts.indices.contains(line - 1) else { return nil }
    let start = Int(starts[line - 1])
    let most = bytes[start...].prefix(Self.shownBytes)
    let text = String(decoding: most.prefix { $0 != 0x0A }, as: UTF8.self).trimmed
    return text.isEmpty ? nil : String(text.prefix(Self.shownCharacters))
  }
}
