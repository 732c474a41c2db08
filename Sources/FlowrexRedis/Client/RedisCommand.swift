package import NIOCore

/// One command: its words, none of which can end another.
package struct RedisCommand: Sendable, Hashable {
  private let words: [[UInt8]]

  package init(_ words: [[UInt8]]) { self.words = words }

  package init(_ words: String...) { self.words = words.map { Array($0.utf8) } }

  /// As Redis reads it: the number of words, then the length of each before it.
  package func write(to buffer: inout ByteBuffer) {
    buffer.writeString("*\(words.count)\r\n")
    for word in words {
      buffer.writeString("$\(word.count)\r\n")
      buffer.writeBytes(word)
      buffer.writeString("\r\n")
    }
  }
}
