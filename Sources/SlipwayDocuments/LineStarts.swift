/// Where the lines of a text begin. They are found once: whoever asks for thousands of lines, each
/// from the top of the text, takes the square of its length.
package struct LineStarts: Sendable {
  /// Four bytes each: nothing that is read here has more than 4 GiB.
  private let starts: [UInt32]
  private let end: Int

  package init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var starts: [UInt32] = [0]
    for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") {
      starts.append(UInt32(clamping: offset + 1))
    }
    self.starts = starts
    end = bytes.count
  }

  /// The bytes of a line, counted from 1, without its end; `nil` for one that the text does not
  /// have.
  package func bytes(ofLine line: Int) -> Range<Int>? {
    guard starts.indices.contains(line - 1) else { return nil }
    let next = starts.indices.contains(line) ? Int(starts[line]) - 1 : end
    return Int(starts[line - 1])..<next
  }
}
