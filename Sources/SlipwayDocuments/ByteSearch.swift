/// Looks for one piece of text in many others, by their bytes. (Horspool: a byte that the piece
/// does not hold moves the search by the piece's whole length.)
///
/// `contains` of the standard library compares characters as Unicode would; over the half megabyte
/// of scripts that rules read again that took longer than everything else together.
package struct ByteSearch: Sendable {
  /// A line that holds the piece.
  package struct Line: Sendable {
    /// Counted from 1.
    package let number: Int
    package let text: Substring
  }

  private let piece: [UInt8]
  /// How far a search moves on when the byte under the end of the piece is this one.
  private let moves: [Int]

  /// - Parameter text: What is looked for; not empty.
  package init(_ text: StaticString) {
    self.init(bytes: text.withUTF8Buffer { Array($0) })
  }

  package init(bytes: [UInt8]) {
    piece = bytes
    var moves = [Int](repeating: max(1, bytes.count), count: 256)
    for (index, byte) in bytes.dropLast().enumerated() {
      moves[Int(byte)] = bytes.count - 1 - index
    }
    self.moves = moves
  }

  /// Whether the text holds the piece.
  package func isIn(_ text: some StringProtocol) -> Bool {
    withBytes(of: text) { next(in: $0, from: 0) != nil }
  }

  /// What follows the piece, at each place where it stands: as many bytes as satisfy the condition.
  package func words(
    after text: some StringProtocol, while isPart: (UInt8) -> Bool
  ) -> [String] {
    withBytes(of: text) { bytes in
      var words: [String] = []
      var start = 0
      while let found = next(in: bytes, from: start) {
        let word = bytes[(found + piece.count)...].prefix(while: isPart)
        words.append(String(decoding: word, as: UTF8.self))
        start = word.endIndex
      }
      return words
    }
  }

  /// The lines that hold the piece, each once.
  package func lines(of text: String) -> [Line] {
    text.withBytes { bytes in
      var lines: [Line] = []
      var number = 1
      var counted = 0
      var start = 0
      while let found = next(in: bytes, from: start) {
        number += bytes[counted..<found].count { $0 == 0x0A }
        counted = found
        let first = (bytes[..<found].lastIndex(of: 0x0A) ?? -1) + 1
        let end = bytes[found...].firstIndex(of: 0x0A) ?? bytes.count
        let utf8 = text.utf8
        let from = utf8.index(utf8.startIndex, offsetBy: first)
        lines.append(
          Line(number: number, text: text[from..<utf8.index(from, offsetBy: end - first)]))
        start = end
      }
      return lines
    }
  }

  /// Where the piece stands next.
  private func next(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let last = piece.count - 1
    guard last >= 0 else { return nil }
    return piece.withUnsafeBufferPointer { piece in
      moves.withUnsafeBufferPointer { moves in
        var end = start + last
        while end < bytes.count {
          let byte = bytes[end]
          if byte == piece[last] {
            var index = 0
            while index < last, bytes[end - last + index] == piece[index] { index += 1 }
            if index == last { return end - last }
          }
          end += moves[Int(byte)]
        }
        return nil
      }
    }
  }

  private func withBytes<Result>(
    of text: some StringProtocol, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(text.utf8).withUnsafeBufferPointer(body)
  }
}
